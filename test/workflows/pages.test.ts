/** The pages that act on Temporal, over the real pipeline. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applySchedules, listSchedules } from '../../operations/schedules.js';
import type { ScheduleSettings } from '../../operations/declared-schedules.js';
import { planDaysOf } from '../../store/backfill-plan-days.js';
import { listPlans } from '../../store/backfill-plans.js';
import { eventually } from '../support/eventually.js';
import { ownerPool, visitAs, type PageVisitor } from '../support/page-visitor.js';
import { createTestSite, type TestSite } from '../support/site.js';
import { startPipeline, type Pipeline } from './pipeline.js';

const settings: ScheduleSettings = {
  ...{ dailyAnalysisAt: '02:00', zone: 'UTC', queuePrefix: 'test-', now: new Date() },
};

/** The machine may be busy with other things. */
const slow = { timeoutMs: 90_000 };

let pipeline: Pipeline;
let site: TestSite;
let operator: PageVisitor;
let viewer: PageVisitor;
beforeAll(async () => {
  pipeline = await startPipeline();
  const pool = ownerPool(pipeline);
  site = await createTestSite({
    environment: pipeline.environment,
    now: () => pipeline.backfills.clock.now(),
    database: { url: pipeline.database.url, pool, drop: () => pool.end() },
    operations: () =>
      Promise.resolve({
        client: pipeline.client,
        starter: pipeline.starter,
        backfills: pipeline.backfills,
      }),
  });
  operator = await visitAs(site, 'operator');
  viewer = await visitAs(site, 'viewer');
});
afterAll(async () => {
  await site.close();
  await pipeline.close();
});

describe('the page of schedules', () => {
  it('pauses with a reason that everybody sees, resumes and triggers', async () => {
    expect((await operator.get('/schedules')).body).toContain('tidemark schedule apply');
    await applySchedules(pipeline.client, settings, () => ({ paused: false, reason: null }));
    expect((await operator.post('/schedules/tick/pause', { reason: '' })).statusCode).toBe(400);
    const paused = await operator.post('/schedules/tick/pause', { reason: 'Moving house 🏠' });
    expect(paused.statusCode).toBe(303);
    const page = await viewer.get('/schedules');
    expect(page.body).toContain('Moving house 🏠');
    expect(page.body).toContain('takes a key of an operator');
    expect(page.body).not.toContain('action="/schedules');
    expect((await operator.post('/schedules/tick/resume')).statusCode).toBe(303);
    const [tick] = await listSchedules(pipeline.client, settings);
    expect(tick).toMatchObject({ id: 'tick', paused: false });
    const triggered = [];
    for (let i = 0; i < 2; i += 1)
      triggered.push(await operator.post('/schedules/tick/trigger', { _form: 'once' }));
    expect(triggered.map(({ statusCode }) => statusCode)).toEqual([303, 303]);
    await eventually(async () => (await viewer.get('/runs?kind=tick')).body.includes('succeeded'), slow);
    expect((await viewer.get('/schedules')).body).toContain('tick-');
    expect((await operator.post('/schedules/none/trigger')).statusCode).toBe(404);
  });
});

describe('an export in the background', () => {
  it('is asked for once however often the form is sent, watched, and fetched by those who may see it', async () => {
    const asked = { dataset: 'runs', format: 'csv', timeframe: '7d', platform: '', metadata: '1' };
    const form = await operator.get('/exports?dataset=runs&timeframe=7d');
    expect(form.body).toContain('<option value="runs" selected>');
    expect((await viewer.post('/exports', asked)).statusCode).toBe(403);
    const sent = [];
    for (let i = 0; i < 2; i += 1) sent.push(await operator.post('/exports', { ...asked, _form: 'export' }));
    const [first, second] = sent.map(({ statusCode, headers }) => [statusCode, headers.location]);
    expect(first).toEqual([303, expect.stringMatching(/^\/exports\/\d+$/)]);
    expect(second).toEqual(first);
    const place = String(first![1]);
    expect((await operator.follow(sent[0]!)).body).toContain('The export is being made.');
    await eventually(async () => (await viewer.get(place)).body.includes(`href="${place}/file"`), slow);
    const page = await viewer.get(place);
    expect(page.body).toContain('tidemark-runs-7d-');
    expect(page.body).not.toContain('data-live');
    expect(page.body).toMatch(/until <time datetime="[^"]+">/);
    const file = await viewer.get(`${place}/file`);
    expect(file.headers['content-disposition']).toMatch(/^attachment; filename="tidemark-runs-7d-.*\.csv"$/);
    expect(file.body).toContain(',workflow_id');
    const stranger = await visitAs(site, 'viewer', [2_000_000]);
    expect((await stranger.get(place)).statusCode).toBe(404);
    expect((await stranger.get(`${place}/file`)).statusCode).toBe(404);
    await pipeline.pool.query(
      `update exports set created_at = created_at - interval '2 days', expires_at = created_at - interval '1 day'`,
    );
    expect((await viewer.get(place)).body).toContain('The file has expired');
    expect((await viewer.get(`${place}/file`)).statusCode).toBe(404);
  });
});

describe('a backfill', () => {
  const form = {
    ...{ account: 'youtube/main', report: 'counters', from: '2026-02-20', to: '2026-02-24' },
    ...{ mode: 'missing', order: 'newest', concurrency: '2' },
  };

  it('is previewed, started once however often the form is sent, and watched to its end', async () => {
    const preview = await operator.get(`/backfills/new?${new URLSearchParams(form).toString()}`);
    expect(preview.body).toContain('5 days to be collected');
    expect(preview.body).toContain('Keep the plan and start it');
    expect((await viewer.post('/backfills', form)).statusCode).toBe(403);
    const started = [];
    for (let i = 0; i < 2; i += 1) started.push(await operator.post('/backfills', { ...form, _form: 'one' }));
    expect(started.map(({ statusCode, headers }) => [statusCode, headers.location])).toEqual([
      [303, '/backfills/1'],
      [303, '/backfills/1'],
    ]);
    expect(await listPlans(pipeline.pool)).toHaveLength(1);
    expect((await operator.follow(started[0]!)).body).toContain('is under way');
    await eventually(async () => (await viewer.get('/backfills/1')).body.includes('5 of 5 days'), slow);
    expect((await planDaysOf(pipeline.pool, 1)).map(({ state }) => state)).toEqual(Array(5).fill('done'));
    // Its days are done a moment before the plan is.
    await eventually(async () => !(await viewer.get('/backfills/1')).body.includes('data-live'), slow);
    const ended = await viewer.get('/backfills/1');
    expect(ended.body).toContain('5 days collected');
    expect(ended.body).toContain('finished');
    // The ledger tells of the end a moment before the run itself has ended.
    const again = await eventually(async () => {
      const answer = await operator.post('/backfills/1/pause');
      return answer.statusCode === 409 && answer;
    }, slow);
    expect(again.body).toContain('does not run');
    expect((await operator.post('/backfills/1/retry-failed')).body).toContain('No day of plan 1 has failed');
  });

  it('renews itself without a script where that was asked for', async () => {
    expect((await viewer.get('/backfills/1?live=1')).headers['refresh']).toBe('5');
    expect((await viewer.get('/backfills/1')).headers['refresh']).toBeUndefined();
  });
});

describe('a run', () => {
  it('shows what Temporal knows of it', async () => {
    const list = await viewer.get('/runs?kind=backfill');
    const id = /href="\/runs\/(\d+)"/.exec(list.body)![1]!;
    const page = await viewer.get(`/runs/${id}`);
    expect(page.body).toMatch(/completed, \d+ events in its history/);
    expect((await operator.post(`/runs/${id}/cancel`)).statusCode).toBe(409);
  });
});
