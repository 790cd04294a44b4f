/** What an operator does over HTTP, through the site as it is deployed: a port, Temporal behind it, workers behind that. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applySchedules } from '../../../operations/schedules.js';
import { AnalyticsConfig } from '../../../runtime/configuration.js';
import { startServer, type RunningServer } from '../../../server/start-server.js';
import { createKey, roles, type Role } from '../../../services/access-keys.js';
import { upsertAccount } from '../../../store/accounts.js';
import { eventually } from '../../support/eventually.js';
import { account, silentLog, startPipeline, type Pipeline } from '../../workflows/pipeline.js';

let folder: string;
let pipeline: Pipeline;
let site: RunningServer;
let operator: string;
let admin: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tidemark-operations-'));
  const environment = { TIDEMARK_STATE_DIRECTORY: folder };
  pipeline = await startPipeline({ queuePrefix: '', environment });
  site = await startServer({
    configuration: new AnalyticsConfig({ ...pipeline.environment, HTTP_PORT: '0', HTTP_AUTH: 'keys' }),
    log: silentLog,
    databaseUrl: pipeline.database.url,
    demo: null,
  });
  [operator, admin] = await Promise.all([keyOf('operator'), keyOf('admin')]);
});
afterAll(async () => {
  await site.stop();
  await pipeline.close();
  await rm(folder, { recursive: true, force: true });
});

async function keyOf(role: Role, artistIds?: readonly number[]): Promise<string> {
  const { key } = await createKey(
    pipeline.pool,
    { name: `test ${role}`, scopes: roles[role], artistIds },
    pipeline.backfills.clock,
  );
  return key;
}

interface Started {
  workflow_id: string;
  run_id: string;
  already_running: boolean;
  url: string;
}
interface Answer<Data> {
  status: number;
  headers: Headers;
  data: Data;
  detail: string;
}

async function call<Data>(
  method: string,
  url: string,
  {
    key = operator,
    body,
    headers = {},
  }: { key?: string; body?: object; headers?: Record<string, string> } = {},
): Promise<Answer<Data>> {
  const isForm = body instanceof FormData;
  const answer = await fetch(`${site.url}${url}`, {
    method,
    headers: {
      authorization: `Bearer ${key}`,
      ...(body === undefined || isForm ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
  });
  const told = (await answer.json()) as { data: Data; detail: string };
  return { status: answer.status, headers: answer.headers, ...told };
}

/** The end of a run, however it ends. */
async function ended({ workflow_id, run_id }: Pick<Started, 'workflow_id' | 'run_id'>): Promise<void> {
  await pipeline.client.workflow
    .getHandle(workflow_id, run_id)
    .result()
    .catch(() => undefined);
}

interface ListedRun {
  id: string;
  kind: string;
  state: string;
  workflow_id: string;
  temporal_run_id: string;
  counts: Record<string, number>;
  warnings: string[];
}

async function ledgerOf(workflowId: string): Promise<ListedRun> {
  const { data } = await call<ListedRun[]>('GET', '/api/v1/runs?limit=200');
  return data.find((run) => run.workflow_id === workflowId)!;
}

const range = { ...account, from: '2026-01-01', to: '2026-01-15', mode: 'all', concurrency: 1 };
interface Plan {
  id: number;
  state: string;
  days: Record<string, number>;
}
type StartedPlan = { backfill: Plan; run: Started };

async function planIs(id: number, state: string): Promise<Plan> {
  return eventually(
    async () => {
      const { data } = await call<Plan>('GET', `/api/v1/backfills/${String(id)}`);
      return data.state === state ? data : false;
    },
    { timeoutMs: 60_000, what: `backfill ${String(id)} to be ${state}` },
  );
}

describe('a backfill', () => {
  it('is rehearsed, and keeps nothing of that', async () => {
    const { status, data } = await call<{ open: number; days: unknown[] }>(
      'POST',
      '/api/v1/backfills?dry_run=true',
      { body: range },
    );
    expect(status).toBe(200);
    expect(data.open).toBeGreaterThan(10);
    expect(data.days).toHaveLength(14);
    expect((await call<Plan[]>('GET', '/api/v1/backfills')).data).toEqual([]);
  });

  it('is started, paused, resumed, and ends with its days collected', async () => {
    const started = await call<StartedPlan>('POST', '/api/v1/backfills', { body: range });
    expect(started.status).toBe(202);
    const { backfill, run } = started.data;
    expect(started.headers.get('location')).toBe(`/api/v1/backfills/${String(backfill.id)}`);
    const place = `/api/v1/backfills/${String(backfill.id)}`;
    expect((await call('POST', `${place}/pause`)).status).toBe(202);
    await planIs(backfill.id, 'paused');
    const { data: paused } = await call<Plan & { progress: { state: string } }>('GET', place);
    expect(paused.progress.state).toBe('paused');
    expect(paused.days['open']).toBeGreaterThan(0);
    expect((await call('POST', `${place}/resume`)).status).toBe(202);
    await ended(run);
    const finished = await planIs(backfill.id, 'finished');
    expect(finished.days).toMatchObject({ open: 0, started: 0, failed: 0 });
    expect(await ledgerOf(run.workflow_id)).toMatchObject({ kind: 'backfill', state: 'succeeded' });
    const again = await call('POST', `${place}/retry-failed`);
    expect(again.status).toBe(409);
    expect((await call('POST', `${place}/resume`)).status).toBe(409);
  });

  it('is cancelled', async () => {
    const body = { ...range, from: '2025-12-01', to: '2025-12-29' };
    const { data } = await call<StartedPlan>('POST', '/api/v1/backfills', { body });
    const place = `/api/v1/backfills/${String(data.backfill.id)}`;
    expect((await call('POST', `${place}/cancel`)).status).toBe(202);
    await ended(data.run);
    const cancelled = await planIs(data.backfill.id, 'cancelled');
    expect(cancelled.days['open']).toBeGreaterThan(0);
    expect(await ledgerOf(data.run.workflow_id)).toMatchObject({ state: 'cancelled' });
  });
});

describe('a backfill of a platform that cannot be asked', () => {
  it('is refused with the mend', async () => {
    await upsertAccount(pipeline.pool, { platform: 'tiktok', name: 'main' });
    const body = { ...range, platform: 'tiktok' };
    const { status, detail } = await call('POST', '/api/v1/backfills?dry_run=true', { body });
    expect([status, detail]).toEqual([422, expect.stringContaining('import its files instead')]);
  });
});

describe('a run', () => {
  it('is shown as it stands in Temporal, cancelled, and says so in the ledger', async () => {
    const body = { ...range, from: '2025-11-01', to: '2025-11-29' };
    const { data } = await call<StartedPlan>('POST', '/api/v1/backfills', { body });
    const place = `/api/v1/backfills/${String(data.backfill.id)}`;
    await call('POST', `${place}/pause`);
    await planIs(data.backfill.id, 'paused');
    const { id } = await ledgerOf(data.run.workflow_id);
    const shown = await call<ListedRun & { temporal: { status: string } }>('GET', `/api/v1/runs/${id}`);
    expect(shown.data).toMatchObject({
      state: 'running',
      temporal_run_id: data.run.run_id,
      temporal: { status: 'RUNNING' },
    });
    expect((await call('POST', `/api/v1/runs/${id}/cancel`)).status).toBe(202);
    await ended(data.run);
    expect(await ledgerOf(data.run.workflow_id)).toMatchObject({ state: 'cancelled' });
    await planIs(data.backfill.id, 'cancelled');
    const twice = await call('POST', `/api/v1/runs/${id}/cancel`);
    expect([twice.status, twice.detail]).toEqual([409, expect.stringContaining('is not under way')]);
  });
});

describe('an analysis of everything again', () => {
  const url = '/analytics/admin/recalculate';

  it('answers 202 with the run’s place, and under one key there is one run, whatever was lost', async () => {
    const headers = { 'idempotency-key': 'once-and-for-all' };
    const first = await call<Started>('POST', url, { key: admin, headers });
    expect(first.status).toBe(202);
    expect(first.headers.get('location')).toBe(first.data.url);
    expect(first.data.url).toContain(encodeURIComponent(first.data.workflow_id));
    expect(first.data.workflow_id).toMatch(/^analyze\/http\/[0-9a-f]{24}$/);
    const again = await call<Started>('POST', url, { key: admin, headers });
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(again.data).toEqual(first.data);
    // As if the process had gone down before it kept its answer: the name alone leads to the run.
    await pipeline.pool.query(
      `update idempotent_requests set status = null, body = null, location = null,
         created_at = created_at - interval '11 minutes'`,
    );
    const after = await call<Started>('POST', url, { key: admin, headers });
    expect(after.headers.get('idempotent-replayed')).toBeNull();
    expect(after.data.workflow_id).toBe(first.data.workflow_id);
    // Of somebody else's the same key is another.
    const others = await call<Started>('POST', url, { key: await keyOf('admin'), headers });
    expect(others.data.workflow_id).not.toBe(first.data.workflow_id);
    for (const { data } of [first, after, others]) await ended(data);
    expect(await ledgerOf(first.data.workflow_id)).toMatchObject({ kind: 'analyze', state: 'succeeded' });
  });

  it('is over the contents that were named, and over an artist’s own for a key of one', async () => {
    const { rows } = await pipeline.pool.query<{ key: string; artist: number }>(
      `select c.content_key as key, a.id as artist from artists a, contents c
       where c.release_id is null order by c.id limit 1`,
    );
    const [{ key, artist }] = rows as [{ key: string; artist: number }];
    const body = { content_ids: [key] };
    const named = await call<Started>('POST', url, { key: admin, body });
    await ended(named.data);
    expect(await ledgerOf(named.data.workflow_id)).toMatchObject({ kind: 'analyze', state: 'succeeded' });
    const limited = await keyOf('admin', [artist]);
    // Linked to no release, so it is nobody's whom this key may see.
    expect((await call('POST', url, { key: limited, body })).status).toBe(404);
    const own = await call<Started>('POST', url, { key: limited });
    expect(own.status).toBe(202);
    await ended(own.data);
    expect(await ledgerOf(own.data.workflow_id)).toMatchObject({ kind: 'analyze', state: 'succeeded' });
  });
});

describe('an import', () => {
  const csv = [
    'platform,external_id,metric,value,recorded_at',
    'tiktok,uploaded,views,100,2026-03-01T12:00:00Z',
    'tiktok,uploaded,views,many,2026-03-02T12:00:00Z',
    'tiktok,uploaded,likes,7,2026-03-01T12:00:00Z',
  ].join('\n');
  const form = (text: string): FormData => {
    const body = new FormData();
    body.append('file', new File([text], 'figures.csv', { type: 'text/csv' }));
    return body;
  };

  it('is loaded by a run, its bad row kept in quarantine', async () => {
    const { status, data, headers } = await call<Started>('POST', '/api/v1/imports', { body: form(csv) });
    expect(status).toBe(202);
    expect(headers.get('location')).toBe(data.url);
    await ended(data);
    expect(await ledgerOf(data.workflow_id)).toMatchObject({ kind: 'import', state: 'partial' });
    const latest = await call('GET', '/analytics/realtime/metrics/tiktok:uploaded');
    expect(latest.data).toMatchObject({ platform: 'tiktok', metrics: { views: 100, likes: 7 } });
    const { rows } = await pipeline.pool.query('select line, reason from quarantined_rows');
    expect(rows).toEqual([{ line: 3, reason: 'is not a number' }]);
    // The same file again is the same import.
    const again = await call<Started>('POST', '/api/v1/imports', { body: form(csv) });
    expect(again.data.workflow_id).toBe(data.workflow_id);
    await ended(again.data);
    const other = await call('POST', '/api/v1/imports', { body: form('a,b\n1,2\n') });
    expect(other.status).toBe(400);
  });
});

describe('an export', () => {
  interface Requested {
    export_id: string;
    state: string;
    rows: number;
    download_path: string;
  }

  it('is made by a run, and fetched by its link alone', async () => {
    const asked = await call<Requested>('POST', '/api/v1/exports', {
      body: { dataset: 'series', format: 'csv', timeframe: '1y' },
    });
    expect(asked.status).toBe(202);
    const ready = await eventually(
      async () => {
        const { data } = await call<Requested>('GET', `/api/v1/exports/${asked.data.export_id}`);
        return data.state === 'ready' ? data : false;
      },
      { timeoutMs: 60_000 },
    );
    expect(ready.rows).toBeGreaterThan(100);
    const file = await fetch(`${site.url}${asked.data.download_path}`);
    expect(file.status).toBe(200);
    expect(file.headers.get('content-type')).toContain('text/csv');
    expect((await file.text()).trimEnd().split('\n')).toHaveLength(ready.rows + 1);
    const guessed = await fetch(`${site.url}/api/v1/exports/${asked.data.export_id}/file?token=guessed`);
    expect(guessed.status).toBe(404);
  });
});

describe('a schedule', () => {
  interface Schedule {
    id: string;
    paused: boolean;
    reason: string | null;
    next_at: string | null;
    last_run: string | null;
  }
  const scheduled = async (): Promise<Schedule> => {
    const { data } = await call<Schedule[]>('GET', '/api/v1/schedules');
    return data.find(({ id }) => id === 'maintain')!;
  };

  it('is paused with a reason, triggered all the same, and resumed', async () => {
    const { configuration, client } = pipeline;
    await applySchedules(
      client,
      {
        dailyAnalysisAt: configuration.DAILY_ANALYSIS_AT,
        zone: configuration.DAILY_ANALYSIS_TIME_ZONE,
        queuePrefix: '',
        now: new Date(),
      },
      () => ({ paused: true, reason: 'Not yet' }),
    );
    const body = { reason: 'While the disk is being changed' };
    expect((await call('POST', '/api/v1/schedules/maintain/pause', { body })).status).toBe(200);
    expect(await scheduled()).toMatchObject({ paused: true, reason: body.reason, next_at: null });
    const wordless = await call('POST', '/api/v1/schedules/maintain/pause', { body: {} });
    expect(wordless.status).toBe(400);

    // What maintenance is to find.
    await pipeline.pool.query(`update exports set expires_at = '2026-03-01Z'`);
    await pipeline.pool.query(`update idempotent_requests set created_at = '2026-03-01Z'`);
    const triggered = await call('POST', '/api/v1/schedules/maintain/trigger');
    expect(triggered.status).toBe(202);
    const workflowId = await eventually(async () => (await scheduled()).last_run ?? false, {
      timeoutMs: 30_000,
    });
    const result: unknown = await client.workflow.getHandle(workflowId).result();
    expect(result).toMatchObject({ removedExports: 1, removedSessions: 0, removedUploads: 0 });
    expect((result as { removedAnswers: number }).removedAnswers).toBeGreaterThan(0);
    expect(await ledgerOf(workflowId)).toMatchObject({ kind: 'maintain', state: 'succeeded' });

    expect((await call('POST', '/api/v1/schedules/maintain/resume')).status).toBe(200);
    expect(await scheduled()).toMatchObject({ paused: false, reason: null });
    expect((await scheduled()).next_at).not.toBeNull();
    expect((await call('POST', '/api/v1/schedules/nightly/trigger')).status).toBe(404);
  });
});
