import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClock } from '../../runtime/clock.js';
import { examine, type DoctorDeps } from '../../operations/doctor.js';
import {
  applySchedules,
  listSchedules,
  pauseSchedule,
  resumeSchedule,
  schedulesOutOfStep,
  triggerSchedule,
} from '../../operations/schedules.js';
import { declaredSchedules, type ScheduleSettings } from '../../operations/declared-schedules.js';
import { listRunsWithLinks, showRun } from '../../operations/runs.js';
import { dueCollections } from '../../services/due-collections.js';
import { allQueues } from '../../workers/start-workers.js';
import { createSourceFor } from '../../sources/configured-sources.js';
import { AuthError } from '../../sources/errors.js';
import type { TickResult } from '../../contracts/runs.js';
import { pauseAccount, getAccount, resumeAccount } from '../../store/accounts.js';
import { eventually } from '../support/eventually.js';
import { startPipeline, type Pipeline } from './pipeline.js';

const settings: ScheduleSettings = {
  dailyAnalysisAt: '02:00',
  zone: 'Europe/Berlin',
  queuePrefix: 'test-',
  now: new Date('2026-03-04T12:00:00Z'),
};
const active = { paused: false, reason: null };

let pipeline: Pipeline;
beforeAll(async () => {
  pipeline = await startPipeline();
});
afterAll(() => pipeline.close());

function dueDeps() {
  const { pool, configuration } = pipeline;
  return {
    pool,
    clock: createClock(configuration.TIDEMARK_CLOCK),
    sourceFor: createSourceFor(configuration),
    settings: { updateFrequencyMinutes: () => 60 },
  };
}

describe('schedules', () => {
  it('are created, kept in step, changed with their declaration, and removed with it', async () => {
    const { client } = pipeline;
    const ids = declaredSchedules(settings).map(({ id }) => id);
    expect(
      (await applySchedules(client, settings, () => ({ paused: true, reason: 'for the test' }))).created,
    ).toEqual(ids);
    expect((await applySchedules(client, settings, () => active)).unchanged).toEqual(ids);
    expect(await schedulesOutOfStep(client, settings)).toEqual([]);
    const later = { ...settings, dailyAnalysisAt: '04:30' };
    expect(await schedulesOutOfStep(client, later)).toEqual(['analyze-daily', 'maintain']);
    const changed = await applySchedules(client, later, () => active);
    expect(changed).toMatchObject({ updated: ['analyze-daily', 'maintain'], unchanged: ['tick'] });
    const listed = await listSchedules(client, later);
    expect(listed.map(({ paused, reason }) => [paused, reason])).toEqual(
      ids.map(() => [true, 'for the test']),
    );
    const description = await client.schedule.getHandle('analyze-daily').describe();
    expect(description.policies).toMatchObject({ overlap: 'SKIP', catchupWindow: 86_400_000 });
  });

  it('remove what was declared once and is no more, and nobody else’s', async () => {
    const { client } = pipeline;
    const options = {
      spec: { intervals: [{ every: '1 day' as const }] },
      action: { type: 'startWorkflow' as const, workflowType: 'tick', taskQueue: 'nowhere', args: [] },
    };
    await client.schedule.create({
      ...options,
      scheduleId: 'given-up',
      memo: { declaredBy: 'tidemarktest-' },
    });
    await client.schedule.create({ ...options, scheduleId: 'somebody-elses' });
    await eventually(async () => {
      const { removed } = await applySchedules(client, settings, () => active);
      return removed.includes('given-up');
    });
    await expect(client.schedule.getHandle('somebody-elses').describe()).resolves.toBeDefined();
  });

  it('pause with a reason, resume, and run when triggered by hand', async () => {
    const { client } = pipeline;
    await resumeSchedule(client, 'tick');
    await pauseSchedule(client, 'tick', 'The platform is down');
    const [tick] = await listSchedules(client, settings);
    expect(tick).toMatchObject({ id: 'tick', paused: true, reason: 'The platform is down' });
    await triggerSchedule(client, 'tick');
    const workflowId = await eventually(async () => {
      const [listed] = await listSchedules(client, settings);
      return listed?.lastRun ?? false;
    });
    const result = (await client.workflow.getHandle(workflowId).result()) as TickResult;
    expect(result.started).toContain('collect/youtube/main/2026-03-04');
    expect(result.started.some((id) => id.startsWith('collect/youtube/main/daily/'))).toBe(true);
    await Promise.all(result.started.map((id) => client.workflow.getHandle(id).result()));
    await expect(pauseSchedule(client, 'nothing', 'why')).rejects.toMatchObject({ code: 'notFound' });
  });
});

describe('what is due', () => {
  it('is nothing once it was collected, and counts on when the interval has passed', async () => {
    const deps = dueDeps();
    expect(await dueCollections(deps)).toEqual({ due: [], notDue: 2 });
    const soon = { ...deps, clock: { now: () => new Date('2026-03-04T13:00:00Z') } };
    const { due } = await dueCollections(soon);
    expect(due).toMatchObject([{ report: 'counters', window: { from: '2026-03-04' }, reading: 2 }]);
  });

  it('is the day that ended meanwhile too, until it is final', async () => {
    const nextDay = { ...dueDeps(), clock: { now: () => new Date('2026-03-05T00:30:00Z') } };
    const { due } = await dueCollections(nextDay);
    const counters = due.filter(({ report }) => report === 'counters').map(({ window }) => window.from);
    expect(counters).toEqual(['2026-03-04', '2026-03-05']);
  });

  it('leaves a paused account out, and gives an account without a credential its own failure', async () => {
    const { pool } = pipeline;
    const account = await getAccount(pool, 'youtube', 'main');
    await pauseAccount(pool, account.id, 'Revoked');
    expect(await dueCollections(dueDeps())).toEqual({ due: [], notDue: 0 });
    await resumeAccount(pool, account.id);
    const broken = {
      ...dueDeps(),
      clock: { now: () => new Date('2026-03-06T12:00:00Z') },
      sourceFor: () => {
        throw new AuthError('No credential');
      },
    };
    expect((await dueCollections(broken)).due).toMatchObject([{ report: 'counters' }, { report: 'daily' }]);
  });
});

describe('runs', () => {
  it('are listed from the ledger with their links, and shown with what Temporal says', async () => {
    const deps = { ...pipeline, ui: { uiUrl: 'http://localhost:8233', namespace: 'default' } };
    const runs = await listRunsWithLinks(deps, { kind: 'collect' });
    expect(runs.length).toBeGreaterThan(0);
    for (const run of runs) expect(run.url).toContain(`/${run.temporalRunId}/history`);
    const shown = await showRun(deps, 'collect/youtube/main/2026-03-04');
    expect(shown).toMatchObject({ state: 'succeeded', temporal: { status: 'COMPLETED' } });
    expect(shown.temporal?.summary).toBe('Collect youtube counters of main, 2026-03-04');
    await expect(showRun(deps, 'collect/nothing')).rejects.toMatchObject({ code: 'notFound' });
  });
});

describe('the doctor', () => {
  function deps(more: Partial<DoctorDeps> = {}): DoctorDeps {
    return {
      pool: () => Promise.resolve(pipeline.pool),
      client: () => Promise.resolve(pipeline.client),
      databaseUrl: pipeline.database.url,
      namespace: pipeline.client.options.namespace,
      queues: allQueues,
      schedules: settings,
      clock: createClock(pipeline.configuration.TIDEMARK_CLOCK),
      sourceFor: createSourceFor(pipeline.configuration),
      ...more,
    };
  }

  it('finds everything in order, but for the test server’s short retention', async () => {
    const checks = await examine(deps());
    expect(checks.filter(({ state }) => state !== 'ok').map(({ name }) => name)).toEqual([
      'Namespace retention',
    ]);
    expect(checks.map(({ name }) => name)).toContain('Account youtube/main');
  });

  it('says what to do about each thing that is broken, and skips what hangs on it', async () => {
    const checks = await examine(
      deps({
        pool: () => Promise.reject(new Error('connection refused')),
        queues: [...allQueues, 'platform-nowhere'],
        schedules: { ...settings, dailyAnalysisAt: '05:00' },
      }),
    );
    const byName = new Map(checks.map((check) => [check.name, check]));
    expect(byName.get('Postgres')).toMatchObject({ state: 'failed', found: 'connection refused' });
    expect(byName.get('Migrations')?.state).toBe('skipped');
    expect(byName.get('Workers')).toMatchObject({ state: 'failed', found: 'nobody polls platform-nowhere' });
    expect(byName.get('Schedules')?.state).toBe('failed');
    for (const { state, mend } of checks) expect(mend !== null).toBe(state === 'failed');
  });
});
