/** Exports and administration as a shell runs them, in the background through real workers. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openExport } from '../../services/exports/background-exports.js';
import { bytesOf, parseCsv, sheetOf } from '../integration/services/exported.js';
import { collectDayByDay, startPipeline, type Pipeline } from '../workflows/pipeline.js';
import { documentOf, expectTold, tidemark } from './command-line.js';

let pipeline: Pipeline;
let directory: string;
let exports: string;

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'tidemark-shell-'));
  exports = path.join(directory, 'exports-out');
  pipeline = await startPipeline({ queuePrefix: '', environment: { EXPORT_DIRECTORY: exports } });
  await collectDayByDay(pipeline, { from: '2026-02-25', to: '2026-02-28' });
});
afterAll(async () => {
  await pipeline.close();
  await rm(directory, { recursive: true, force: true });
});

const run = (...args: string[]) => tidemark(args, pipeline.environment);

async function told(...args: string[]): Promise<unknown> {
  const finished = await run(...args, '--json', '--quiet');
  expect(finished).toMatchObject({ exitCode: 0, stderr: '' });
  return documentOf(finished);
}

const series = ['export', '--dataset', 'series', '--platform', 'youtube'];

describe('an export', () => {
  it('goes to standard output, or into a file, or is only counted', async () => {
    const counted = (await told(...series, '--format', 'csv', '--dry-run')) as {
      sections: { rows: number }[];
    };
    const rows = counted.sections[0]!.rows;
    expect(rows).toBeGreaterThan(20);
    const csv = await run(...series, '--format', 'csv');
    expect(csv).toMatchObject({ exitCode: 0, stderr: '' });
    expect(parseCsv(csv.stdout)).toHaveLength(rows + 1);
    const json = await run(...series, '--format', 'json', '--include-metadata');
    expect(JSON.parse(json.stdout)).toMatchObject({
      metadata: { platforms: ['youtube'], dataset: 'series' },
    });
    const out = path.join(directory, 'series.xlsx');
    expect(await told(...series, '--format', 'xlsx', '--out', out)).toMatchObject({ file: out, rows });
    expect(await sheetOf(await readFile(out))).toHaveLength(rows + 1);
  });

  it('says what is wrong with what it is asked', async () => {
    expectTold(await run(...series, '--format', 'xlsx'), { exitCode: 2, says: /Name a file with --out/ });
    expectTold(await run(...series, '--format', 'csv', '--json'), { exitCode: 2, says: /--out/ });
    expectTold(await run(...series, '--format', 'csv', '--timeframe', '3w'), {
      exitCode: 2,
      says: /7d, 28d, 30d/,
    });
    expectTold(await run(...series, '--format', 'csv', '--content', 'nobody'), {
      exitCode: 3,
      says: /There is no content «nobody»/,
    });
    const nowhere = path.join(directory, 'series.xlsx', 'no', 'directory.csv');
    expectTold(await run(...series, '--format', 'csv', '--out', nowhere), {
      exitCode: 1,
      says: /could not be written: .*\n.*mend/,
    });
    expectTold(await run(...series, '--format', 'csv', '--background', '--out', 'x'), {
      exitCode: 2,
      says: /Add --wait/,
    });
  });

  it('is made by a worker, and fetched by its token', async () => {
    const out = path.join(directory, 'background.csv');
    const made = (await told(...series, '--format', 'csv', '--background', '--wait', '--out', out)) as {
      export_id: string;
      token: string;
      file: string;
      run: { workflow_id: string; state: string; result: { rows: number; bytes: number } };
    };
    expect(made.run).toMatchObject({
      workflow_id: `export/series-csv/${made.export_id}`,
      state: 'succeeded',
    });
    const file = await readFile(out);
    expect(file).toHaveLength(made.run.result.bytes);
    expect(parseCsv(file.toString())).toHaveLength(made.run.result.rows + 1);
    expect(await readdir(exports)).toEqual([`${made.export_id}.csv`]);
    const { clock } = pipeline.backfills;
    const deps = { pool: pipeline.pool, clock, directory: exports };
    const { stream } = await openExport(deps, made.export_id, made.token);
    expect(await bytesOf(stream as AsyncIterable<Uint8Array>)).toEqual(file);
    const shown = (await told('run', 'show', made.run.workflow_id)) as { kind: string; state: string };
    expect(shown).toMatchObject({ kind: 'export', state: 'succeeded' });
    // The same export asked for again is the same run.
    const again = { exportId: made.export_id, dataset: 'series', format: 'csv' } as const;
    expect(await pipeline.starter.exportData(again)).toMatchObject({ alreadyRunning: true });
    expect(
      JSON.stringify(await pipeline.client.workflow.getHandle(made.run.workflow_id).fetchHistory()),
    ).not.toContain(made.token);
  });
});

describe('an administrator', () => {
  it('removes what is past its days, having been asked', async () => {
    await pipeline.pool.query(
      `insert into engagement_snapshots (content_id, recorded_at, source, views)
       select id, '2020-01-01Z', 2, 1 from contents where platform = 'youtube' order by id limit 1`,
    );
    expect(await told('admin', 'cleanup', '--dry-run')).toMatchObject({
      removed_snapshots: 1,
      dry_run: true,
    });
    expectTold(await run('admin', 'cleanup'), { exitCode: 2, says: /add --yes/ });
    expect(await told('admin', 'cleanup', '--yes')).toMatchObject({ removed_snapshots: 1, dry_run: false });
    expect((await run('admin', 'cleanup', '--retention-days', '400', '--yes')).stdout).toMatch(
      /^Removed from before 2025-01-28: 0 raw instants/,
    );
    expectTold(await run('admin', 'cleanup', '--retention-days', '0'), { exitCode: 2, says: /whole number/ });
  });

  it('has everything, or some contents, analyzed again', async () => {
    const rows = await pipeline.pool.query<{ id: string }>(
      `select content_key as id from contents where platform = 'youtube' order by id limit 1`,
    );
    const { id } = rows.rows[0]!;
    expect(await told('admin', 'recalculate', '--content', id, '--dry-run')).toEqual({
      content_ids: [id],
      chain: 'full',
      started: false,
    });
    expect(await told('admin', 'recalculate', '--content', id, '--wait')).toMatchObject([
      { workflow_id: 'analyze/on-demand/recalculate', state: 'succeeded' },
    ]);
    expectTold(await run('admin', 'recalculate', '--content', 'nobody'), { exitCode: 3, says: /«nobody»/ });
  });

  it('has maintenance remove exports whose links have expired', async () => {
    await pipeline.pool.query(`update exports set expires_at = '2026-03-01Z'`);
    const { workflowId, runId } = await pipeline.starter.maintain({ dryRun: false });
    const result: unknown = await pipeline.client.workflow.getHandle(workflowId, runId).result();
    expect(result).toMatchObject({ removedExports: 1 });
    expect(await readdir(exports)).toEqual([]);
  });
});
