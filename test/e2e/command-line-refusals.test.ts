/** Bad input: each a clear message and exit code, and no row changed. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planBackfill } from '../../operations/backfills.js';
import { addArtist } from '../../store/artists.js';
import { addRelease } from '../../store/releases.js';
import { account, collect, collection, digest, startPipeline, type Pipeline } from '../workflows/pipeline.js';
import { documentOf, expectTold, tidemark } from './command-line.js';

const folder = mkdtempSync(path.join(tmpdir(), 'tidemark-files-'));
const header = 'platform,external_id,metric,value,recorded_at';
const files = {
  empty: path.join(folder, 'empty.csv'),
  picture: path.join(folder, 'picture.csv'),
  prose: path.join(folder, 'prose.csv'),
  poisoned: path.join(folder, 'poisoned.csv'),
  missing: path.join(folder, 'missing.csv'),
};
const range = ['--platform', 'youtube', '--from', '2026-01-01', '--to', '2026-01-08'];

let pipeline: Pipeline;
let draft: number;
let before: string;

beforeAll(async () => {
  pipeline = await startPipeline({ queuePrefix: '' });
  writeFileSync(files.empty, '');
  writeFileSync(files.picture, Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]));
  writeFileSync(files.prose, 'Dear team,\nplease find the figures attached.\n');
  writeFileSync(
    files.poisoned,
    `${header}\nyoutube,poison-1,views,12,2026-01-05T10:00:00Z\nyoutube,poison-1,views,many,2026-01-06T10:00:00Z\n`,
  );
  await collect(pipeline, collection({ from: '2026-02-10', to: '2026-02-11' }));
  const artist = await addArtist(pipeline.pool, 'Refused');
  ({ id: draft } = await addRelease(pipeline.pool, { artistId: artist.id, title: 'Draft', state: 'draft' }));
  await planBackfill(pipeline.backfills, {
    ...account,
    report: 'counters',
    mode: 'missing',
    window: { from: '2026-01-05', to: '2026-01-20' },
  });
  before = await digest(pipeline.pool);
});

afterAll(async () => {
  try {
    // Asked once for all of them: nothing that was refused has changed a row.
    expect(await digest(pipeline.pool)).toBe(before);
  } finally {
    await pipeline.close();
    rmSync(folder, { recursive: true });
  }
});

describe.concurrent('usage', () => {
  it.for<[what: string, args: string[], says: RegExp]>([
    ['an unknown option', ['--frobnicate'], /unknown option '--frobnicate'/],
    ['an unknown option of a command', ['collect', '--frobnicate'], /unknown option '--frobnicate'/],
    ['an unknown command', ['frobnicate'], /unknown command 'frobnicate'/],
    ['an unknown sub-command', ['backfill', 'frobnicate'], /unknown command 'frobnicate'/],
    ['a missing argument', ['run', 'show'], /missing required argument 'run'/],
    [
      'a day that does not exist',
      ['backfill', 'plan', ...range, '--to', '2026-02-30'],
      /“2026-02-30” is no day/,
    ],
    [
      'a range that is not told',
      ['backfill', 'plan', '--platform', 'youtube'],
      /needs --platform, --from and --to/,
    ],
    [
      'a range that ends before it begins',
      ['backfill', 'plan', ...range, '--to', '2025-01-01'],
      /is no range of days/,
    ],
    ['a plan that is no number', ['backfill', 'show', 'abc'], /“abc” is no whole number/],
    [
      'an instant without its zone',
      [
        'record',
        'add',
        '--release',
        '1',
        '--platform',
        'x',
        '--metric',
        'views',
        '--value',
        '1',
        '--at',
        '2026-01-05',
      ],
      /is no instant; write it with its zone/,
    ],
    [
      'a platform that is none',
      ['collect', '--platform', 'myspace'],
      /“myspace” is no platform; one of youtube/,
    ],
    ['a score out of range', ['source', 'log-performance', '1', '11'], /“11” is no score from 0 to 10/],
    ['an account of no such form', ['account', 'resume', 'main'], /write it as youtube\/main/],
  ])('%s', async ([, args, says]) => {
    expectTold(await tidemark(args, pipeline.environment), { exitCode: 2, says });
  });

  it('lists every problem of the configuration at once', async () => {
    const settings = { ...pipeline.environment, DB_POOL_SIZE: 'lots', LOG_LEVEL: 'loud' };
    const finished = await tidemark(['run', 'list'], settings);
    expectTold(finished, { exitCode: 2, says: /DB_POOL_SIZE[\s\S]*LOG_LEVEL/ });
  });
});

describe.concurrent('what is not there, or in the way', () => {
  it.for<[what: string, args: string[], exitCode: number, says: RegExp]>([
    ['a run, by its number', ['run', 'show', '999999'], 3, /There is no run 999999/],
    ['a run, by its name', ['run', 'show', 'collect/youtube/none'], 3, /There is no run[\s\S]*mend: {2}See/],
    ['a plan', ['backfill', 'start', '999'], 3, /There is no backfill plan 999/],
    ['a schedule', ['schedule', 'trigger', 'nightly'], 3, /There is no schedule «nightly»[\s\S]*mend:/],
    ['an account', ['collect', '--platform', 'tiktok'], 3, /There is no such account[\s\S]*mend:/],
    ['a release', ['collect', '--release', '999'], 3, /release 999[\s\S]*mend:/i],
    [
      'a release for a clip',
      ['source', 'log-clip', 'harbor', 'clip-1', '999'],
      3,
      /release 999[\s\S]*mend:/i,
    ],
    [
      'a release for a value',
      ['record', 'add', '--release', '999', '--platform', 'youtube', '--metric', 'views', '--value', '1'],
      3,
      /release 999/i,
    ],
    ['a plan over the same days', ['backfill', 'plan', ...range], 7, /is open over 2026-01-05 to 2026-01-20/],
    ['a plan that does not run', ['backfill', 'pause', '1'], 7, /Plan 1 does not run/],
  ])('%s', async ([, args, exitCode, says]) => {
    expectTold(await tidemark(args, pipeline.environment), { exitCode, says });
  });

  it('a release that is not approved', async () => {
    const args = ['record', 'add', '--release', String(draft), '--platform', 'youtube', '--metric', 'views'];
    const finished = await tidemark([...args, '--value', '1'], pipeline.environment);
    expectTold(finished, { exitCode: 4, says: /approved/ });
  });
});

describe.concurrent('files', () => {
  it.for<[what: string, file: string, exitCode: number, says: RegExp]>([
    ['a missing one', files.missing, 3, /There is no file[\s\S]*mend:/],
    ['an empty one', files.empty, 4, /is empty[\s\S]*mend: {2}Export it again/],
    ['a picture', files.picture, 4, /Expected a CSV with the columns[\s\S]*mend: {2}Give the first line/],
    ['prose', files.prose, 4, /Expected a CSV with the columns[\s\S]*mend: {2}Give the first line/],
  ])('%s', async ([, file, exitCode, says]) => {
    expectTold(await tidemark(['import', 'csv', file, '--wait'], pipeline.environment), { exitCode, says });
  });

  it('one with poison rows, read through', async () => {
    const finished = await tidemark(
      ['import', 'csv', files.poisoned, '--dry-run', '--json'],
      pipeline.environment,
    );
    expect(finished).toMatchObject({ exitCode: 4, stderr: '' });
    expect(documentOf(finished)).toMatchObject([
      { files: 1, rows: 2, quarantined: 1, examples: [{ line: 3, field: 'value' }] },
    ]);
  });
});

describe.concurrent('dependencies', () => {
  const url = 'postgres://someone:canary@127.0.0.1:9/tidemark';

  it.for<[what: string, args: string[], settings: Record<string, string>, says: RegExp]>([
    [
      'no database',
      ['run', 'list'],
      { DATABASE_URL: '' },
      /No database is configured[\s\S]*mend: {2}Start the servers/,
    ],
    [
      'a database that is away',
      ['run', 'list'],
      { DATABASE_URL: url },
      /does not answer[\s\S]*mend: {2}Check DATABASE_URL/,
    ],
    [
      'a database that is away, for the migrations',
      ['migrate', 'status'],
      { DATABASE_URL: url },
      /cannot be reached[\s\S]*mend:/,
    ],
    [
      'Temporal that is away',
      ['schedule', 'list'],
      { TEMPORAL_ADDRESS: '127.0.0.1:9' },
      /Temporal at 127\.0\.0\.1:9[\s\S]*mend: {2}Check TEMPORAL_ADDRESS/,
    ],
    [
      'Temporal that is away, for a collection',
      ['collect'],
      { TEMPORAL_ADDRESS: '127.0.0.1:9' },
      /Temporal at[\s\S]*mend:/,
    ],
    [
      'a namespace that is none',
      ['schedule', 'list'],
      { TEMPORAL_NAMESPACE: 'nowhere' },
      /mend: {2}Create the namespace/,
    ],
  ])('%s', async ([, args, settings, says]) => {
    expectTold(await tidemark(args, { ...pipeline.environment, ...settings }), { exitCode: 5, says });
  });

  it('a wrong database password', async () => {
    const DATABASE_URL = pipeline.database.url.replace(/:[^:@/]+@/, ':canary@');
    const finished = await tidemark(['release', 'list'], { ...pipeline.environment, DATABASE_URL });
    expectTold(finished, {
      exitCode: 5,
      says: /password authentication failed[\s\S]*mend: {2}Check user, password/,
    });
  });

  it('the doctor, who goes on and says the mend of each', async () => {
    const settings = { ...pipeline.environment, DATABASE_URL: url, TEMPORAL_ADDRESS: '127.0.0.1:9' };
    const finished = await tidemark(['doctor', '--json'], settings);
    expect(finished).toMatchObject({ exitCode: 5, stderr: '' });
    const checks = documentOf(finished) as { name: string; state: string; mend: string | null }[];
    const state = (name: string): unknown => checks.find((check) => check.name === name)?.state;
    expect(['Node', 'Postgres', 'Migrations', 'Temporal', 'Schedules'].map(state)).toEqual([
      'ok',
      'failed',
      'skipped',
      'failed',
      'skipped',
    ]);
    expect(checks.filter((check) => (check.mend !== null) !== (check.state === 'failed'))).toEqual([]);
    expect(finished.stdout).not.toContain('canary');
  });

  it('the doctor without any server', async () => {
    const finished = await tidemark(['doctor']);
    expect(finished).toMatchObject({ exitCode: 5, stderr: '' });
    expect(finished.stdout).toMatch(/✗ Postgres: No database is configured.*\n\s+mend: Start the servers/);
  });
});
