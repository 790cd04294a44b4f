/** Pages and endpoints under load, over a small and a large catalogue, beside the bare SQL of the same readings. */
import { gzipSync } from 'node:zlib';
import autocannon from 'autocannon';
import pg from 'pg';
import { pino } from 'pino';
import { DevelopmentConfig } from '../runtime/configuration.js';
import { UnreachableError } from '../runtime/errors.js';
import { createApp } from '../server/app.js';
import type { ServerDependencies } from '../server/dependencies.js';
import { createScopedServices } from '../server/scoped-services.js';
import { analysisSettingsOf } from '../services/analysis-settings.js';
import { inScratch } from './scratch.js';

export interface SiteBenchOptions {
  sizes?: readonly { contents: number; days: number }[];
  seconds?: number;
}

interface SiteFigures {
  path: string;
  status: number;
  /** The first request, when nothing is kept yet. */
  firstMs: number;
  p50Ms: number;
  p95Ms: number;
  requestsPerSecond: number;
  gzippedKilobytes: number;
}

interface SiteBenchResult {
  connections: number;
  catalogues: {
    contents: number;
    days: number;
    /** Medians of the readings' own statements, without any program around them. */
    bareSql: { overviewMs: number; seriesMs: number };
    paths: SiteFigures[];
  }[];
}

const lastDay = '2026-06-30';
const now = new Date(`${lastDay}T23:00:00Z`);
const connections = 10;
const contentsAStatement = 1_000;

const paths = [
  '/',
  '/releases',
  '/releases/1?range=90d',
  '/trending',
  '/stock-sources',
  '/insights',
  '/runs',
  '/add-data',
  '/api/v1/releases/1/series?metric=views&from=2026-04-01&to=2026-07-01',
  '/analytics/dashboard/overview?timeframe=30d',
  '/analytics/realtime/metrics/youtube:1',
  '/api/v1/stock-sources?top_n=3',
];

const overviewSql = `select d.day, sum(d.views), sum(d.likes), sum(d.comments)
  from content_performance_history d where d.day > $1::date - 30 and d.day <= $1::date group by d.day`;
const seriesSql = `select d.day, d.views from content_performance_history d
  where d.content_id = 1 and d.day > $1::date - 90 and d.day <= $1::date order by d.day`;

export async function runSiteBench(options: SiteBenchOptions = {}): Promise<SiteBenchResult> {
  const {
    seconds = 4,
    sizes = [
      { contents: 100, days: 200 },
      { contents: 20_000, days: 200 },
    ],
  } = options;
  const catalogues: SiteBenchResult['catalogues'] = [];
  for (const { contents, days } of sizes)
    catalogues.push(
      await inScratch(async (scratch) => {
        const connectionString = await scratch.startDatabase();
        const pool = new pg.Pool({ connectionString, max: 10 });
        // A connection that breaks while it is idle is told by the next statement.
        pool.on('error', () => undefined);
        scratch.atEnd(() => pool.end());
        await fill(pool, contents, days);
        const app = await createApp(dependencies(pool));
        scratch.atEnd(() => app.close());
        const url = await app.listen({ host: '127.0.0.1', port: 0 });
        const bareSql = {
          overviewMs: await medianMs(pool, overviewSql),
          seriesMs: await medianMs(pool, seriesSql),
        };
        const measured: SiteFigures[] = [];
        for (const path of paths) measured.push(await measure(url, path, seconds));
        return { contents, days, bareSql, paths: measured };
      }),
    );
  return { connections, catalogues };
}

async function measure(url: string, path: string, seconds: number): Promise<SiteFigures> {
  const started = performance.now();
  const first = await fetch(`${url}${path}`, { headers: { accept: 'text/html,application/json' } });
  const body = Buffer.from(await first.arrayBuffer());
  const firstMs = performance.now() - started;
  const { latency, requests } = await autocannon({
    url: `${url}${path}`,
    connections,
    duration: seconds,
    headers: { 'accept-encoding': 'gzip' },
  });
  return {
    path,
    status: first.status,
    firstMs: Math.round(firstMs),
    p50Ms: latency.p50,
    // The library tells 90 and 97.5; the stricter one stands for 95.
    p95Ms: latency.p97_5,
    requestsPerSecond: Math.round(requests.average),
    gzippedKilobytes: Math.round(gzipSync(body).length / 102.4) / 10,
  };
}

async function medianMs(pool: pg.Pool, sql: string): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < 9; i += 1) {
    const started = performance.now();
    await pool.query(sql, [lastDay]);
    times.push(performance.now() - started);
  }
  return Math.round(times.sort((a, b) => a - b)[4]! * 10) / 10;
}

/** A release a content, of one artist. */
async function fill(pool: pg.Pool, contents: number, days: number): Promise<void> {
  await pool.query(`insert into artists (name) values ('Bench')`);
  await pool.query(
    `insert into releases (artist_id, title, state, format, released_on)
     select 1, 'Release ' || n, 'approved', 'music_video', $2::date - (n % 300) from generate_series(1, $1::int) n`,
    [contents, lastDay],
  );
  // Each content of a release takes a lock until its statement ends.
  for (let first = 1; first <= contents; first += contentsAStatement)
    await pool.query(
      `insert into contents (content_key, platform, external_id, title, release_id, published_at)
       select 'youtube:' || r.id, 'youtube', r.id::text, r.title, r.id, r.released_on
       from releases r where r.id >= $1 and r.id < $1 + $2 order by r.id`,
      [first, contentsAStatement],
    );
  await pool.query(
    `insert into content_performance_history (content_id, day, basis, final, views, likes, comments, views_close,
       likes_close, comments_close)
     select c.id, $1::date - d, 2, true, 1000 + d, 50 + d % 7, d % 5, 1000 * (400 - d), 50 * (400 - d), 400 - d
     from contents c cross join generate_series(0, $2::int - 1) d order by c.id, d desc`,
    [lastDay, days],
  );
  await pool.query(
    `insert into engagement_snapshots (content_id, recorded_at, source, views, likes)
     select c.id, $1::timestamptz, 2, 400000, 20000 from contents c`,
    [now],
  );
  await pool.query(
    `insert into stock_clip_usages (source_name, clip_id, release_id, used_at)
     select 'source-' || (r.id % 12), 'clip-' || r.id, r.id, $1::timestamptz from releases r where r.id <= 2000`,
    [now],
  );
  await pool.query('vacuum analyze');
  await pool.query('select refresh_rollups($1)', [now]);
}

function dependencies(pool: pg.Pool): ServerDependencies {
  const configuration = new DevelopmentConfig({ HTTP_RATE_LIMIT_PER_MINUTE: '0' });
  const clock = { now: (): Date => now };
  const logger = pino({ level: 'silent' });
  return {
    configuration,
    clock,
    logger,
    ui: { uiUrl: 'http://localhost:8233', namespace: 'default' },
    ...createScopedServices({
      pool,
      clock,
      logger,
      settings: analysisSettingsOf(configuration),
      cacheTtlSeconds: configuration.CACHE_TTL_SECONDS,
    }),
    // Nothing is loaded through the site here.
    upkeepPool: pool,
    operations: () =>
      Promise.reject(new UnreachableError('Temporal', 'nowhere', 'none runs in this bench', 'Start one.')),
    demo: null,
  };
}
