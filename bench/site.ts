/** Pages and endpoints under load, over a small and a large catalogue, beside the bare SQL of the same readings. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import autocannon from 'autocannon';
import pg from 'pg';
import type { Browser } from 'playwright-core';
import { quantile } from '../analytics/summary.js';
import { openBrowser } from '../test/support/browser.js';
import { inScratch, type Scratch } from './scratch.js';
import { showTable } from './show-table.js';
import { measuredPaths } from './site-paths.js';
import type { ServedSite } from './site-process.js';

export interface SiteBenchOptions {
  sizes?: readonly { contents: number; days: number }[];
  seconds?: number;
}

interface SiteFigures {
  path: string;
  /** The first request, when nothing is kept yet. */
  firstMs: number;
  /** At a steady rate of requests. */
  p50Ms: number;
  p95Ms: number;
  /** As fast as they are answered. */
  requestsPerSecond: number;
  /** Median of what the reading’s own statement takes without any program around it. */
  bareSqlMs: number;
  gzippedKilobytes: number;
  /** Median first contentful paint of a page in Chromium; null for what is none. */
  firstPaintMs: number | null;
}

interface SiteBenchResult {
  load: { connections: number; requestsPerSecond: number; seconds: number };
  catalogues: { contents: number; days: number; paths: SiteFigures[] }[];
}

const lastDay = '2026-06-30';
const now = new Date(`${lastDay}T23:00:00Z`);
/** Many more than a small team's programs and people ask for together. */
const connections = 10;
const ratePerSecond = 50;
const contentsAStatement = 1_000;
const paints = 5;

export async function runSiteBench(options: SiteBenchOptions = {}): Promise<SiteBenchResult> {
  const {
    seconds = 5,
    sizes = [
      { contents: 100, days: 200 },
      { contents: 20_000, days: 200 },
    ],
  } = options;
  const browser = await openBrowser();
  try {
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
          const url = await startSite(scratch, { databaseUrl: connectionString, now: now.toISOString() });
          const measured: SiteFigures[] = [];
          for (const { path, sql } of measuredPaths) {
            const bareSqlMs = await medianSqlMs(pool, sql);
            measured.push({
              path,
              ...(await measure(url, path, { contents, seconds })),
              bareSqlMs,
              firstPaintMs: isPage(path) ? await firstPaintMs(browser, url + numbered(path, 1)) : null,
            });
          }
          showTable(`${String(contents)} contents × ${String(days)} days`, measured);
          return { contents, days, paths: measured };
        }),
      );
    return { load: { connections, requestsPerSecond: ratePerSecond, seconds }, catalogues };
  } finally {
    await browser.close();
  }
}

const isPage = (path: string): boolean => !path.startsWith('/a') || path.startsWith('/add-data');
const numbered = (path: string, id: number): string => path.replace('{id}', String(id));

async function measure(
  url: string,
  path: string,
  { contents, seconds }: { contents: number; seconds: number },
): Promise<Pick<SiteFigures, 'firstMs' | 'p50Ms' | 'p95Ms' | 'requestsPerSecond' | 'gzippedKilobytes'>> {
  const started = performance.now();
  const first = await fetch(url + numbered(path, 1), { headers: { accept: 'text/html,application/json' } });
  const body = Buffer.from(await first.arrayBuffer());
  const firstMs = performance.now() - started;
  if (first.status !== 200) throw new Error(`${path} was answered with ${String(first.status)}`);
  // Releases that nobody asked for yet, until all of them were.
  let asked = 1;
  const load = async (more: { overallRate?: number }): Promise<{ perSecond: number; ms: number[] }> => {
    const ms: number[] = [];
    const options: autocannon.Options = {
      url,
      connections,
      duration: seconds,
      headers: { 'accept-encoding': 'gzip', accept: 'text/html,application/json' },
      requests: [
        { setupRequest: (request) => ({ ...request, path: numbered(path, 1 + (asked++ % contents)) }) },
      ],
      ...more,
    };
    const { non2xx, errors, timeouts, requests } = await new Promise<autocannon.Result>((resolve, reject) => {
      const running = autocannon(options, (error: unknown, result) => {
        if (error === null || error === undefined) resolve(result);
        else reject(error instanceof Error ? error : new Error('The load could not be made'));
      });
      // Its own table of percentiles leaves 95 out.
      running.on('response', (_client, _status, _bytes, responseMs) => void ms.push(responseMs));
    });
    if (non2xx + errors + timeouts > 0)
      throw new Error(
        `${path}: ${String(non2xx)} refused, ${String(errors)} failed, ${String(timeouts)} late`,
      );
    return { perSecond: requests.average, ms };
  };
  // First as fast as it goes, which also warms the program up.
  const hurried = await load({});
  const steady = await load({ overallRate: ratePerSecond });
  return {
    firstMs: Math.round(firstMs),
    p50Ms: tenths(quantile(Float64Array.from(steady.ms), 0.5)),
    p95Ms: tenths(quantile(Float64Array.from(steady.ms), 0.95)),
    requestsPerSecond: Math.round(hurried.perSecond),
    gzippedKilobytes: Math.round(gzipSync(body).length / 102.4) / 10,
  };
}

async function medianSqlMs(pool: pg.Pool, sql: string): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < 5; i += 1) {
    const started = performance.now();
    await pool.query(sql, [lastDay]);
    times.push(performance.now() - started);
  }
  return tenths(quantile(Float64Array.from(times), 0.5));
}

async function firstPaintMs(browser: Browser, url: string): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < paints; i += 1) {
    const page = await browser.newPage();
    await page.goto(url, { waitUntil: 'load' });
    // Asked inside of the page, which may be painted a moment after it was loaded.
    const at = await page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          const seen = new PerformanceObserver((list) => {
            for (const entry of list.getEntriesByName('first-contentful-paint')) resolve(entry.startTime);
          });
          seen.observe({ type: 'paint', buffered: true });
        }),
    );
    times.push(at);
    await page.close();
  }
  return Math.round(quantile(Float64Array.from(times), 0.5));
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
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

/** Starts the site in a process of its own and returns its address. */
async function startSite(scratch: Scratch, served: ServedSite): Promise<string> {
  const child = fork(fileURLToPath(new URL('./site-process.ts', import.meta.url)), {
    execArgv: ['--import', 'tsx'],
  });
  scratch.atEnd(async () => {
    const ended = once(child, 'exit');
    if (child.exitCode === null && child.kill()) await ended;
  });
  const listening = once(child, 'message') as Promise<[{ url: string }]>;
  child.send(served);
  const ended = once(child, 'exit').then(() => Promise.reject(new Error('The site ended by itself')));
  ended.catch(() => undefined);
  const [{ url }] = await Promise.race([listening, ended]);
  return url;
}
