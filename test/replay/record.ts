/**
 * Records a history of every workflow from real runs, for the replay test. To be run when a workflow is added,
 * never to make a failing replay pass: a change that old runs cannot follow needs `patched`.
 */
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, it } from 'vitest';
import { planBackfill, startBackfill } from '../../operations/backfills.js';
import { signalBackfill } from '../../operations/running-backfills.js';
import { requestExport } from '../../services/exports/background-exports.js';
import { showPlan } from '../../store/backfill-plans.js';
import { eventually } from '../support/eventually.js';
import { account, collection, startPipeline, type Pipeline } from '../workflows/pipeline.js';
import { historyToJson } from './history-json.js';
import { withoutTraces } from './traces.js';

const directory = fileURLToPath(new URL('./histories', import.meta.url));
/** Relative, so that no machine's path enters a history. */
const sample = 'test/replay/sample.csv';

/** Of runs that began before a `patched` change: no program of today makes them again. */
const kept = /\.before-/;

let pipeline: Pipeline;
let exports: string;
beforeAll(async () => {
  exports = await mkdtemp(path.join(tmpdir(), 'tidemark-exports-'));
  pipeline = await startPipeline({ environment: { EXPORT_DIRECTORY: exports } });
  await mkdir(directory, { recursive: true });
  for (const name of await readdir(directory)) if (!kept.test(name)) await rm(path.join(directory, name));
});
afterAll(async () => {
  await pipeline.close();
  await rm(exports, { recursive: true, force: true });
});

/** Waits for a run's end, however it ends, and keeps its history. */
async function keep(name: string, workflowId: string, runId?: string): Promise<void> {
  const handle = pipeline.client.workflow.getHandle(workflowId, runId);
  await handle.result().catch(() => undefined);
  const json = historyToJson(await handle.fetchHistory());
  const history = { workflowId, history: withoutTraces(json) };
  await writeFile(path.join(directory, `${name}.json`), `${JSON.stringify(history, null, 1)}\n`);
}

it('records collections: one that succeeds, one whose credential is revoked, one that waits', async () => {
  const { starter, sandbox } = pipeline;
  const first = await starter.collect(
    collection({ from: '2026-02-10', to: '2026-02-12' }, { analyze: true }),
  );
  await keep('collectStats.succeeded', first.workflowId, first.runId);
  const limited = sandbox.faults.add({
    kind: 'rate-limit',
    path: '*batchGetStats*',
    retryAfterSeconds: 1,
    times: 1,
  });
  const waiting = await starter.collect(collection({ from: '2026-02-13', to: '2026-02-14' }));
  await keep('collectStats.waited', waiting.workflowId, waiting.runId);
  sandbox.faults.remove(limited);
  const daily = await starter.collect(
    collection({ from: '2026-02-10', to: '2026-02-20' }, { report: 'daily' }),
  );
  await keep('collectStats.daily', daily.workflowId, daily.runId);
});

it('records a tick and the analyses', async () => {
  const { starter } = pipeline;
  const tick = await starter.tick({ cause: 'recording' });
  await keep('tick.started', tick.workflowId, tick.runId);
  const full = await starter.analyze({ scope: { kind: 'all' }, chain: 'full', cause: 'recording' });
  await keep('analyzePerformance.full', full.workflowId, full.runId);
  const touched = await starter.analyze(
    { scope: { kind: 'contents', contentIds: ['there-is-none'] }, chain: 'touched', cause: 'recording' },
    'recording/failed',
  );
  await keep('analyzePerformance.failed', touched.workflowId, touched.runId);
  const daily = await starter.analyzeDaily({ artistId: null });
  await keep('analyzeDaily.succeeded', daily.workflowId, daily.runId);
});

it('records a backfill that was paused and resumed, and one that continued as new', async () => {
  const { backfills, pool } = pipeline;
  const paused = await planBackfill(backfills, {
    ...account,
    report: 'counters',
    window: { from: '2026-01-01', to: '2026-01-15' },
    mode: 'all',
    concurrency: 1,
  });
  const run = await startBackfill(backfills, paused.id);
  await signalBackfill(backfills, paused.id, 'pause');
  await eventually(async () => (await showPlan(pool, paused.id)).state === 'paused');
  await signalBackfill(backfills, paused.id, 'resume');
  await keep('backfill.resumed', run.workflowId, run.runId);
  const long = await planBackfill(backfills, {
    ...account,
    report: 'counters',
    window: { from: '2025-11-01', to: '2025-12-25' },
    mode: 'all',
  });
  const many = await pipeline.starter.backfill({ planId: long.id, concurrency: 4, daysPerWindow: 1 });
  await pipeline.client.workflow.getHandle(many.workflowId).result();
  await keep('backfill.continued', many.workflowId, many.runId);
  await keep('backfill.last-part', many.workflowId);
});

it('records an import and the maintenance', async () => {
  const { starter } = pipeline;
  const imported = await starter.importFile({
    path: sample,
    format: 'long-csv',
    account: null,
    analyze: true,
  });
  await keep('importFile.partial', imported.workflowId, imported.runId);
  const missing = await starter.importFile({
    path: `${sample}.missing`,
    format: 'long-csv',
    account: null,
    analyze: false,
  });
  await keep('importFile.failed', missing.workflowId, missing.runId);
  const maintained = await starter.maintain({ dryRun: false });
  await keep('maintainData.succeeded', maintained.workflowId, maintained.runId);
});

it('records an export, and one of something that is not there', async () => {
  const { pool, starter, backfills } = pipeline;
  const { run } = await requestExport(
    { pool, starter, clock: backfills.clock, directory: exports, linkHours: 24, halfLifeDays: 30 },
    {
      ...{ dataset: 'series', format: 'csv', timeframe: '30d', includeMetadata: true },
      ...{ platforms: null, contentIds: null },
    },
    'recording',
  );
  await keep('exportData.succeeded', run!.workflowId, run!.runId);
  const missing = await starter.exportData({ exportId: '404', dataset: 'runs', format: 'json' });
  await keep('exportData.failed', missing.workflowId, missing.runId);
});

it('records a collection whose credential is revoked, last, since it pauses the account', async () => {
  pipeline.sandbox.faults.add({ kind: 'token-revoked', path: '*' });
  const revoked = await pipeline.starter.collect(collection({ from: '2026-02-21', to: '2026-02-22' }));
  await keep('collectStats.revoked', revoked.workflowId, revoked.runId);
});
