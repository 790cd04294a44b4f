import type { Pool } from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addDays, dayBounds } from '../../../analytics/calendar.js';
import type { TrendAnalysis, TrendPrediction } from '../../../contracts/models.js';
import { defaultAnalysisSettings } from '../../../services/analysis-settings.js';
import type { AnalysisDeps } from '../../../services/analysis-step.js';
import { createAnalysisThreads } from '../../../services/analysis-threads.js';
import { PerformanceAnalyticsManager } from '../../../services/performance-analytics-manager.js';
import { readEarlierReleases } from '../../../services/earlier-releases.js';
import { forecastTrends } from '../../../services/forecast-trends.js';
import { addArtist } from '../../../store/artists.js';
import { upsertDescriptions } from '../../../store/contents.js';
import { addRelease, linkContent } from '../../../store/releases.js';
import { beginRun } from '../../../store/runs.js';
import { addMetricDefinitions } from '../../../store/metric-definitions.js';
import { readDailySeries } from '../../../store/series.js';
import { createTestDatabase, type TestDatabase } from '../../support/databases.js';

const today = '2026-06-30';
const seasoned = 'North Pier';
const newcomer = 'South Pier';
const week = [1.3, 0.8, 0.8, 0.9, 1.1, 1.4, 1.2];
const youngAge = 20;
/** Too few for a trend. */
const newbornAge = 4;

/** Launch decay × week, at a level of each release's own, with a ripple that repeats nowhere. */
function streamsAt(level: number, publishedOn: string, age: number): number {
  const weekday = (new Date(`${addDays(publishedOn, age)}T00:00:00Z`).getUTCDay() + 6) % 7;
  const ripple = 1 + 0.05 * Math.sin(age * age + level);
  return Math.round(level * ((1 + age) ** -0.8 + 0.02) * week[weekday]! * ripple);
}

interface Track {
  key: string;
  artist: string;
  level: number;
  age: number;
  format: string;
}

const tracks: Track[] = [
  ...[300, 250, 200, 150, 100].map((age, i): Track => ({
    ...{ key: `old-${i}`, artist: seasoned, level: 4_000 * (i + 1), age, format: 'single' },
  })),
  // Close in time, and yet nothing to learn from: another format, and too young to have seen what comes.
  { key: 'long', artist: seasoned, level: 900, age: 90, format: 'album' },
  { key: 'twin', artist: seasoned, level: 5_000, age: youngAge + 3, format: 'single' },
  { key: 'young', artist: seasoned, level: 30_000, age: youngAge, format: 'single' },
  { key: 'newborn', artist: seasoned, level: 12_000, age: newbornAge, format: 'single' },
  { key: 'first', artist: newcomer, level: 6_000, age: youngAge, format: 'single' },
];

async function addTracks(pool: Pool): Promise<void> {
  const artists = new Map<string, number>();
  for (const name of [seasoned, newcomer]) artists.set(name, (await addArtist(pool, name)).id);
  for (const { key, artist, level, age, format } of tracks) {
    const publishedOn = addDays(today, -age);
    await upsertDescriptions(
      pool,
      [
        {
          ...{ platform: 'spotify', externalId: key, kind: 'track', title: key, description: null },
          ...{ publishedAt: new Date(`${publishedOn}T00:00:00Z`), durationSeconds: null, tags: null },
          ...{ language: null, format: null, isrc: null, attributes: {} },
        },
      ],
      null,
    );
    const { id } = await addRelease(pool, {
      ...{ artistId: artists.get(artist)!, title: key, state: 'approved', format },
      ...{ releasedOn: publishedOn, language: 'en', tags: [], attributes: {} },
    });
    await linkContent(pool, `spotify:${key}`, id);
    const ages = Array.from({ length: age }, (_, i) => i);
    await pool.query(
      `insert into content_performance_history (content_id, day, basis, streams, final)
       select c.id, d.day, 3, d.daily, true
       from unnest($2::date[], $3::float8[]) as d (day, daily)
       join contents c on c.content_key = $1`,
      [
        `spotify:${key}`,
        ages.map((i) => addDays(publishedOn, i)),
        ages.map((i) => streamsAt(level, publishedOn, i)),
      ],
    );
  }
}

let database: TestDatabase;
let deps: AnalysisDeps;
interface Stored {
  backtest: Record<string, unknown>;
  analysis: TrendAnalysis;
  /** Null where the analysis holds them. */
  predictions: TrendPrediction[] | null;
}
let stored: Map<string, Stored>;

beforeAll(async () => {
  database = await createTestDatabase();
  const { pool } = database;
  await addTracks(pool);
  const now = dayBounds(today, 'UTC').start;
  deps = {
    ...{ pool, clock: { now: () => now }, logger: pino({ level: 'silent' }) },
    ...{ settings: defaultAnalysisSettings, threads: createAnalysisThreads(1) },
  };
  const runId = await beginRun(pool, {
    ...{ kind: 'analyze', workflowId: 'analyze/young', temporalRunId: '1', startedAt: now },
  });
  await forecastTrends(deps, {
    ...{ runId, scope: { kind: 'all' }, signal: new AbortController().signal },
    onProgress: () => undefined,
  });
  const { rows } = await pool.query<Stored & { key: string }>(
    `select c.external_id as key, t.backtest, t.analysis, t.predictions
     from trend_analysis_results t join contents c on c.id = t.content_id
     where t.metric = 'streams'`,
  );
  stored = new Map(rows.map(({ key, ...row }) => [key, row]));
});
afterAll(async () => {
  await deps.threads.close();
  await database.drop();
});

describe('the forecast of a young release', () => {
  it('borrows the shape of the same artist, platform and format at equal age', () => {
    const { backtest, analysis } = stored.get('young')!;
    expect(backtest).toMatchObject({
      method: 'launch_shape',
      n: youngAge,
      origins: 5,
      parameters: { h: 30, launch: { age: youngAge, releases: 5 } },
    });
    const publishedOn = addDays(today, -youngAge);
    expect(analysis.predictions[0]!.timestamp).toBe(today);
    analysis.predictions.forEach(({ value, lower_95, upper_95 }, k) => {
      const truth = streamsAt(30_000, publishedOn, youngAge + k);
      expect(Math.abs(value / truth - 1)).toBeLessThan(0.2);
      expect(lower_95).toBeLessThanOrEqual(truth * 1.05);
      expect(upper_95).toBeGreaterThanOrEqual(truth * 0.95);
    });
  });

  it('is there before the days are enough for a trend, in the table and in the library', async () => {
    const { backtest, analysis, predictions } = stored.get('newborn')!;
    expect(analysis).toBeNull();
    expect(backtest).toMatchObject({ method: 'launch_shape', n: newbornAge });
    expect(predictions).toHaveLength(30);
    expect(stored.get('young')!.predictions).toBeNull();
    const { trendAnalyzer } = new PerformanceAnalyticsManager(database.pool, { clock: deps.clock });
    expect(await trendAnalyzer.analyzeTrend('spotify:newborn', 'streams')).toBeNull();
    const explained = await trendAnalyzer.explainTrend('spotify:newborn', 'streams');
    expect(explained).toMatchObject({ analysis: null, reason: 'needs 6 more days' });
    expect(explained.predictions).toEqual(predictions);
  });

  it('stands on its own days where the artist has too few earlier releases, and says so', () => {
    expect(stored.get('first')!.backtest).toMatchObject({
      launch_shape_withheld: 'needs 3 more earlier releases seen past the age of 20 days',
    });
    expect(stored.get('first')!.backtest['method']).not.toBe('launch_shape');
    expect(stored.get('first')!.analysis.predictions).toHaveLength(30);
  });

  it('borrows nothing once the release is no longer young', () => {
    for (const key of ['old-0', 'old-4', 'long']) {
      expect(stored.get(key)!.backtest['method']).not.toBe('launch_shape');
      expect(stored.get(key)!.backtest).not.toHaveProperty('launch_shape_withheld');
    }
  });

  it('reads the launches in order, from publication on, up to where the definition changed', async () => {
    const { pool } = database;
    const ids = await pool.query<{ id: number }>(
      `select id from contents where content_key = 'spotify:young'`,
    );
    const contents = await readDailySeries(pool, [ids.rows[0]!.id], ['streams']);
    const read = async (): Promise<number[]> => {
      const [releases] = (await readEarlierReleases(pool, contents, ['streams'], 30)).values();
      return releases!.get('streams')!.map(({ values, ageAtStart }) => values.length + ageAtStart);
    };
    expect(await read()).toEqual([90, 90, 90, 90, 90]);
    await addMetricDefinitions(pool, [
      {
        ...{ platform: 'spotify', metric: 'streams', validFrom: addDays(today, -70) },
        ...{ definition: 'counted anew', breaksSeries: true },
      },
    ]);
    expect(await read()).toEqual([90, 90, 90, 80, 30]);
    await addMetricDefinitions(pool, [
      {
        ...{ platform: 'spotify', metric: 'streams', validFrom: addDays(today, -60) },
        ...{ definition: 'counted thrice', breaksSeries: true, comparable: true },
      },
    ]);
    const [series] = await readDailySeries(pool, [ids.rows[0]!.id], ['streams']);
    expect(series!.breaks.get('streams')).toEqual([addDays(today, -70), addDays(today, -60)]);
    expect(series!.bridges.get('streams')).toEqual([addDays(today, -60)]);
  });
});
