import { afterAll, beforeAll, expect, test } from 'vitest';
import { beginRun, failLostRuns, finishRun, getRun, outsideTemporal } from '../../../store/runs.js';
import { createTestDatabase, type TestDatabase } from '../../support/databases.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const at = (text: string): Date => new Date(text);

test('a run outside Temporal that went down with its process is closed, and no other', async () => {
  const { pool } = database;
  const begin = (workflowId: string, startedAt: string, temporalRunId = outsideTemporal): Promise<string> =>
    beginRun(pool, { kind: 'import', workflowId, temporalRunId, startedAt: at(startedAt) });
  const lost = await begin('upload/lost', '2026-01-06T10:00:00Z');
  const ended = await begin('upload/ended', '2026-01-06T10:00:00Z');
  await finishRun(pool, ended, {
    ...{ state: 'succeeded', counts: null, warnings: [], finishedAt: at('2026-01-06T10:01:00Z') },
  });
  const others = [
    await begin('upload/young', '2026-01-06T10:00:01Z'),
    await begin('upload-of-another-name', '2026-01-06T09:00:00Z'),
    await begin('upload/of-temporal', '2026-01-06T09:00:00Z', 'b'),
  ];
  const finishedAt = at('2026-01-07T10:00:00Z');
  const closing = { idPrefix: 'upload/', startedBefore: at('2026-01-06T10:00:00Z'), finishedAt };
  expect(await failLostRuns(pool, closing)).toBe(1);
  expect(await getRun(pool, lost)).toMatchObject({ state: 'failed', failureKind: 'internal', finishedAt });
  expect(await getRun(pool, ended)).toMatchObject({ state: 'succeeded' });
  for (const id of others) expect(await getRun(pool, id)).toMatchObject({ state: 'running' });
  expect(await failLostRuns(pool, closing)).toBe(0);
});
