/** What `--wait` says of runs that do not go well: platforms that refuse, answer nonsense, or have had enough. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collect, collection, digest, startPipeline, type Pipeline } from '../workflows/pipeline.js';
import { documentOf, tidemark, type Finished } from './command-line.js';
import { addSpotifyAccount } from './spotify-account.js';

const day = { from: '2026-02-10', to: '2026-02-11' };
const folder = mkdtempSync(path.join(tmpdir(), 'tidemark-poison-'));
/** Eight attempts at what a platform answers, with growing pauses between them. */
const givenUpMs = 300_000;

/** Answers nonsense. */
let broken: Pipeline;
/** Refuses: a quota on YouTube, a credential on Spotify. */
let refusing: Pipeline;
let html: Promise<Finished>;
let truncated: Promise<Finished>;
let brokenBefore: Map<string, string>;

/** The digest by its parts. */
async function partsOf({ pool }: Pipeline): Promise<Map<string, string>> {
  const { rows } = await pool.query<{ part: string; digest: string; row_count: string }>(
    'select part, digest, row_count from tidemark_digest_parts()',
  );
  return new Map(rows.map(({ part, digest: sum, row_count }) => [part, `${row_count} ${sum}`]));
}

/** A failed collection is on the coverage ledger as failed; nothing else may have moved. */
async function expectOnlyFailuresOnRecord(pipeline: Pipeline, before: Map<string, string>): Promise<void> {
  const after = await partsOf(pipeline);
  const changed = [...after].filter(([part, sum]) => before.get(part) !== sum).map(([part]) => part);
  expect(changed).toEqual(['coverage']);
  const { rows } = await pipeline.pool.query<{ state: string }>(
    `select distinct state from coverage where day >= '2026-03-01' order by state`,
  );
  expect(rows).toEqual([{ state: 'failed' }]);
}

beforeAll(async () => {
  [broken, refusing] = await Promise.all([
    startPipeline({ queuePrefix: '' }),
    startPipeline({ queuePrefix: '', environment: { SPOTIFY_CLIENT_SECRET: 'wrong-canary' } }),
  ]);
  for (const pipeline of [broken, refusing]) {
    await collect(pipeline, collection(day));
    await addSpotifyAccount(pipeline);
  }
  brokenBefore = await partsOf(broken);
  broken.sandbox.faults.add({ kind: 'html', path: '/google/*' });
  broken.sandbox.faults.add({ kind: 'truncated', path: '/spotify/v1/*' });
  // Given up after minutes only: they run beside the other tests, and are looked at last.
  html = tidemark(['collect', '--platform', 'youtube', '--wait', '--json'], broken.environment);
  truncated = tidemark(['collect', '--platform', 'spotify', '--wait', '--json'], broken.environment);
});

afterAll(async () => {
  await Promise.allSettled([html, truncated]);
  await Promise.all([broken.close(), refusing.close()]);
  rmSync(folder, { recursive: true });
});

describe('a quota that is used up', () => {
  it('parks a collection, and the command returns with 8 instead of waiting for midnight', async () => {
    const before = await digest(refusing.pool);
    refusing.sandbox.faults.add({ kind: 'quota-exhausted', path: '/google/*' });
    const args = ['collect', '--platform', 'youtube', '--wait', '--json'];
    const finished = await tidemark(args, refusing.environment);
    expect(finished).toMatchObject({ exitCode: 8 });
    expect(finished.stderr).toMatch(/error: collect\/youtube\/\S+ waits for a quota until 2\S+Z/);
    expect(finished.stderr).toMatch(/mend: {2}Nothing needs to be done: it goes on by itself then/);
    const runs = documentOf(finished) as { state: string; failure_kind: string; parked_until: string }[];
    expect(runs.map(({ state, failure_kind }) => [state, failure_kind])).toEqual([
      ['parked', 'quota'],
      ['parked', 'quota'],
    ]);
    for (const { parked_until } of runs) expect(Date.parse(parked_until)).toBeGreaterThan(Date.now());
    expect(await digest(refusing.pool)).toBe(before);
  });

  it('parks a backfill likewise, which can then be cancelled', async () => {
    const before = await digest(refusing.pool);
    const range = ['--platform', 'youtube', '--from', '2026-01-01', '--to', '2026-01-08'];
    const finished = await tidemark(
      ['backfill', 'start', ...range, '--wait', '--json'],
      refusing.environment,
    );
    expect(finished).toMatchObject({ exitCode: 8 });
    expect(finished.stderr).toMatch(/waits for a quota until/);
    const { plan, state } = documentOf(finished) as { plan: number; state: string };
    expect(state).toBe('parked');
    const shown = await tidemark(['backfill', 'show', String(plan), '--json'], refusing.environment);
    expect(documentOf(shown)).toMatchObject({ plan: { state: 'parked' }, progress: { state: 'parked' } });
    const rehearsed = await tidemark(['backfill', 'cancel', String(plan), '--dry-run'], refusing.environment);
    expect(rehearsed).toMatchObject({ exitCode: 0, stdout: `Would ask plan ${plan} to cancel.\n` });
    expect(await tidemark(['backfill', 'cancel', String(plan)], refusing.environment)).toMatchObject({
      exitCode: 0,
    });
    expect(await digest(refusing.pool)).toBe(before);
  });
});

describe('a credential that the platform refuses', () => {
  it('fails with 1 and pauses the account, until it is resumed', async () => {
    const before = await partsOf(refusing);
    const settings = refusing.environment;
    const collectSpotify = ['collect', '--platform', 'spotify'];
    const finished = await tidemark([...collectSpotify, '--wait', '--json'], settings);
    expect(finished).toMatchObject({ exitCode: 1 });
    expect(finished.stderr).toMatch(/error: collect\/spotify\/\S+ failed: .*\nmend: {2}Renew the credential/);
    expect(finished.stderr).not.toContain('canary');
    expect(documentOf(finished)).toMatchObject([{ state: 'failed', failure_kind: 'auth' }]);
    await expectOnlyFailuresOnRecord(refusing, before);

    const paused = await tidemark(collectSpotify, settings);
    expect(paused).toMatchObject({ exitCode: 7, stdout: '' });
    expect(paused.stderr).toMatch(/spotify\/main is paused: [\s\S]*mend: {2}Renew the credential/);
    const resume = ['account', 'resume', 'spotify/main'];
    await tidemark([...resume, '--dry-run'], settings);
    const states = async (): Promise<unknown> => {
      const listed = documentOf(await tidemark(['account', 'list', '--json'], settings));
      return (listed as { platform: string; state: string }[]).find(({ platform }) => platform === 'spotify');
    };
    expect(await states()).toMatchObject({ state: 'paused' });
    expect(await tidemark(resume, settings)).toMatchObject({ exitCode: 0 });
    expect(await states()).toMatchObject({ state: 'active', state_reason: null });
  });

  it('is found by the doctor, with the mend', async () => {
    const settings = { ...refusing.environment, YOUTUBE_API_KEY: 'canary', YOUTUBE_REFRESH_TOKEN: 'canary' };
    refusing.sandbox.faults.clear();
    const finished = await tidemark(['doctor'], settings);
    expect(finished.exitCode).toBe(1);
    expect(finished.stdout).toMatch(/✗ Account youtube\/main: .*\n\s+mend: Check the YOUTUBE_ settings/);
    expect(finished.stdout).toMatch(/✗ Account spotify\/main: .*\n\s+mend: Check the SPOTIFY_ settings/);
    expect(finished.stdout + finished.stderr).not.toContain('canary');
  });
});

describe('a file with poison rows', () => {
  it('lands its good rows, sets the bad ones aside, and ends with 4', async () => {
    const file = path.join(folder, 'poisoned.csv');
    writeFileSync(
      file,
      [
        'platform,external_id,metric,value,recorded_at',
        'youtube,good-1,views,12,2026-01-05T10:00:00Z',
        'youtube,good-1,views,many,2026-01-06T10:00:00Z',
        'myspace,good-1,views,12,2026-01-07T10:00:00Z',
        '',
      ].join('\n'),
    );
    const finished = await tidemark(['import', 'csv', file, '--wait', '--json'], refusing.environment);
    expect(finished).toMatchObject({ exitCode: 4 });
    expect(finished.stderr).toMatch(/set 2 rows aside[\s\S]*mend: {2}Mend them in the file/);
    expect(documentOf(finished)).toMatchObject([
      { state: 'succeeded', result: { rows: 3, counts: { inserted: 1, quarantined: 2 } } },
    ]);
  });
});

describe('a platform that answers nonsense with 200', () => {
  it(
    'HTML: the attempts that fail are told, then the run fails with 1',
    async () => {
      const finished = await html;
      expect(finished).toMatchObject({ exitCode: 1 });
      expect(finished.stderr).toMatch(/is tried again \(attempt \d\): /);
      expect(finished.stderr).toMatch(
        /error: collect\/youtube\/\S+ failed: .*\nmend: {2}Look at the platform’s/,
      );
      expect(documentOf(finished)).toMatchObject([
        { failure_kind: 'malformed' },
        { failure_kind: 'malformed' },
      ]);
    },
    givenUpMs,
  );

  it(
    'a truncated body: likewise',
    async () => {
      const finished = await truncated;
      expect(finished).toMatchObject({ exitCode: 1 });
      expect(finished.stderr).toMatch(
        /error: collect\/spotify\/\S+ failed: .*\nmend: {2}Look at the platform’s/,
      );
      expect(documentOf(finished)).toMatchObject([{ failure_kind: 'malformed' }]);
    },
    givenUpMs,
  );

  it('and not a row has changed', async () => {
    await expectOnlyFailuresOnRecord(broken, brokenBefore);
  });
});
