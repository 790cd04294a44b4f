import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { addDays, eachDay } from '../../../analytics/calendar.js';
import { upsertAccount } from '../../../store/accounts.js';
import {
  planDaysOf,
  reclaimStartedDays,
  settleDays,
  takeOpenDays,
} from '../../../store/backfill-plan-days.js';
import {
  createPlan,
  listPlans,
  reopenFailedDays,
  setPlanState,
  showPlan,
  type NewPlan,
} from '../../../store/backfill-plans.js';
import { createTestDatabase, type TestDatabase } from '../../support/databases.js';

let database: TestDatabase;
let accountId: number;
beforeAll(async () => {
  database = await createTestDatabase();
  accountId = (await upsertAccount(database.pool, { platform: 'youtube', name: 'main' })).id;
});
beforeEach(() => database.pool.query('truncate backfill_plans cascade'));
afterAll(() => database.drop());

const moment = '2026-01-04T17:00:00Z';

function planOf(from: string, days: number, more: Partial<NewPlan> = {}): NewPlan {
  const to = addDays(from, days);
  return {
    accountId,
    report: 'counters',
    fromDay: from,
    toDay: to,
    mode: 'missing',
    newestFirst: true,
    concurrency: 4,
    quotaUnits: 12,
    days: eachDay(from, to).map((day, index) => ({
      day,
      skipReason: index === 0 ? 'final already' : null,
      moments: day === '2026-01-04' ? [moment] : [],
    })),
    ...more,
  };
}

test('a plan names its days, those left out with the reason, and counts them', async () => {
  const plan = await createPlan(database.pool, planOf('2026-01-01', 5));
  expect(plan).toMatchObject({
    account: 'main',
    platform: 'youtube',
    fromDay: '2026-01-01',
    toDay: '2026-01-06',
    state: 'planned',
    quotaUnits: 12,
    counts: { open: 4, skipped: 1, started: 0, done: 0, failed: 0 },
  });
  const days = await planDaysOf(database.pool, plan.id);
  expect(days[0]).toEqual({
    day: '2026-01-01',
    state: 'skipped',
    skipReason: 'final already',
    moments: [],
    failure: null,
  });
  expect(days[3]).toMatchObject({ day: '2026-01-04', state: 'open', moments: [new Date(moment)] });
  expect(await listPlans(database.pool, { state: 'planned' })).toEqual([plan]);
  await expect(showPlan(database.pool, 4_242)).rejects.toMatchObject({ code: 'notFound' });
  await expect(createPlan(database.pool, planOf('2026-03-01', 0))).rejects.toMatchObject({
    code: 'rejected',
  });
});

test('of plans over the same range made at once one stands', async () => {
  const outcomes = await Promise.allSettled(
    Array.from({ length: 6 }, (_, index) =>
      createPlan(database.pool, planOf(addDays('2026-01-01', index), 10)),
    ),
  );
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'conflict' });
  }
});

test('a plan stands beside one of another report, of a range that only touches it, and of one that is over', async () => {
  const first = await createPlan(database.pool, planOf('2026-01-01', 5));
  await createPlan(database.pool, planOf('2026-01-06', 5));
  await createPlan(database.pool, planOf('2026-01-01', 5, { report: 'daily' }));
  await expect(createPlan(database.pool, planOf('2026-01-05', 1))).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining(`plan ${first.id} `) as string,
  });
  await setPlanState(database.pool, first.id, 'cancelled');
  await createPlan(database.pool, planOf('2026-01-05', 1));
});

test('takers side by side never get the same day, newest first', async () => {
  const plan = await createPlan(database.pool, planOf('2026-01-01', 31));
  const taken = await Promise.all(Array.from({ length: 8 }, () => takeOpenDays(database.pool, plan.id, 4)));
  const days = taken.flat().map(({ day }) => day);
  expect(days).toHaveLength(new Set(days).size);
  for (const batch of taken)
    expect(batch.map(({ day }) => day)).toEqual(
      batch
        .map(({ day }) => day)
        .sort()
        .reverse(),
    );
  // Rows that another taker had locked were passed over, and are still there.
  let more = await takeOpenDays(database.pool, plan.id, 10);
  while (more.length > 0) {
    days.push(...more.map(({ day }) => day));
    more = await takeOpenDays(database.pool, plan.id, 10);
  }
  expect(days.sort()).toEqual(eachDay('2026-01-02', '2026-02-01'));
});

test('days go oldest first where that is asked for, with their instants', async () => {
  const plan = await createPlan(database.pool, planOf('2026-01-03', 4, { newestFirst: false }));
  expect(await takeOpenDays(database.pool, plan.id, 2)).toEqual([
    { day: '2026-01-04', moments: [new Date(moment)] },
    { day: '2026-01-05', moments: [] },
  ]);
});

test('days are settled, given back, and the failed ones opened again with their plan', async () => {
  const plan = await createPlan(database.pool, planOf('2026-01-01', 5));
  const days = (await takeOpenDays(database.pool, plan.id, 3)).map(({ day }) => day);
  await setPlanState(database.pool, plan.id, 'running');
  await settleDays(database.pool, plan.id, days.slice(0, 1), null);
  await settleDays(database.pool, plan.id, days.slice(0, 2), 'bad gateway');
  expect((await showPlan(database.pool, plan.id)).counts).toEqual({
    open: 1,
    skipped: 1,
    started: 1,
    done: 1,
    failed: 1,
  });
  expect(await reclaimStartedDays(database.pool, plan.id)).toBe(1);
  expect((await planDaysOf(database.pool, plan.id)).find(({ day }) => day === days[1])).toMatchObject({
    state: 'failed',
    failure: 'bad gateway',
  });
  await setPlanState(database.pool, plan.id, 'finished');
  expect(await reopenFailedDays(database.pool, plan.id)).toBe(1);
  expect(await showPlan(database.pool, plan.id)).toMatchObject({
    state: 'planned',
    counts: { open: 3, failed: 0 },
  });

  await settleDays(database.pool, plan.id, days.slice(1, 2), 'again');
  await setPlanState(database.pool, plan.id, 'finished');
  const newer = await createPlan(database.pool, planOf('2026-01-01', 5));
  await expect(reopenFailedDays(database.pool, plan.id)).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining(`plan ${newer.id} `) as string,
  });
});

test('what is over does not start again by itself', async () => {
  const plan = await createPlan(database.pool, planOf('2026-01-01', 5));
  await setPlanState(database.pool, plan.id, 'paused');
  await setPlanState(database.pool, plan.id, 'running');
  await setPlanState(database.pool, plan.id, 'cancelled');
  await setPlanState(database.pool, plan.id, 'cancelled');
  await expect(setPlanState(database.pool, plan.id, 'running')).rejects.toMatchObject({ code: 'conflict' });
  await expect(setPlanState(database.pool, 4_242, 'running')).rejects.toMatchObject({ code: 'notFound' });
});
