import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import {
  AnalyticsConfig,
  DevelopmentConfig,
  getConfigForEnvironment,
  getPlatformConfig,
  loadConfiguration,
  ProductionConfig,
} from '../../../runtime/configuration.js';
import { ConfigurationError } from '../../../runtime/read-settings.js';

function problemsOf(read: () => unknown): ConfigurationError['problems'] {
  try {
    read();
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
  throw new Error('The configuration was accepted');
}

function fileWith(content: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'configuration-')), 'settings.json');
  writeFileSync(path, content);
  return path;
}

describe('the configuration', () => {
  it('has the defaults that callers rely on', () => {
    const config = getConfigForEnvironment('development', {});
    expect(config).toBeInstanceOf(DevelopmentConfig);
    expect(config).toMatchObject({
      CACHE_TTL_SECONDS: 300,
      MIN_DATA_POINTS_FOR_ANALYSIS: 10,
      CORRELATION_SIGNIFICANCE_THRESHOLD: 0.05,
      LOW_PERFORMANCE_THRESHOLD: 3,
      HIGH_PERFORMANCE_THRESHOLD: 7,
      ENGAGEMENT_DATA_RETENTION_DAYS: 365,
      DB_POOL_SIZE: 10,
      SLOW_QUERY_SECONDS: 5,
      ANALYSIS_BATCH_SIZE: 100,
      ANALYSIS_MEMORY_LIMIT_MIB: 1_000,
      DAILY_ANALYSIS_AT: '02:00',
      HTTP_PORT: 8_000,
      DATABASE_URL: null,
      TIDEMARK_ENV: 'development',
    });
  });

  it('lists every problem at once, each with its name, its origin and the mend', () => {
    const file = fileWith(
      '{"CACHE_TTL_SECONDS": -1, "NO_SUCH": 1, "platforms": {"youtube": {"update_frequency_minutes": 0}}}',
    );
    const problems = problemsOf(() =>
      getConfigForEnvironment('production', {
        TIDEMARK_CONFIG: file,
        DB_POOL_SIZE: 'ten',
        SCHEDULES_PAUSED: 'maybe',
        DATABASE_URL: 'mysql://root:hunter2hunter2@db/x',
        SPOTIFY_CLIENT_ID: 'id-alone',
        DAILY_ANALYSIS_TIME_ZONE: 'Mars/Olympus',
        TIDEMARK_CLOCK: 'yesterday',
      }),
    );
    expect(problems.map(({ name }) => name).sort()).toEqual([
      'CACHE_TTL_SECONDS',
      'DAILY_ANALYSIS_TIME_ZONE',
      'DATABASE_URL',
      'DB_POOL_SIZE',
      'NO_SUCH',
      'SCHEDULES_PAUSED',
      'SPOTIFY_CLIENT_ID',
      'TEMPORAL_ADDRESS',
      'TIDEMARK_CLOCK',
      'platforms.youtube.update_frequency_minutes',
    ]);
    expect(problems.find(({ name }) => name === 'CACHE_TTL_SECONDS')).toMatchObject({ origin: file });
    const { message } = new ConfigurationError(problems);
    expect(message).toContain('10 problems');
    expect(message).toContain(
      'DB_POOL_SIZE (environment): «ten» does not fit. Give a whole number from 1 to 500',
    );
    expect(message).not.toContain('hunter2');
  });

  it.each([
    ['yes', true],
    ['TRUE', true],
    ['1', true],
    ['false', false],
    ['off', false],
    ['0', false],
  ])('parses the boolean %s instead of coercing it', (text, expected) => {
    expect(new AnalyticsConfig({ SCHEDULES_PAUSED: text }).SCHEDULES_PAUSED).toBe(expected);
  });

  it.each(['', '  '])('takes an empty variable («%s») for one that is not set', (text) => {
    expect(new AnalyticsConfig({ DB_POOL_SIZE: text }).DB_POOL_SIZE).toBe(10);
  });

  it.each(['0x10', '1e2', '10.5', '10 ', 'NaN', 'Infinity'].filter((text) => text.trim() === text))(
    'refuses %s as a whole number',
    (text) => {
      expect(problemsOf(() => new AnalyticsConfig({ DB_POOL_SIZE: text }))).toHaveLength(1);
    },
  );

  it('puts the environment above the file, the file above the class, and a field above all', () => {
    class StudioConfig extends DevelopmentConfig {
      static override readonly overrides = {
        ...DevelopmentConfig.overrides,
        DB_POOL_SIZE: 21,
        LOAD_CHUNK_ROWS: 500,
        BACKFILL_CONCURRENCY: 9,
      };
      override readonly CACHE_TTL_SECONDS = 60;
    }
    const config = new StudioConfig({
      TIDEMARK_CONFIG: fileWith('{"DB_POOL_SIZE": 22, "LOAD_CHUNK_ROWS": 600, "CACHE_TTL_SECONDS": 1}'),
      DB_POOL_SIZE: '23',
    });
    expect(config).toMatchObject({
      DB_POOL_SIZE: 23,
      LOAD_CHUNK_ROWS: 600,
      BACKFILL_CONCURRENCY: 9,
      CACHE_TTL_SECONDS: 60,
    });
    expect(config.getPlatformConfig('youtube').cache_ttl_seconds).toBe(60);
    const origins = new Map(config.show().map(({ name, origin }) => [name, origin]));
    expect(origins.get('DB_POOL_SIZE')).toBe('environment');
    expect(origins.get('LOAD_CHUNK_ROWS')).toBe('file');
    expect(origins.get('BACKFILL_CONCURRENCY')).toBe('class');
    expect(origins.get('LOG_LEVEL')).toBe('default');
  });

  it('gives a platform its defaults, the general settings, and what is told for it alone', () => {
    const config = new AnalyticsConfig({
      TIDEMARK_CONFIG: fileWith(
        '{"platforms": {"youtube": {"update_frequency_minutes": 30, "retention_days": 30}}}',
      ),
      PLATFORM_SETTINGS: '{"youtube": {"update_frequency_minutes": 15}}',
      LOW_PERFORMANCE_THRESHOLD: '2.5',
    });
    expect(config.getPlatformConfig('youtube')).toMatchObject({
      update_frequency_minutes: 15,
      retention_days: 30,
      low_performance_threshold: 2.5,
    });
    expect(getPlatformConfig('spotify', config)).toMatchObject({
      update_frequency_minutes: 1_440,
      retention_days: 365,
    });
    for (const platform of ['youtube', 'tiktok', 'instagram', 'linkedin', 'twitter', 'spotify'] as const) {
      expect(config.getPlatformConfig(platform).benchmark_engagement_rate).toBeGreaterThan(0);
    }
  });

  it('refuses thresholds of a platform that contradict each other or the general one', () => {
    const problems = (told: object, more = {}): readonly string[] =>
      problemsOf(() => new AnalyticsConfig({ PLATFORM_SETTINGS: JSON.stringify(told), ...more })).map(
        ({ name }) => name,
      );
    expect(
      problems({
        youtube: { low_performance_threshold: 7 },
        spotify: { high_performance_threshold: 3 },
        tiktok: { low_performance_threshold: 8, high_performance_threshold: 8 },
      }),
    ).toEqual([
      'youtube.low_performance_threshold',
      'spotify.high_performance_threshold',
      'tiktok.low_performance_threshold',
    ]);
    const fitting = { tiktok: { low_performance_threshold: 8, high_performance_threshold: 9 } };
    const config = new AnalyticsConfig({ PLATFORM_SETTINGS: JSON.stringify(fitting) });
    expect(config.getPlatformConfig('tiktok')).toMatchObject(fitting.tiktok);
  });

  it('starts in production with addresses alone, and not without them', () => {
    const addresses = { DATABASE_URL: 'postgres://u@db/x', TEMPORAL_ADDRESS: 'temporal:7233' };
    expect(loadConfiguration({ ...addresses, TIDEMARK_ENV: 'production' })).toBeInstanceOf(ProductionConfig);
    const missing = problemsOf(() => loadConfiguration({ TIDEMARK_ENV: 'production' }));
    expect(missing.map(({ name }) => name)).toEqual(['DATABASE_URL', 'TEMPORAL_ADDRESS']);
  });

  it.each([
    ['no such file', '/nonexistent/settings.json'],
    ['no JSON', fileWith('{')],
    ['no object', fileWith('[1]')],
  ])('names a configuration file that is %s', (_what, path) => {
    expect(problemsOf(() => new AnalyticsConfig({ TIDEMARK_CONFIG: path }))).toMatchObject([
      { name: 'TIDEMARK_CONFIG', origin: path },
    ]);
  });

  it('keeps {at} in a base address and drops the slash at its end', () => {
    const config = new AnalyticsConfig({ YOUTUBE_ROOT_URL: 'http://127.0.0.1:9/at/{at}/google/' });
    expect(config.YOUTUBE_ROOT_URL).toBe('http://127.0.0.1:9/at/{at}/google');
    expect(problemsOf(() => new AnalyticsConfig({ YOUTUBE_ROOT_URL: 'ftp://x' }))).toHaveLength(1);
  });

  it('shows no secret, however it is printed', () => {
    const secrets = {
      DATABASE_URL: 'postgres://user:canary-password@db:5432/tidemark?sslmode=require',
      YOUTUBE_API_KEY: 'canary-api-key',
      SPOTIFY_CLIENT_ID: 'public-id',
      SPOTIFY_CLIENT_SECRET: 'canary-client-secret',
      TEMPORAL_API_KEY: 'canary-temporal-key',
    };
    const config = new AnalyticsConfig(secrets);
    const printed = [
      JSON.stringify(config),
      inspect(config, { depth: 9 }),
      String(config.YOUTUBE_API_KEY),
      JSON.stringify(config.show()),
    ].join('\n');
    expect(printed).not.toContain('canary');
    expect(config.YOUTUBE_API_KEY?.reveal()).toBe('canary-api-key');
    const shown = new Map(config.show().map(({ name, value }) => [name, value]));
    expect(shown.get('DATABASE_URL')).toBe('postgres://user:[redacted]@db:5432/tidemark?sslmode=require');
    expect(shown.get('SPOTIFY_CLIENT_ID')).toBe('public-id');
  });
});
