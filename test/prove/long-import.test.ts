/** A file of any length is imported in the same little memory. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { measureInProcess } from '../../bench/measured-process.js';
import { createTestDatabase, type TestDatabase } from '../support/databases.js';
import { writeEvidence } from './evidence.js';
import type { ImportMeasurement, ImportOrder } from './import-process.js';
import { writeLongFile } from './long-file.js';

/** `PROVE_IMPORT_LINES=100000000` makes it the file of 5 GB. */
const wanted = Number(process.env['PROVE_IMPORT_LINES'] ?? 10_000_000);
const limitMiB = 300;
/** What memory may rise from the second tenth of the file to the last. */
const creepMiB = 60;

describe('a very long CSV', () => {
  let database: TestDatabase;
  let directory: string;
  beforeAll(async () => {
    database = await createTestDatabase();
    directory = await mkdtemp(path.join(tmpdir(), 'tidemark-long-'));
  });
  afterAll(async () => {
    await rm(directory, { recursive: true, force: true });
    await database.drop();
  });

  it(`is imported within ${limitMiB} MiB, however long it is`, async () => {
    const file = path.join(directory, 'long.csv');
    const { sumOfViews, ...told } = await writeLongFile(file, wanted);
    const order: ImportOrder = { databaseUrl: database.url, path: file, lines: told.lines };
    const { result, peakRssMiB } = await measureInProcess<ImportMeasurement>(
      new URL('./import-process.ts', import.meta.url),
      order,
    );
    const { rows, counts, seconds, rssMiBAtTenths } = result;
    expect(rows).toBe(told.lines);
    expect(counts).toMatchObject({ inserted: told.snapshots, updated: 0, quarantined: told.poisoned });
    const { rows: stored } = await database.pool.query<{ snapshots: number; views: number }>(
      'select count(*)::int as snapshots, sum(views) as views from engagement_snapshots',
    );
    expect(stored[0]).toEqual({ snapshots: told.snapshots, views: sumOfViews });
    const linesPerSecond = Math.round(told.lines / seconds);
    const gigabytes = (told.bytes / 1e9).toFixed(2);
    await writeEvidence(database.pool, {
      name: 'long-import',
      finding:
        `${told.lines.toLocaleString('en')} lines (${gigabytes} GB) imported in ${Math.round(seconds)} s ` +
        `(${linesPerSecond.toLocaleString('en')} lines/s, days and revisions included); the importing ` +
        `process never held more than ${peakRssMiB} MiB.`,
      figures: { ...told, seconds: Math.round(seconds), linesPerSecond, peakRssMiB, rssMiBAtTenths, counts },
    });
    expect(peakRssMiB).toBeLessThan(limitMiB);
    expect(rssMiBAtTenths).toHaveLength(10);
    expect(Math.max(...rssMiBAtTenths) - rssMiBAtTenths[1]!).toBeLessThan(creepMiB);
  });
});
