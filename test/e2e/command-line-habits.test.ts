/** What every command does alike: one document under `--json`, silence under `--quiet`, `--dry-run` on writes. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keepClosedRunsFor } from '../../runtime/temporal-namespace.js';
import { digest, startPipeline, type Pipeline } from '../workflows/pipeline.js';
import { documentOf, tidemark } from './command-line.js';
import { addSpotifyAccount } from './spotify-account.js';

let pipeline: Pipeline;

beforeAll(async () => {
  pipeline = await startPipeline({ queuePrefix: '' });
  await addSpotifyAccount(pipeline);
});
afterAll(() => pipeline.close());

/** The document of a command that succeeds and has nothing to complain about. */
async function told(...args: string[]): Promise<unknown> {
  const finished = await tidemark([...args, '--json', '--quiet'], pipeline.environment);
  expect(finished).toMatchObject({ exitCode: 0, stderr: '' });
  return documentOf(finished);
}

async function text(...args: string[]): Promise<string> {
  const finished = await tidemark(args, pipeline.environment);
  expect(finished).toMatchObject({ exitCode: 0 });
  return finished.stdout;
}

describe('releases, values and stock sources', () => {
  it('adds a release, or only says that it would', async () => {
    const add = [
      'release',
      'add',
      'First light',
      '--artist',
      'Habit',
      '--released-on',
      '2026-01-05',
      '--tag',
      'a',
    ];
    expect(await told(...add, '--dry-run')).toMatchObject({
      id: null,
      title: 'First light',
      state: 'approved',
    });
    expect(await told('release', 'list')).toEqual([]);
    expect(await told(...add)).toMatchObject({ id: expect.any(Number) as number, released_on: '2026-01-05' });
    expect(await told('release', 'list')).toMatchObject([{ title: 'First light', tags: ['a'] }]);
    expect(await text('release', 'list')).toMatch(/id {2}title.*\n─.*\n.*First light {2}approved/);
  });

  it('records a value, or only says that it would', async () => {
    const [{ id }] = (await told('release', 'list')) as [{ id: number }];
    const add = [
      'record',
      'add',
      '--release',
      String(id),
      '--platform',
      'X',
      '--metric',
      'views',
      '--value',
      '12',
    ];
    const before = await digest(pipeline.pool);
    expect(await told(...add, '--dry-run')).toMatchObject({ platform: 'twitter', recorded: false });
    expect(await digest(pipeline.pool)).toBe(before);
    expect(await told(...add, '--at', '2026-03-01T10:00:00+02:00')).toMatchObject({
      release_id: id,
      metric_value: 12,
      recorded_at: '2026-03-01T08:00:00.000Z',
      recorded: true,
    });
    expect(await digest(pipeline.pool)).not.toBe(before);
  });

  it('logs clips and what releases were worth, and ranks their sources', async () => {
    const [{ id }] = (await told('release', 'list')) as [{ id: number }];
    const [clip, worth] = [
      ['source', 'log-clip', 'harbor-reels', 'clip-17', String(id)],
      ['source', 'log-performance', String(id), '8.5'],
    ];
    expect(await told(...clip, '--dry-run')).toMatchObject({ logged: false });
    expect(await told(...worth, '--dry-run')).toMatchObject({ logged: false });
    expect(await told('source', 'top')).toEqual([]);
    expect(await text('source', 'top')).toContain('No stock source has been used yet');
    expect(await told(...clip)).toMatchObject({ source_name: 'harbor-reels', release_id: id, logged: true });
    expect(await told(...worth)).toMatchObject({ performance_score: 8.5, logged: true });
    expect(await told('source', 'top', '-n', '3', '--half-life', '14')).toMatchObject([
      { rank: 1, source_name: 'harbor-reels', low_evidence: true },
    ]);
    expect(await told('source', 'top', '--explore', '--seed', '5')).toMatchObject([
      { rank: 1, source_name: 'harbor-reels', draw: expect.any(Number) as number },
    ]);
    expect(await told('source', 'why', 'harbor-reels')).toMatchObject({
      contributions: [{ release_id: id }],
    });
    expect(await text('source', 'why', 'harbor-reels')).toContain('that all sources have in common');
    expect(await told('source', 'history')).toMatchObject({ verdict: 'not_enough_data', releases: 1 });
    expect(await text('source', 'history')).toContain('Not enough data: needs 20 more scored releases');
    expect(await told('source', 'top', '--as-of', '2025-01-01')).not.toMatchObject([{ releases: 1 }]);
  });
});

describe('insights', () => {
  it('are listed, shown and decided about, or only said to be', async () => {
    const [artist] = (await pipeline.pool.query<{ id: number }>('select id from artists order by id limit 1'))
      .rows;
    const { rows } = await pipeline.pool.query<{ id: string }>(
      `insert into optimization_insights (artist_id, insight_key, insight_type, priority, title, description,
         impact_prediction, implementation_difficulty, rank, method_version, first_found_at, last_found_at)
       values ($1, 'k', 'anomaly', 'high', 'Views went silent', 'd', 'i', 'easy', 0.8, '3', now(), now())
       returning id::text`,
      [artist!.id],
    );
    const { id } = rows[0]!;
    expect(await told('insights', 'list', '--type', 'anomaly')).toMatchObject([{ id, status: 'open' }]);
    expect(await text('insights')).toContain('Views went silent');
    expect(await told('insights', 'accept', id, '--by', 'ann', '--dry-run')).toMatchObject({
      accepted: false,
    });
    expect(await told('insights', 'show', id)).toMatchObject({ status: 'open', history: [] });
    expect(await told('insights', 'snooze', id, '--until', '2999-01-01')).toMatchObject({ snoozed: true });
    expect(await told('insights', 'list')).toEqual([]);
    expect(await told('insights', 'list', '--status', 'snoozed')).toMatchObject([{ id }]);
    await told('insights', 'dismiss', id, '--by', 'ann', '--reason', 'known');
    expect(await told('insights', 'show', id)).toMatchObject({
      status: 'dismissed',
      history: [{ action: 'snoozed' }, { action: 'dismissed', actor: 'ann', note: 'known' }],
    });
    expect(await text('insights', 'show', id)).toMatch(/dismissed\s+ann\s+known/);
    expect(await told('insights', 'record')).toMatchObject({ accepted: { checked: 0, held_share: null } });
  });
});

describe('schedules', () => {
  interface Listed {
    id: string;
    paused: boolean;
    reason: string | null;
  }
  const listed = async (): Promise<Listed[]> => (await told('schedule', 'list')) as Listed[];

  it('are applied once, however often', async () => {
    const ids = ['tick', 'analyze-daily', 'maintain'];
    expect(await told('schedule', 'apply', '--dry-run')).toEqual({ out_of_step: ids });
    expect(await listed()).toEqual([]);
    expect(await told('schedule', 'apply')).toMatchObject({ created: ids, unchanged: [] });
    expect(await told('schedule', 'apply')).toMatchObject({ created: [], updated: [], unchanged: ids });
    expect((await listed()).map(({ id }) => id)).toEqual(ids);
  });

  it('are paused, resumed and triggered, or only said to be', async () => {
    const pause = ['schedule', 'pause', 'tick', '--reason', 'Until the channel has moved'];
    const tick = async (): Promise<Listed | undefined> => (await listed()).find(({ id }) => id === 'tick');
    expect(await told(...pause, '--dry-run')).toMatchObject({ id: 'tick', paused: false });
    expect(await tick()).toMatchObject({ paused: false });
    await told(...pause);
    expect(await tick()).toMatchObject({ paused: true, reason: 'Until the channel has moved' });
    expect(await told('schedule', 'show', 'tick')).toMatchObject({
      ...{ id: 'tick', paused: true, reason: 'Until the channel has moved', next_at: null },
      ...{ skipped_overlap: 0, missed_catch_up: 0 },
    });
    expect(await told('schedule', 'resume', 'tick', '--dry-run')).toMatchObject({ resumed: false });
    expect(await tick()).toMatchObject({ paused: true });
    await told('schedule', 'resume', 'tick');
    expect(await tick()).toMatchObject({ paused: false });
    expect(await told('schedule', 'trigger', 'maintain', '--dry-run')).toMatchObject({ triggered: false });
    const triggered = await told('schedule', 'trigger', 'maintain');
    expect(triggered).toMatchObject({
      triggered: true,
      url: expect.stringContaining('/schedules/maintain') as string,
    });
  });
});

describe('collections and backfills', () => {
  it('collects every report of every account, as one document', async () => {
    const before = await digest(pipeline.pool);
    const reports = ['counters', 'counters', 'daily'];
    const planned = (await told('collect', '--dry-run')) as { report: string; plan_id: null }[];
    expect(planned.map(({ report }) => report).sort()).toEqual(reports);
    expect(await digest(pipeline.pool)).toBe(before);
    const runs = (await told('collect', '--wait')) as {
      state: string;
      result: { counts: { inserted: number } };
    }[];
    expect(runs.map(({ state }) => state)).toEqual(['succeeded', 'succeeded', 'succeeded']);
    for (const { result } of runs) expect(result.counts.inserted).toBeGreaterThan(0);
  });

  it('says on standard error where to look, and leaves that out when asked to', async () => {
    const finished = await tidemark(['collect', '--platform', 'spotify', '--wait'], pipeline.environment);
    const id = /Started: (\S+)/.exec(finished.stderr)?.[1] ?? '';
    expect(id).toMatch(/^collect\/spotify\/main\/2026-03-04\/\d+$/);
    expect(finished.stderr).toContain(`Come back to it: tidemark run show '${id}'`);
    expect(finished.stderr).toContain(`/workflows/${encodeURIComponent(id)}/`);
    expect(finished.stdout).toContain(`${id}\nrun_id: `);
    const shown = (await told('run', 'show', id)) as { run: string; url: string };
    expect(shown).toMatchObject({ workflow_id: id, state: 'succeeded', temporal: { status: 'COMPLETED' } });
    expect(await told('run', 'show', shown.run)).toMatchObject({ workflow_id: id });
    expect(await text('run', 'open', shown.run)).toBe(`${shown.url}\n`);
    expect(await told('run', 'list', '--state', 'succeeded', '-n', '2')).toHaveLength(2);
    expect((await tidemark(['run', 'cancel', id, '--dry-run'], pipeline.environment)).exitCode).toBe(7);
  });

  it('plans a backfill, runs that very plan, and not twice', async () => {
    const range = ['--platform', 'youtube', '--from', '2026-01-01', '--to', '2026-01-05'];
    const before = await digest(pipeline.pool);
    expect(await told('backfill', 'plan', ...range, '--dry-run')).toMatchObject({ plan: null, open: 4 });
    expect(await told('backfill', 'list')).toEqual([]);
    const { plan } = (await told('backfill', 'plan', ...range)) as { plan: number };
    expect(await told('backfill', 'start', String(plan), '--dry-run')).toMatchObject({
      id: plan,
      state: 'planned',
    });
    expect(await digest(pipeline.pool)).toBe(before);
    expect(await told('backfill', 'start', String(plan), '--wait')).toMatchObject({
      plan,
      state: 'succeeded',
      result: { done: 4, failed: 0, parked_until: null },
    });
    expect(await told('backfill', 'list')).toMatchObject([
      { id: plan, from_day: '2026-01-01', state: 'finished' },
    ]);
    expect(await told('backfill', 'show', String(plan))).toMatchObject({
      plan: { id: plan },
      progress: null,
    });
    expect(await told('backfill', 'retry-failed', String(plan), '--dry-run')).toEqual({ plan, failed: 0 });
    const refused = [
      ['start', String(plan)],
      ['pause', String(plan), '--dry-run'],
      ['cancel', String(plan), '--dry-run'],
      ['retry-failed', String(plan)],
    ].map((args) => tidemark(['backfill', ...args], pipeline.environment));
    expect((await Promise.all(refused)).map(({ exitCode }) => exitCode)).toEqual([7, 7, 7, 7]);
  });
});

describe('the installation', () => {
  it('tells the state of the schema', async () => {
    const { applied, pending } = (await told('migrate', 'status')) as Record<string, string[]>;
    expect(applied?.[0]).toBe('0001_domain');
    expect(pending).toEqual([]);
    expect(await told('migrate', '--dry-run')).toEqual({ pending: [] });
    expect(await told('migrate')).toEqual({ applied: [] });
  });

  it('is found healthy by the doctor', async () => {
    const { TEMPORAL_ADDRESS: address = '', TEMPORAL_NAMESPACE: namespace = '' } = pipeline.environment;
    await keepClosedRunsFor(address, namespace, 30);
    const checks = (await told('doctor')) as { name: string; state: string }[];
    expect(checks.filter(({ state }) => state !== 'ok')).toEqual([]);
    expect(checks.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'Postgres',
        'Workers',
        'Schedules',
        'Account youtube/main',
        'Account spotify/main',
      ]),
    );
    expect(await text('doctor')).toMatch(/✓ Postgres: version \d+/);
  });
});
