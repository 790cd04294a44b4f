/** What operators ask and mend from the command line: days, quota, changes, rows set aside, entries, contents. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commitUpload } from '../../services/csv-upload.js';
import { digest, startPipeline, type Pipeline } from '../workflows/pipeline.js';
import { documentOf, expectTold, tidemark } from './command-line.js';

let pipeline: Pipeline;
let directory: string;
beforeAll(async () => {
  [pipeline, directory] = await Promise.all([
    startPipeline({ queuePrefix: '' }),
    mkdtemp(path.join(tmpdir(), 'tidemark-ledgers-')),
  ]);
});
afterAll(async () => {
  await pipeline.close();
  await rm(directory, { recursive: true, force: true });
});

async function told(...args: string[]): Promise<unknown> {
  const finished = await tidemark([...args, '--json', '--quiet'], pipeline.environment);
  expect(finished).toMatchObject({ exitCode: 0, stderr: '' });
  return documentOf(finished);
}

const failing = (...args: string[]) => tidemark(args, pipeline.environment);

describe('ledgers', () => {
  it('tell days, quota and changes', async () => {
    const range = ['--platform', 'youtube', '--from', '2026-01-01', '--to', '2026-01-04'];
    const { rows } = (await told('coverage', ...range)) as {
      rows: { days: unknown[]; counts: { missing: number } }[];
    };
    expect(rows.length).toBeGreaterThan(0);
    for (const { days, counts } of rows) {
      expect(days).toHaveLength(3);
      expect(counts.missing).toBe(3);
    }
    const drawn = await tidemark(['coverage', ...range], pipeline.environment);
    expect(drawn.stdout).toMatch(/youtube\/\S+ +counters +···/);
    expect(await told('quota')).toEqual([]);
    expect(await told('restatements', '--kind', 'undone')).toEqual([]);
    expectTold(await failing('coverage', '--from', '2026-01-04', '--to', '2026-01-04'), {
      exitCode: 4,
      says: /are none, or more than 366[^]*mend: .*first day counts/,
    });
  });
});

describe('rows set aside', () => {
  it('are listed, mended and loaded, or dismissed', async () => {
    const file = path.join(directory, 'rows.csv');
    await writeFile(
      file,
      'platform,external_id,metric,value,recorded_at\nyoutube,q,views,x,2026-01-02T00:00:00Z\nyoutube,q,views,,2026-01-03T00:00:00Z\n',
    );
    await commitUpload(
      { pool: pipeline.pool, clock: { now: () => new Date() } },
      { path: file, format: 'long-csv' },
    );
    const list = (await told('quarantine', 'list')) as { counts: unknown; rows: { id: string }[] };
    expect(list).toMatchObject({ counts: { open: 2 }, rows: [{ field: 'value' }, { field: 'value' }] });
    const [first, second] = list.rows.map(({ id }) => id) as [string, string];
    expect(await told('quarantine', 'show', first)).toMatchObject({ state: 'open', line: 2 });
    const before = await digest(pipeline.pool);
    const replay = ['quarantine', 'replay', first, '--by', 'ann'];
    expect(await told(...replay, '--set', 'value=5', '--dry-run')).toMatchObject({ replayed: false });
    const refused = await tidemark([...replay, '--json'], pipeline.environment);
    expect(refused.exitCode).toBe(4);
    expect(documentOf(refused)).toMatchObject({ refused: { field: 'value' }, replayed: false });
    expectTold(await failing(...replay, '--set', 'views=5'), { exitCode: 2, says: /no field “views”/ });
    expectTold(await failing(...replay, '--set', 'value'), { exitCode: 2, says: /sets no field/ });
    expect(await digest(pipeline.pool)).toBe(before);
    const { run_id: run } = (await told(...replay, '--set', 'value=5')) as { run_id: string };
    expect(await told('run', 'show', run)).toMatchObject({ state: 'succeeded', url: null, temporal: null });
    expect((await failing('run', 'open', run)).exitCode).toBe(3);
    expect(await told(...replay, '--set', 'value=6')).toMatchObject({ state: 'replayed', replayed: false });
    expect(await told('quarantine', 'dismiss', second, '--dry-run')).toMatchObject({ dismissed: false });
    expect(await told('quarantine', 'dismiss', second, '--note', 'empty')).toMatchObject({ dismissed: true });
    expect(await told('quarantine', 'list')).toMatchObject({
      counts: { open: 0, replayed: 1, dismissed: 1 },
      rows: [],
    });
    expect((await failing('quarantine', 'replay', second)).exitCode).toBe(7);
  });
});

describe('releases, contents and entries', () => {
  const content = 'youtube:q';
  let id: number;

  it('are shown and linked, or only said to be', async () => {
    ({ id } = (await told('release', 'add', 'Ledger', '--artist', 'Ledgers')) as { id: number });
    expect(await told('content', 'list', '--unlinked', '--search', 'q')).toMatchObject([
      { content_id: content },
    ]);
    const link = ['content', 'link', content, '--release', String(id)];
    expect(await told(...link, '--dry-run')).toMatchObject({ changed: true, linked: false });
    expect(await told(...link)).toMatchObject({ linked: true, content: { release_id: id } });
    expect(await told('release', 'show', String(id))).toMatchObject({
      title: 'Ledger',
      contents: [{ content_key: content, is_primary: true }],
    });
  });

  it('take values and give them back', async () => {
    const before = await digest(pipeline.pool);
    const add = ['--release', String(id), '--platform', 'youtube', '--metric', 'views', '--value', '4'];
    const at = ['--at', '2026-01-02T00:00:00Z', '--by', 'ann'];
    const { entry } = (await told('record', 'add', ...add, ...at)) as { entry: string };
    expect(await told('record', 'list')).toMatchObject([{ id: entry, entered_by: 'ann', metric_value: 4 }]);
    const noted = await failing('record', 'add', ...add, ...at, '--dry-run');
    expect(noted.stderr).toContain('note: 4 was entered for this very instant');
    expect(await told('record', 'undo', entry, '--dry-run')).toMatchObject({ undone: false });
    expect(await told('record', 'undo', entry)).toMatchObject({
      undone: true,
      effective: { metric_value: 5, source: 'imported' },
    });
    expect(await digest(pipeline.pool)).toBe(before);
    expect(await told('restatements', '--kind', 'undone')).toMatchObject([{ old_value: 4, new_value: null }]);
    expect((await failing('record', 'undo', '999999')).exitCode).toBe(3);
  });

  it('are annotated, withdrawn and removed', async () => {
    const note = ['annotation', 'add', 'Tour', '--release', String(id), '--at', '2026-01-02T00:00:00Z'];
    expect(await told(...note, '--dry-run')).toMatchObject({ id: null });
    const { id: annotation } = (await told(...note)) as { id: string };
    expect(await told('annotation', 'list', '--release', String(id))).toMatchObject([{ text: 'Tour' }]);
    expect(await told('release', 'delete', String(id))).toMatchObject({
      outcome: 'withdrawn',
      hanging: { contents: 1, annotations: 1 },
    });
    expectTold(await failing('annotation', 'remove', annotation), { exitCode: 2, says: /mend: .*--yes/ });
    expect(await told('annotation', 'remove', annotation, '--yes')).toMatchObject({ removed: true });
    expect((await failing('annotation', 'remove', annotation, '--yes')).exitCode).toBe(3);
    expect(await told('content', 'unlink', content)).toMatchObject({ unlinked: true });
    expectTold(await failing('release', 'delete', String(id)), { exitCode: 2, says: /would be gone/ });
    expect(await told('release', 'delete', String(id), '--yes')).toMatchObject({ outcome: 'deleted' });
    expect((await failing('release', 'show', String(id))).exitCode).toBe(3);
  });
});

describe('accounts, settings and completion', () => {
  it('add an account and ask its platform', async () => {
    const add = ['account', 'add', 'youtube/second', '--artist', 'Ledgers', '--external-id', 'UC-none'];
    expect(await told(...add, '--dry-run')).toMatchObject({ account: 'second', added: false });
    expect((await failing('account', 'check', 'youtube/second')).exitCode).toBe(3);
    expect(await told(...add)).toMatchObject({ external_id: 'UC-none', reports: ['counters'], added: true });
    expect(await told('account', 'check', 'youtube/main')).toMatchObject({ answers: true, state: 'active' });
  });

  it('show settings with their origin and no secret', async () => {
    const shown = (await told('config', 'show')) as { name: string; value: string; origin: string }[];
    expect(shown.find(({ name }) => name === 'DATABASE_URL')).toMatchObject({ origin: 'environment' });
    const secrets = Object.entries(pipeline.environment).filter(([name]) =>
      /SECRET|API_KEY|TOKEN$/.test(name),
    );
    expect(secrets.length).toBeGreaterThan(0);
    for (const [, secret] of secrets) expect(JSON.stringify(shown)).not.toContain(secret);
  });

  it.each(['bash', 'zsh', 'fish'])('complete every command in %s', async (shell) => {
    const { stdout, exitCode } = await failing('completion', shell);
    expect(exitCode).toBe(0);
    for (const word of ['quarantine', 'replay', 'undo', 'half-life']) expect(stdout).toContain(word);
  });
});
