/** Exports of a series of many rows in each format, beside a bare COPY of the same rows to the client. */
import { join } from 'node:path';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { exportFormats, type ExportFormat } from '../contracts/exports.js';
import type { ExportMeasurement, ExportTiming } from './export-process.js';
import { measureInProcess } from './measured-process.js';
import { inScratch } from './scratch.js';

export interface ExportsBenchOptions {
  /** Contents times days are the rows; 5,000 × 200 unless told. */
  contents?: number;
  days?: number;
}

export interface ExportsBenchResult {
  rows: number;
  /** `copy (select …) to stdout (format csv)` of the facts that the export is made of. */
  bareCopy: { rowsPerSecond: number };
  /** An empty export, whose memory is that of the program itself. */
  nothing: { peakRssMiB: number };
  formats: {
    format: ExportFormat;
    rowsPerSecond: number;
    megabytes: number;
    clientCpuSeconds: number;
    peakRssMiB: number;
  }[];
}

const lastDay = '2026-06-30';
const now = `${lastDay}T23:00:00Z`;

export async function runExportsBench(options: ExportsBenchOptions = {}): Promise<ExportsBenchResult> {
  const { contents = 5_000, days = 200 } = options;
  return inScratch(async (scratch) => {
    const databaseUrl = await scratch.startDatabase();
    const pool = new pg.Pool({ connectionString: databaseUrl, max: 1 });
    // A connection that breaks while it is idle is told by the next statement.
    pool.on('error', () => undefined);
    scratch.atEnd(() => pool.end());
    const measure = (format: ExportFormat): ReturnType<typeof measureInProcess<ExportTiming>> =>
      measureInProcess<ExportTiming>(new URL('./export-process.ts', import.meta.url), {
        ...{ databaseUrl, format, now },
        file: join(scratch.directory, `series.${format}`),
      } satisfies ExportMeasurement);
    const nothing = await measure('csv');
    await fill(pool, contents, days);
    const rows = contents * days;
    const bareCopy = { rowsPerSecond: Math.round(rows / ((await copyMs(pool)) / 1_000)) };
    const formats: ExportsBenchResult['formats'] = [];
    for (const format of exportFormats) {
      const { result, peakRssMiB } = await measure(format);
      if (result.rows !== rows)
        throw new Error(`${String(result.rows)} rows were exported, not ${String(rows)}`);
      formats.push({
        format,
        rowsPerSecond: Math.round(rows / (result.ms / 1_000)),
        megabytes: Math.round(result.bytes / 1e6),
        clientCpuSeconds: Math.round(result.clientCpuSeconds * 10) / 10,
        peakRssMiB,
      });
    }
    return { rows, bareCopy, nothing: { peakRssMiB: nothing.peakRssMiB }, formats };
  });
}

async function fill(pool: pg.Pool, contents: number, days: number): Promise<void> {
  await pool.query(
    `insert into contents (content_key, platform, title)
     select 'youtube:' || n, 'youtube', 'Clip ' || n from generate_series(1, $1::int) n`,
    [contents],
  );
  await pool.query(
    `insert into content_performance_history (content_id, day, basis, final, views, likes, comments, views_close,
       likes_close, comments_close)
     select c.id, $1::date - d, 2, true, 1000 + d, 50 + d % 7, d % 5, 1000 * (400 - d), 50 * (400 - d), 400 - d
     from contents c cross join generate_series(0, $2::int - 1) d order by c.id, d desc`,
    [lastDay, days],
  );
  await pool.query('vacuum analyze');
}

async function copyMs(pool: pg.Pool): Promise<number> {
  const client = await pool.connect();
  try {
    const started = performance.now();
    const copied = client.query(
      copyTo('copy (select * from content_performance_history) to stdout (format csv)'),
    );
    for await (const chunk of copied) if ((chunk as Buffer).length === 0) break;
    return performance.now() - started;
  } finally {
    client.release();
  }
}
