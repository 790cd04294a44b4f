/** The exporting process of the exports bench. */
import pg from 'pg';
import type { ExportFormat } from '../contracts/exports.js';
import { streamDataset } from '../services/exports/stream-dataset.js';
import { writeWholeFile } from '../services/exports/write-whole-file.js';
import { serveMeasurement } from './measured-process.js';

export interface ExportMeasurement {
  databaseUrl: string;
  file: string;
  format: ExportFormat;
  /** RFC 3339; where the year that is exported ends. */
  now: string;
}

export interface ExportTiming {
  ms: number;
  rows: number;
  bytes: number;
  clientCpuSeconds: number;
}

serveMeasurement(async ({ databaseUrl, file, format, now }: ExportMeasurement): Promise<ExportTiming> => {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 1 });
  try {
    await pool.query('select 1');
    const before = process.cpuUsage();
    const started = performance.now();
    const stream = await streamDataset(
      pool,
      {
        ...{ dataset: 'series', format, timeframe: '1y', includeMetadata: true },
        ...{ platforms: null, contentIds: null },
      },
      { now: new Date(now) },
    );
    const bytes = await writeWholeFile(file, stream);
    const ms = performance.now() - started;
    const { user, system } = process.cpuUsage(before);
    return { ms, rows: stream.rows(), bytes, clientCpuSeconds: (user + system) / 1e6 };
  } finally {
    await pool.end();
  }
});
