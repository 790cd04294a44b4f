/** The importing process of the long import. */
import pg from 'pg';
import { serveMeasurement } from '../../bench/measured-process.js';
import type { ImportFileResult } from '../../contracts/runs.js';
import { importFile } from '../../services/import-file.js';
import { beginRun } from '../../store/runs.js';

export interface ImportOrder {
  databaseUrl: string;
  path: string;
  /** Data lines of the file. */
  lines: number;
}

export interface ImportMeasurement extends ImportFileResult {
  seconds: number;
  /** Resident memory after each tenth of the lines. */
  rssMiBAtTenths: number[];
}

serveMeasurement(async ({ databaseUrl, path, lines }: ImportOrder): Promise<ImportMeasurement> => {
  const pool = new pg.Pool({ connectionString: databaseUrl });
  const rssMiBAtTenths: number[] = [];
  try {
    const started = performance.now();
    const now = new Date();
    const id = await beginRun(pool, {
      kind: 'import',
      workflowId: 'import/long',
      temporalRunId: '1',
      startedAt: now,
    });
    const result = await importFile(pool, {
      path,
      format: 'long-csv',
      accountId: null,
      run: { id, now },
      onProgress: ({ rows }) => {
        while (rows >= ((rssMiBAtTenths.length + 1) * lines) / 10)
          rssMiBAtTenths.push(Math.round(process.memoryUsage.rss() / 2 ** 20));
      },
    });
    return { ...result, seconds: (performance.now() - started) / 1_000, rssMiBAtTenths };
  } finally {
    await pool.end();
  }
});
