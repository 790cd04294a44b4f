/** A/B tests and benchmarks from the command line. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addArtist } from '../../store/artists.js';
import { addRelease, linkContent } from '../../store/releases.js';
import { createTestDatabase, type TestDatabase } from '../support/databases.js';
import { documentOf, expectTold, tidemark, type Finished } from './command-line.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  const { id: artistId } = await addArtist(database.pool, 'Habit');
  const { id } = await addRelease(database.pool, { artistId, title: 'One', state: 'approved' });
  await database.pool.query(
    `insert into contents (content_key, platform, published_at) values ('one', 'youtube', '2026-01-01')`,
  );
  await linkContent(database.pool, 'one', id);
});
afterAll(() => database.drop());

const run = (...args: string[]): Promise<Finished> =>
  tidemark(args, { DATABASE_URL: database.url, USER: 'ana' });

async function told(...args: string[]): Promise<unknown> {
  const finished = await run(...args, '--json', '--quiet');
  expect(finished).toMatchObject({ exitCode: 0, stderr: '' });
  return documentOf(finished);
}

async function text(...args: string[]): Promise<string> {
  const finished = await run(...args);
  expect(finished).toMatchObject({ exitCode: 0 });
  return finished.stdout;
}

describe('tidemark experiment', () => {
  const plan = [
    ...['experiment', 'add', 'Thumbnails', '--artist', 'Habit', '--metric', 'clicks', '--kind', 'proportion'],
    ...['--variant', 'plain', 'face', '--baseline', '0.05', '--effect', '0.01'],
  ];

  it('defines a test, or only says that it would', async () => {
    expect(await text('experiment', 'list')).toContain('no A/B test yet');
    expect(await told(...plan, '--dry-run')).toMatchObject({ id: null, planned_per_variant: 10_876 });
    expect(await told('experiment', 'list')).toEqual([]);
    expect(await told(...plan)).toMatchObject({ id: 2, created_by: 'ana', status: 'running' });
    expect(await text('experiment', 'list', '--status', 'running')).toMatch(
      /2 {2}Thumbnails.*plain, face.*10876/,
    );
    expectTold(await run(...plan.with(4, 'Nobody')), { exitCode: 3, says: /no artist “Nobody”[^]*“Habit”/ });
    expectTold(await run(...plan.with(-1, '0')), { exitCode: 2, says: /minimum effect is above 0/ });
  });

  it('records, shows, decides and closes', async () => {
    const record = (variant: string, successes: string): string[] => [
      ...['experiment', 'record', '2', variant, '--trials', '9000', '--successes', successes],
    ];
    expect(await told(...record('plain', '450'), '--dry-run')).toMatchObject({ recorded: false });
    expect(await text(...record('plain', '450'))).toBe('Recorded “plain”.\n');
    expect(await told(...record('face', '620'), '--by', 'ben')).toMatchObject({ recorded: true });
    const shown = (await told('experiment', 'show', '2')) as {
      evaluation: { winner: string; points: number };
    };
    expect(shown.evaluation).toMatchObject({ winner: 'face', points: 18_000 });
    expect(await text('experiment', 'show', '2')).toContain('“face” beats the control by 0.0189');
    expect(await told('experiment', 'decide', '2', '--dry-run')).toMatchObject({
      decision: 'face',
      decided: false,
    });
    expect(await text('experiment', 'decide', '2', '--note', 'Clear')).toBe(
      'Decided “Thumbnails” for “face”.\n',
    );
    expectTold(await run('experiment', 'close', '2'), { exitCode: 7, says: /has ended/ });
    expectTold(await run('experiment', 'show', '99'), { exitCode: 3, says: /no A\/B test 99/ });
  });

  it('assigns contents to the variants of a test at equal age', async () => {
    const added = (await told(
      ...['experiment', 'add', 'Intros', '--artist', 'Habit', '--metric', 'views', '--kind', 'mean'],
      ...[
        '--variant',
        'long',
        'short',
        '--baseline',
        '100',
        '--effect',
        '50',
        '--deviation',
        '80',
        '--age',
        '7',
      ],
    )) as { id: number };
    const assign = ['experiment', 'assign', String(added.id), 'short', 'one'];
    expect(await told(...assign, '--dry-run')).toMatchObject({ contents: ['one'], assigned: false });
    expect(await text(...assign)).toBe('Assigned one to “short”.\n');
    expect(await text('experiment', 'show', String(added.id))).toContain('1 assigned contents have no value');
    expect(await told('experiment', 'close', String(added.id))).toEqual({ id: added.id, closed: true });
  });
});

describe('tidemark benchmark', () => {
  it('sets, lists and removes external ones, or only says that it would', async () => {
    const set = ['benchmark', 'set', 'YouTube', 'engagement_rate', '--median', '0.05', '--industry', 'music'];
    expect(await text('benchmark', 'list')).toContain('no benchmark yet');
    expect(await told(...set, '--dry-run')).toMatchObject({ id: null, platform: 'youtube', median: 0.05 });
    expect(await told('benchmark', 'list')).toEqual([]);
    const { id } = (await told(...set)) as { id: string };
    expect(
      await told('benchmark', 'list', '--external', '--platform', 'youtube', '--artist', 'Habit'),
    ).toMatchObject([{ id, origin: 'external', industry: 'music', edited_by: 'ana' }]);
    expect(await told('benchmark', 'list', '--own')).toEqual([]);
    expectTold(await run(...set, '--p30', '0.2'), { exitCode: 2, says: /together or not at all/ });
    expect(await told('benchmark', 'remove', id, '--dry-run')).toEqual({ id, removed: false });
    expect(await text('benchmark', 'remove', id)).toBe(`Removed benchmark ${id}.\n`);
    expectTold(await run('benchmark', 'remove', id), { exitCode: 3, says: /no external benchmark/ });
  });

  it('shows a content beside its peers', async () => {
    expect(await text('benchmark', 'show', 'one')).toContain('Neither it nor its peers have a value');
    await database.pool.query(
      `insert into engagement_snapshots (content_id, recorded_at, source, views)
       select id, '2026-01-08', 2, 1234 from contents where content_key = 'one'`,
    );
    expect(await told('benchmark', 'show', 'one')).toMatchObject({ content_id: 'one', performance: null });
    expect(await text('benchmark', 'show', 'one')).toMatch(/7 {2}views.*1234.*needs 5 more contents/);
  });
});
