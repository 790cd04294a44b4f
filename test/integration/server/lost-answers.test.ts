/**
 * The server's process goes down after it has begun what a request asks for and before it has kept its answer. The
 * same request again is answered with what was begun, and begins nothing more.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planBackfill, startBackfill } from '../../../operations/backfills.js';
import type { ScheduleSettings } from '../../../operations/declared-schedules.js';
import { applySchedules, pauseSchedule } from '../../../operations/schedules.js';
import { noteStart } from '../../../store/backfill-plans.js';
import { eventually } from '../../support/eventually.js';
import { ownerPool, visitAs, type PageVisitor } from '../../support/page-visitor.js';
import { createTestSite, type TestSite } from '../../support/site.js';
import { account, startPipeline, type Pipeline } from '../../workflows/pipeline.js';

const slow = { timeoutMs: 90_000 };
const settings: ScheduleSettings = {
  ...{ dailyAnalysisAt: '02:00', zone: 'UTC', queuePrefix: 'test-', now: new Date() },
};
let laterMs = 0;
let folder: string;
let pipeline: Pipeline;
let site: TestSite;
let admin: { authorization: string };
let visitor: PageVisitor;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tidemark-lost-'));
  pipeline = await startPipeline({ environment: { TIDEMARK_STATE_DIRECTORY: folder } });
  const { client, starter, backfills, database, environment } = pipeline;
  const pool = ownerPool(pipeline);
  site = await createTestSite({
    environment,
    now: () => new Date(backfills.clock.now().getTime() + laterMs),
    database: { url: database.url, pool, drop: () => pool.end() },
    operations: () => Promise.resolve({ client, starter, backfills }),
  });
  admin = await site.keyHeader('admin');
  visitor = await visitAs(site, 'admin');
});
afterAll(async () => {
  await site.close();
  await pipeline.close();
  await rm(folder, { recursive: true, force: true });
});

interface Started {
  workflow_id: string;
  run_id: string;
  already_running: boolean;
}
interface Answer<Data> {
  status: number;
  isReplayed: boolean;
  location: unknown;
  data: Data;
}

async function post<Data>(url: string, key: string, payload?: object | string): Promise<Answer<Data>> {
  const answer = await site.app.inject({
    ...{ method: 'POST', url },
    headers: {
      ...{ ...admin, 'idempotency-key': key },
      ...(typeof payload === 'string' ? { 'content-type': 'multipart/form-data; boundary=edge' } : {}),
    },
    ...(payload === undefined ? {} : { payload }),
  });
  return {
    status: answer.statusCode,
    isReplayed: answer.headers['idempotent-replayed'] === 'true',
    location: answer.headers['location'],
    data: answer.json<{ data: Data }>().data,
  };
}

/** As a process leaves a key that went down with its request: taken, never answered, and a while ago. */
async function loseAnswers(): Promise<void> {
  await pipeline.pool.query(
    `update idempotent_requests set status = null, body = null, location = null,
       created_at = created_at - interval '11 minutes'`,
  );
}

async function ended(workflowId: string, runId?: string): Promise<void> {
  await pipeline.client.workflow.getHandle(workflowId, runId).result();
}

/** Runs in the ledger, by Temporal's ids. */
async function ledger(kind: string): Promise<string[]> {
  const { rows } = await pipeline.pool.query<{ run: string }>(
    'select temporal_run_id as run from runs where kind = $1 order by id',
    [kind],
  );
  return rows.map(({ run }) => run);
}

interface StartedPlan {
  backfill: { id: number; state: string };
  run: Started;
}
const range = { ...account, mode: 'all', from: '2026-02-20', to: '2026-02-23' };
const plans = async (): Promise<number> => {
  const { rows } = await pipeline.pool.query<{ n: number }>('select count(*)::int as n from backfill_plans');
  return rows[0]!.n;
};

describe('a backfill whose answer was lost', () => {
  const url = '/api/v1/backfills';
  let first: Answer<StartedPlan>;

  it('is the same plan and the same run, under way and at its end', async () => {
    first = await post(url, 'backfill', range);
    expect([first.status, first.data.run.already_running]).toEqual([202, false]);
    await loseAnswers();
    const underWay = await post<StartedPlan>(url, 'backfill', range);
    await ended(first.data.run.workflow_id);
    await loseAnswers();
    const atItsEnd = await post<StartedPlan>(url, 'backfill', range);
    for (const { status, isReplayed, location, data } of [underWay, atItsEnd]) {
      expect([status, isReplayed, location]).toEqual([202, false, first.location]);
      expect(data.backfill.id).toBe(first.data.backfill.id);
      expect(data.run).toEqual({ ...first.data.run, already_running: true });
    }
    expect(atItsEnd.data.backfill.state).toBe('finished');
    const replayed = await post<StartedPlan>(url, 'backfill', range);
    expect([replayed.isReplayed, replayed.data]).toEqual([true, atItsEnd.data]);
    expect([await plans(), await ledger('backfill')]).toEqual([1, [first.data.run.run_id]]);
  });

  it('is another one under another key', async () => {
    const other = await post<StartedPlan>(url, 'another', range);
    expect(other.status).toBe(202);
    await ended(other.data.run.workflow_id);
    expect(other.data.backfill.id).not.toBe(first.data.backfill.id);
    expect(await ledger('backfill')).toHaveLength(2);
  });

  it('opens its failed days once', async () => {
    const { id } = first.data.backfill;
    const fail = (): Promise<unknown> =>
      pipeline.pool.query(
        `update backfill_plan_days set state = 'failed' where plan_id = $1 and day = '2026-02-21'`,
        [id],
      );
    const retry = `${url}/${String(id)}/retry-failed`;
    await fail();
    const before = await ledger('backfill');
    const retried = await post<StartedPlan>(retry, 'retry');
    expect(retried.status).toBe(202);
    expect(retried.data.run.workflow_id).toBe(first.data.run.workflow_id);
    await ended(retried.data.run.workflow_id);
    // It has failed once more meanwhile, which is no reason to collect it a second time for one request.
    await fail();
    await loseAnswers();
    const again = await post<StartedPlan>(retry, 'retry');
    expect(again.status).toBe(202);
    expect(again.data.run).toMatchObject({ run_id: retried.data.run.run_id, already_running: true });
    expect(await ledger('backfill')).toEqual([...before, retried.data.run.run_id]);
    const anew = await post<StartedPlan>(retry, 'retry-2');
    await ended(anew.data.run.workflow_id);
    expect(await ledger('backfill')).toHaveLength(before.length + 2);
  });

  it('is started where its process went down between the plan and the start', async () => {
    const asked = {
      ...account,
      report: 'counters' as const,
      window: { from: '2026-02-10', to: '2026-02-12' },
      mode: 'all' as const,
      requestName: 'http/between',
    };
    const plan = await planBackfill(pipeline.backfills, asked);
    expect(await noteStart(pipeline.pool, plan.id, asked.requestName)).toBe(true);
    expect((await planBackfill(pipeline.backfills, asked)).id).toBe(plan.id);
    const run = await startBackfill(pipeline.backfills, plan.id, asked.requestName);
    expect(run.alreadyRunning).toBe(false);
    await ended(run.workflowId, run.runId);
    const again = await startBackfill(pipeline.backfills, plan.id, asked.requestName);
    expect(again).toEqual({ ...run, alreadyRunning: true });
  });

  it('is one of the page’s form too', async () => {
    const fields = {
      ...{ account: `${account.platform}/${account.account}`, report: 'counters' },
      ...{ from: '2026-01-20', to: '2026-01-22', mode: 'all', _form: 'backfill-form' },
    };
    const before = [await plans(), (await ledger('backfill')).length] as const;
    const sent = await visitor.post('/backfills', fields);
    expect(sent.statusCode).toBe(303);
    const id = Number(sent.headers.location!.split('/').at(-1));
    await eventually(async () => (await stateOf(id)) === 'finished', slow);
    await loseAnswers();
    const again = await visitor.post('/backfills', fields);
    expect([again.statusCode, again.headers.location]).toEqual([303, sent.headers.location]);
    expect([await plans(), (await ledger('backfill')).length]).toEqual([before[0] + 1, before[1] + 1]);
  });

  async function stateOf(id: number): Promise<string> {
    const { body } = await site.app.inject({ url: `${url}/${String(id)}`, headers: admin });
    return (JSON.parse(body) as { data: { state: string } }).data.state;
  }
});

describe('an export whose answer was lost', () => {
  interface Requested {
    export_id: string;
    state: string;
    download_path: string;
  }
  const url = '/api/v1/exports';
  const body = { dataset: 'series', format: 'csv', timeframe: '1y' };
  const exports = async (): Promise<number> => {
    const { rows } = await pipeline.pool.query<{ n: number }>('select count(*)::int as n from exports');
    return rows[0]!.n;
  };

  it('is the same export and the same run, and its new link leads to the file', async () => {
    const first = await post<Requested>(url, 'export', body);
    expect(first.status).toBe(202);
    const workflowId = `export/series-csv/${first.data.export_id}`;
    await ended(workflowId);
    await loseAnswers();
    const again = await post<Requested>(url, 'export', body);
    expect([again.status, again.isReplayed, again.location]).toEqual([202, false, first.location]);
    expect(again.data).toMatchObject({ export_id: first.data.export_id, state: 'ready' });
    const fetched = await site.app.inject({ url: again.data.download_path });
    expect(fetched.statusCode).toBe(200);
    // Nobody has got the first link.
    expect((await site.app.inject({ url: first.data.download_path })).statusCode).toBe(404);
    const { runId } = await pipeline.client.workflow.getHandle(workflowId).describe();
    expect([await exports(), await ledger('export')]).toEqual([1, [runId]]);
    const other = await post<Requested>(url, 'export-2', body);
    await ended(`export/series-csv/${other.data.export_id}`);
    expect([await exports(), (await ledger('export')).length]).toEqual([2, 2]);
  });

  it('is one of the page’s form too', async () => {
    const before = await exports();
    const fields = { dataset: 'insights', format: 'csv', range: '30d', _form: 'export-form' };
    const sent = await visitor.post('/exports', fields);
    expect(sent.statusCode).toBe(303);
    await ended(`export/insights-csv/${sent.headers.location!.split('/').at(-1)!}`);
    await loseAnswers();
    const again = await visitor.post('/exports', fields);
    expect([again.statusCode, again.headers.location]).toEqual([303, sent.headers.location]);
    expect(await exports()).toBe(before + 1);
  });
});

it('imports a file once', async () => {
  const csv =
    'platform,external_id,metric,value,recorded_at\ntiktok,uploaded,views,100,2026-03-01T12:00:00Z\n';
  const form = [
    '--edge',
    'content-disposition: form-data; name="file"; filename="figures.csv"',
    'content-type: text/csv',
    '',
    `${csv}\r\n--edge--`,
    '',
  ].join('\r\n');
  const url = '/api/v1/imports';
  const first = await post<Started>(url, 'import', form);
  expect(first.status).toBe(202);
  await ended(first.data.workflow_id);
  await loseAnswers();
  const again = await post<Started>(url, 'import', form);
  expect(again).toMatchObject({ status: 202, isReplayed: false, location: first.location });
  expect(again.data).toEqual({ ...first.data, already_running: true });
  expect(await ledger('import')).toEqual([first.data.run_id]);
});

it('triggers a schedule once', async () => {
  await applySchedules(pipeline.client, settings, () => ({ paused: true, reason: 'Not yet' }));
  const url = '/api/v1/schedules/maintain/trigger';
  const taken = async (): Promise<number> =>
    (await pipeline.client.schedule.getHandle('maintain').describe()).info.numActionsTaken;
  const done = async (runs: number): Promise<void> => {
    await eventually(async () => (await ledger('maintain')).length === runs && noneRuns(), slow);
  };
  const noneRuns = async (): Promise<boolean> => {
    const { info } = await pipeline.client.schedule.getHandle('maintain').describe();
    return info.runningActions.length === 0;
  };
  expect((await post(url, 'trigger')).status).toBe(202);
  await done(1);
  await loseAnswers();
  expect(await post(url, 'trigger')).toMatchObject({ status: 202, isReplayed: false });
  // Temporal takes a schedule's requests in their order: once it has taken this one, it has taken that.
  await pauseSchedule(pipeline.client, 'maintain', 'Seen');
  await eventually(async () => {
    const { state } = await pipeline.client.schedule.getHandle('maintain').describe();
    return state.note === 'Seen';
  }, slow);
  expect(await taken()).toBe(1);
  expect((await post(url, 'trigger-2')).status).toBe(202);
  await done(2);
  expect(await taken()).toBe(2);
});

it('analyses again once, though the run has ended', async () => {
  const url = '/analytics/admin/recalculate';
  const first = await post<Started>(url, 'recalculate');
  await ended(first.data.workflow_id);
  const before = await ledger('analyze');
  await loseAnswers();
  const again = await post<Started>(url, 'recalculate');
  expect(again).toMatchObject({ status: 202, isReplayed: false, location: first.location });
  expect(again.data).toEqual({ ...first.data, already_running: true });
  expect(await ledger('analyze')).toEqual(before);
  // A day later the key is free, and stands for something else.
  laterMs = 25 * 3_600_000;
  const later = await post<Started>(url, 'recalculate');
  expect(later.data.workflow_id).not.toBe(first.data.workflow_id);
  await ended(later.data.workflow_id);
});
