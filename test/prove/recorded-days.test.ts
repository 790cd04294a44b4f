/** Every recorded day, taken in one go and a day at a time: the tables end the same. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { addDays } from '../../analytics/calendar.js';
import { accountNames } from '../../cli/demo/seed.js';
import type { ImportFileResult } from '../../contracts/runs.js';
import { digestOf, startRecordedPipeline, type RecordedPipeline } from '../e2e/recorded-pipeline.js';
import { describeRecorded } from '../support/recorded-data.js';
import { writeEvidence } from './evidence.js';

/** Data lines of the daily-streams files, as the recordings' own description counts them. */
const streamLines = 310_007;

interface Ending {
  digest: string;
  seconds: number;
  runs: number;
  rows: Record<string, number>;
}

describeRecorded('all recorded days', (sharedData) => {
  const streams = path.join(sharedData, 'spotify/daily-streams/DailyStream');

  it('come out the same in one go and day by day', async () => {
    const atOnce = await ending(sharedData, async (pipeline) => {
      const days = [...pipeline.moments.keys()].sort();
      const progress = await pipeline.backfill({ from: days[0]!, to: addDays(days.at(-1)!, 1) });
      expect(progress).toMatchObject({ done: days.length, failed: 0, state: 'finished' });
      const { rows } = await importStreams(pipeline, streams);
      expect(rows).toBe(streamLines);
    });
    let days = 0;
    let files = 0;
    const byDay = await ending(sharedData, async (pipeline) => {
      for (const day of [...pipeline.moments.keys()].sort()) {
        const { coveredDays } = await pipeline.collectDay(day);
        expect(coveredDays).toBe(1);
        days += 1;
      }
      let taken = 0;
      for (const name of (await readdir(streams)).sort()) {
        taken += (await importStreams(pipeline, path.join(streams, name))).rows;
        files += 1;
      }
      expect(taken).toBe(streamLines);
      expect(await digestOf(pipeline)).toBe(atOnce.digest);
      await writeEvidence(pipeline.database.pool, {
        name: 'recorded-days',
        finding:
          `${days} recorded days of videos and ${files} of streams (${streamLines.toLocaleString('en')} lines): ` +
          'a backfill with one import, and a collection and an import a day, leave the same digest.',
        figures: { days, files, streamLines, ...atOnce },
      });
      // The digest tells databases apart at all: one like more in one row.
      await pipeline.database.pool.query(
        `update engagement_snapshots set likes = likes + 1
         where (content_id, recorded_at) in (select content_id, recorded_at from engagement_snapshots limit 1)`,
      );
      expect(await digestOf(pipeline)).not.toBe(atOnce.digest);
    });
    expect(byDay.rows).toEqual(atOnce.rows);
  });
});

/** Runs `work` in a pipeline of its own and tells how its tables ended. */
async function ending(
  sharedData: string,
  work: (pipeline: RecordedPipeline) => Promise<void>,
): Promise<Ending> {
  const pipeline = await startRecordedPipeline(sharedData);
  try {
    const started = performance.now();
    await work(pipeline);
    const seconds = Math.round((performance.now() - started) / 1_000);
    const { pool } = pipeline.database;
    const count = async (table: string): Promise<number> => {
      const { rows } = await pool.query<{ count: number }>(`select count(*)::int as count from ${table}`);
      return rows[0]!.count;
    };
    return {
      digest: await digestOf(pipeline),
      seconds,
      runs: await count('runs'),
      rows: {
        snapshots: await count('engagement_snapshots'),
        days: await count('content_performance_history'),
        availability: await count('content_availability'),
        coverage: await count('coverage'),
      },
    };
  } finally {
    await pipeline.close();
  }
}

async function importStreams(
  { starter, temporal }: RecordedPipeline,
  from: string,
): Promise<ImportFileResult> {
  const { workflowId, runId } = await starter.importFile({
    path: from,
    format: 'daily-streams',
    account: accountNames.recorded,
    analyze: false,
  });
  return (await temporal.client.workflow.getHandle(workflowId, runId).result()) as ImportFileResult;
}
