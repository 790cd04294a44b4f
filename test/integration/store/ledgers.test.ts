import { afterAll, beforeAll, expect, test } from 'vitest';
import { upsertAccount } from '../../../store/accounts.js';
import { availabilityOf } from '../../../store/availability.js';
import { coverageOf, markFailed } from '../../../store/coverage.js';
import { listQuarantined, quarantineRows } from '../../../store/quarantine.js';
import { markExhausted, quotaUsage, reserveQuota } from '../../../store/quota.js';
import { beginRun, failRun, finishRun, getRun, listRuns } from '../../../store/runs.js';
import { listScheduleMarks, markSchedule } from '../../../store/schedules.js';
import { createTestDatabase, type TestDatabase } from '../../support/databases.js';

let database: TestDatabase;
let accountId: number;
beforeAll(async () => {
  database = await createTestDatabase();
  accountId = (await upsertAccount(database.pool, { platform: 'youtube', name: 'main' })).id;
});
afterAll(() => database.drop());

const at = (text: string): Date => new Date(text);

test('a run is opened once however often it is asked, and closed with its counts', async () => {
  const opening = {
    kind: 'collect',
    workflowId: 'collect/youtube/main/2026-01-05',
    temporalRunId: 'a',
    startedAt: at('2026-01-06T02:00:00Z'),
    platform: 'youtube',
    accountId,
    report: 'counters',
    windowFrom: '2026-01-05',
    windowTo: '2026-01-06',
  } as const;
  const ids = await Promise.all([1, 2, 3].map(() => beginRun(database.pool, opening)));
  expect(new Set(ids).size).toBe(1);
  const id = ids[0]!;
  expect(await getRun(database.pool, id)).toMatchObject({
    ...opening,
    id,
    account: 'main',
    state: 'running',
    finishedAt: null,
  });
  const counts = { inserted: 3, updated: 1, unchanged: 0, stale: 0, quarantined: 0 };
  await finishRun(database.pool, id, {
    state: 'partial',
    counts,
    warnings: ['clock is off'],
    finishedAt: at('2026-01-06T02:01:00Z'),
  });
  expect(await getRun(database.pool, id)).toMatchObject({
    state: 'partial',
    counts,
    warnings: ['clock is off'],
  });
});

test('a run that fails says why; the ledger is listed newest first, page by page', async () => {
  const begin = (n: number): Promise<string> =>
    beginRun(database.pool, {
      kind: 'import',
      workflowId: `import/${n}`,
      temporalRunId: 'a',
      startedAt: at('2026-02-01T00:00:00Z'),
    });
  const [first, second, third] = [await begin(1), await begin(2), await begin(3)];
  await failRun(database.pool, second, {
    kind: 'quota',
    message: 'nothing left',
    finishedAt: at('2026-02-02Z'),
  });
  expect(await getRun(database.pool, second)).toMatchObject({
    state: 'failed',
    failureKind: 'quota',
    failureMessage: 'nothing left',
  });
  const page = await listRuns(database.pool, { kind: 'import', limit: 2 });
  expect(page.map(({ id }) => id)).toEqual([third, second]);
  const rest = await listRuns(database.pool, { kind: 'import', beforeId: page.at(-1)!.id });
  expect(rest.map(({ id }) => id)).toEqual([first]);
  expect((await listRuns(database.pool, { state: 'failed' })).map(({ id }) => id)).toEqual([second]);
  for (const id of ['424242', 'no number', '99999999999999999999']) {
    await expect(getRun(database.pool, id)).rejects.toMatchObject({ code: 'notFound' });
  }
  await expect(
    failRun(database.pool, '424242', { kind: 'x', message: 'x', finishedAt: new Date() }),
  ).rejects.toMatchObject({ code: 'notFound' });
});

test('a failed attempt counts up, and does not take back a day whose rows stand', async () => {
  await database.pool.query(
    `insert into coverage (account_id, report, day, state, attempts, rows, run_id)
     values ($1, 'daily', '2026-01-02', 'final', 1, 5, 7), ($1, 'daily', '2026-01-03', 'missing', 0, 0, null)`,
    [accountId],
  );
  const failure = {
    accountId,
    report: 'daily',
    days: ['2026-01-03', '2026-01-02', '2026-01-01', '2026-01-01'],
    failureKind: 'transient',
    failureMessage: 'bad gateway',
    runId: '8',
    at: at('2026-01-09Z'),
  } as const;
  await markFailed(database.pool, failure);
  await markFailed(database.pool, { ...failure, days: ['2026-01-01'] });
  const told = await coverageOf(database.pool, accountId, 'daily', '2026-01-01', '2026-01-04');
  expect(
    told.map(({ day, state, attempts, rows, runId, failureKind }) => [
      day,
      state,
      attempts,
      rows,
      runId,
      failureKind,
    ]),
  ).toEqual([
    ['2026-01-01', 'failed', 2, 0, '8', 'transient'],
    ['2026-01-02', 'final', 2, 5, '7', 'transient'],
    ['2026-01-03', 'failed', 1, 0, '8', 'transient'],
  ]);
  expect(await coverageOf(database.pool, accountId, 'daily', '2026-01-01', '2026-01-02')).toHaveLength(1);
  expect(await coverageOf(database.pool, accountId, 'counters', '2026-01-01', '2026-01-04')).toEqual([]);
});

test('reservations side by side never exceed the limit together', async () => {
  const request = {
    project: 'p',
    bucket: 'units',
    units: 7,
    limit: 100,
    quotaDay: '2026-01-05',
    now: at('2026-01-05T20:00Z'),
  };
  const answers = await Promise.all(Array.from({ length: 40 }, () => reserveQuota(database.pool, request)));
  expect(answers.filter(({ granted }) => granted)).toHaveLength(14);
  expect(await quotaUsage(database.pool, '2026-01-05')).toEqual([
    { project: 'p', bucket: 'units', quotaDay: '2026-01-05', reserved: 98, limit: 100, exhaustedUntil: null },
  ]);
  expect(await reserveQuota(database.pool, { ...request, units: 2 })).toMatchObject({
    granted: true,
    reserved: 100,
  });
  expect(await reserveQuota(database.pool, { ...request, units: 1 })).toMatchObject({
    granted: false,
    reserved: 100,
  });
  expect(await reserveQuota(database.pool, { ...request, quotaDay: '2026-01-06' })).toMatchObject({
    granted: true,
  });
  for (const units of [0, -1, 1.5, Number.NaN]) {
    await expect(reserveQuota(database.pool, { ...request, units })).rejects.toMatchObject({
      code: 'rejected',
    });
  }
});

test('a backfill leaves the share that is kept for the schedules', async () => {
  const request = {
    project: 'p',
    bucket: 'kept',
    units: 60,
    limit: 100,
    quotaDay: '2026-01-05',
    now: new Date(),
  };
  expect(await reserveQuota(database.pool, { ...request, units: 81, keptShare: 0.2 })).toMatchObject({
    granted: false,
  });
  expect(await reserveQuota(database.pool, { ...request, keptShare: 0.2 })).toMatchObject({ granted: true });
  expect(await reserveQuota(database.pool, { ...request, units: 21, keptShare: 0.2 })).toMatchObject({
    granted: false,
  });
  expect(await reserveQuota(database.pool, { ...request, units: 40 })).toMatchObject({ granted: true });
});

test('a bucket that the platform called empty grants nothing until its reset', async () => {
  const bucket = { project: 'p', bucket: 'empty', quotaDay: '2026-01-05', limit: 100 };
  const reset = at('2026-01-06T08:00:00Z');
  await markExhausted(database.pool, bucket, reset);
  await markExhausted(database.pool, bucket, at('2026-01-06T07:00:00Z'));
  const ask = (now: string): Promise<unknown> =>
    reserveQuota(database.pool, { ...bucket, units: 1, now: at(now) });
  expect(await ask('2026-01-06T07:59:59Z')).toEqual({ granted: false, reserved: 0, exhaustedUntil: reset });
  expect(await ask('2026-01-06T08:00:00Z')).toMatchObject({ granted: true });
});

test('quarantined rows are kept once, whatever characters they hold', async () => {
  const row = {
    origin: 'stats.csv',
    line: 3,
    raw: 'youtube,\u0000,نص,🎬',
    field: 'value',
    reason: 'not a number',
  };
  expect(await quarantineRows(database.pool, [row, { ...row, line: 4, field: null }, row], null)).toBe(2);
  expect(await quarantineRows(database.pool, [row], '5')).toBe(0);
  expect(await quarantineRows(database.pool, [], null)).toBe(0);
  const [first, ...rest] = await listQuarantined(database.pool, { origin: 'stats.csv', state: 'open' });
  expect(first).toMatchObject({ line: 3, raw: 'youtube,\uFFFD,نص,🎬', field: 'value', runId: null });
  expect(await listQuarantined(database.pool, { afterId: first!.id })).toEqual(rest);
  expect(rest).toMatchObject([{ line: 4, field: null }]);
});

test('a schedule’s pause is noted with its reason, and its end', async () => {
  await markSchedule(database.pool, 'tick', 'maintenance', at('2026-01-01Z'));
  expect(await listScheduleMarks(database.pool)).toMatchObject([
    { name: 'tick', paused: true, pauseReason: 'maintenance' },
  ]);
  await markSchedule(database.pool, 'tick', null, at('2026-01-02Z'));
  expect(await listScheduleMarks(database.pool)).toEqual([
    { name: 'tick', paused: false, pauseReason: null, changedAt: at('2026-01-02Z') },
  ]);
});

test('availability tells its intervals in order', async () => {
  const { rows } = await database.pool.query<{ id: number }>(
    `insert into contents (content_key, platform) values ('c', 'youtube') returning id`,
  );
  const id = rows[0]!.id;
  await database.pool.query(
    `insert into content_availability (content_id, from_at, to_at, state, confirmations, last_confirmed_at)
     values ($1, '2026-03-01Z', null, 'silent', 1, '2026-03-01Z'), ($1, '2026-01-01Z', '2026-02-01Z', 'unavailable', 4, '2026-01-30Z')`,
    [id],
  );
  expect(await availabilityOf(database.pool, [id, 999])).toMatchObject([
    { contentId: id, state: 'unavailable', from: at('2026-01-01Z'), to: at('2026-02-01Z'), confirmations: 4 },
    { contentId: id, state: 'silent', to: null },
  ]);
});
