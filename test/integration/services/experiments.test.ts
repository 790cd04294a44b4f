import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  BadInputError,
  ExperimentService,
  PerformanceAnalyticsManager,
  StoreError,
} from '../../../services/index.js';
import type { ExperimentDefinition } from '../../../services/experiment-models.js';
import { addArtist } from '../../../store/artists.js';
import { inTransaction } from '../../../store/queryable.js';
import { addRelease } from '../../../store/releases.js';
import { as } from '../sql/tenant-sessions.js';
import { createScoredReleases, type ScoredReleases } from './scored-releases.js';

let world: ScoredReleases;
let service: ExperimentService;
let thumbnails: ExperimentDefinition;
beforeAll(async () => {
  world = await createScoredReleases(24);
  service = new ExperimentService(world.deps);
  thumbnails = {
    ...{ artistId: world.artistId, name: 'Thumbnails', metric: 'clicks', kind: 'proportion' },
    ...{ hypothesis: 'A face draws more clicks', baseline: 0.05, minimumEffect: 0.01 },
    variants: [{ name: 'plain' }, { name: 'face', description: 'A face fills half of it' }],
  };
});
afterAll(() => world.close());

let names = 0;
const define = (change: Partial<ExperimentDefinition> = {}) =>
  service.define({ ...thumbnails, name: `Test ${++names}`, ...change }, 'ana');

describe('an A/B test of recorded totals', () => {
  it('is planned, observed, evaluated and decided', async () => {
    const test = await service.define(thumbnails, 'ana');
    expect(test).toMatchObject({
      ...{ name: 'Thumbnails', outcome: 'recorded', status: 'running', created_by: 'ana', alpha: 0.05 },
      ...{ planned_per_variant: 10_876, decision: null, ended_at: null },
      variants: [
        { name: 'plain', is_control: true, share: 1 },
        { name: 'face', is_control: false, description: 'A face fills half of it' },
      ],
    });
    expect(await service.evaluate(test.id)).toMatchObject({ verdict: 'withheld', points: 0 });
    const record = (variant: string, trials: number, successes: number, releaseId = world.releaseIds[0]!) =>
      service.recordObservation(test.id, variant, { trials, successes, releaseId }, 'ben');
    await record('plain', 400, 20);
    await record('face', 400, 29);
    expect(await service.evaluate(test.id)).toMatchObject({
      verdict: 'undecided',
      needed_per_variant: 10_476,
    });
    // The same release's totals take the place of the former ones, another's come on top.
    await record('plain', 5_000, 250);
    await record('face', 5_000, 340);
    await record('plain', 4_000, 205, world.releaseIds[1]);
    await record('face', 4_000, 270, world.releaseIds[1]);
    const evaluation = await service.evaluate(test.id);
    expect(evaluation).toMatchObject({
      ...{ experiment_id: test.id, verdict: 'winner', winner: 'face', points: 18_000, pending: 0 },
      evaluated_at: world.deps.clock.now().toISOString(),
    });
    const decided = await service.decide(test.id, 'ana', { note: 'As expected' });
    expect(decided).toMatchObject({
      ...{ status: 'decided', decision: 'face', decision_note: 'As expected', decided_by: 'ana' },
      ended_at: world.deps.clock.now().toISOString(),
    });
    const { rows } = await world.database.pool.query<{ evaluation: unknown }>(
      'select evaluation from ab_tests where id = $1',
      [test.id],
    );
    expect(rows[0]!.evaluation).toEqual(evaluation);
    await expect(record('face', 1, 1)).rejects.toMatchObject({ code: 'conflict' });
    await expect(service.decide(test.id, 'ana')).rejects.toMatchObject({ code: 'conflict' });
    await expect(service.close(test.id, 'ana')).rejects.toMatchObject({ code: 'conflict' });
  });

  it('pools the means of its subjects', async () => {
    const test = await define({
      kind: 'mean',
      metric: 'minutes',
      baseline: 3,
      standardDeviation: 1,
      minimumEffect: 1,
    });
    for (const [contentId, mean] of [
      ['video-1', 3],
      ['video-2', 4],
    ] as const) {
      await service.recordObservation(
        test.id,
        'plain',
        { trials: 30, mean, variance: 0.5, contentId },
        'ben',
      );
    }
    await service.recordObservation(test.id, 'face', { trials: 60, mean: 5, variance: 0.6 }, 'ben');
    const { variants, verdict, winner } = await service.evaluate(test.id);
    expect(variants[0]).toMatchObject({ variant: 'plain', points: 60, estimate: 3.5 });
    expect({ verdict, winner }).toEqual({ verdict: 'winner', winner: 'face' });
  });

  it('is closed without a decision, or decided against its evaluation', async () => {
    const closed = await service.close((await define()).id, 'ana', 'Too few visitors');
    expect(closed).toMatchObject({ status: 'closed', decision: null, decision_note: 'Too few visitors' });
    const open = await define();
    await expect(service.decide(open.id, 'ana')).rejects.toThrow('Name a variant, or close the test');
    expect(await service.decide(open.id, 'ana', { variant: 'plain' })).toMatchObject({ decision: 'plain' });
    const running = await service.list({ artistId: world.artistId, status: 'running' });
    expect(running.map(({ id }) => id)).not.toContain(open.id);
    expect((await service.list({ status: 'closed' })).map(({ id }) => id)).toEqual([closed.id]);
  });
});

describe('an A/B test of assigned contents', () => {
  it('compares their values at equal age', async () => {
    const test = await define({
      ...{ kind: 'mean', metric: 'views', ageDays: 7, baseline: 8_000, standardDeviation: 3_000 },
      minimumEffect: 9_000,
    });
    expect(test).toMatchObject({ outcome: 'equal_age', age_days: 7 });
    const videos = (from: number, to: number): string[] =>
      Array.from({ length: to - from + 1 }, (_, i) => `video-${from + i}`);
    await service.assignContents(test.id, 'plain', videos(1, 11), 'ben');
    await service.assignContents(test.id, 'plain', videos(1, 12), 'ben');
    await service.assignContents(test.id, 'face', videos(13, 24), 'ben');
    const evaluation = await service.evaluate(test.id);
    expect(evaluation.variants.map(({ points, estimate }) => [points, estimate])).toEqual([
      [12, 4_550],
      [12, 12_950],
    ]);
    expect(evaluation).toMatchObject({ pending: 0, verdict: 'winner', winner: 'face' });
    await expect(service.assignContents(test.id, 'face', ['video-1', 'video-24'], 'ben')).rejects.toThrow(
      '“video-1” has the variant “plain” already',
    );
    await world.database.pool.query(
      `delete from engagement_snapshots
       where content_id = (select id from contents where content_key = 'video-24')
         and recorded_at between '2026-01-05' and '2026-01-12'`,
    );
    expect(await service.evaluate(test.id)).toMatchObject({ pending: 1, points: 23 });
  });

  it('hands a stand-in’s place to the content that takes it', async () => {
    const { pool } = world.database;
    const release = await addRelease(pool, {
      artistId: world.artistId,
      title: 'Told first',
      state: 'approved',
    });
    await pool.query(`select insert_performance_record($1, 'tiktok', 'views', 5)`, [release.id]);
    const { rows } = await pool.query<{ key: string }>(
      'select content_key as key from contents where release_id = $1',
      [release.id],
    );
    const test = await define({ kind: 'mean', metric: 'views', ageDays: 7, standardDeviation: 1 });
    await service.assignContents(test.id, 'face', [rows[0]!.key], 'ben');
    await pool.query(
      `insert into contents (content_key, platform, external_id, release_id) values ('tiktok:real', 'tiktok', 'real', $1)`,
      [release.id],
    );
    const { rows: assigned } = await pool.query<{ key: string }>(
      `select c.content_key as key from ab_test_assignments a join contents c on c.id = a.content_id
       where a.ab_test_id = $1`,
      [test.id],
    );
    expect(assigned).toEqual([{ key: 'tiktok:real' }]);
  });
});

describe('what makes no A/B test', () => {
  it.each<[Partial<ExperimentDefinition>, string]>([
    [{ name: ' ' }, 'has a name'],
    [{ metric: '' }, 'of a metric'],
    [{ variants: [{ name: 'a' }] }, 'at least one variant'],
    [{ variants: [{ name: 'a' }, { name: 'a' }] }, 'same name'],
    [{ variants: [{ name: 'a' }, { name: 'b', share: 0 }] }, 'above 0'],
    [{ baseline: 0 }, 'between 0 and 1'],
    [{ minimumEffect: 1e-9 }, 'No number of observations'],
    [{ kind: 'mean' }, 'standard deviation'],
    [{ ageDays: 7 }, 'are means'],
  ])('%j', async (change, reason) => {
    await expect(define(change)).rejects.toThrow(reason);
    await expect(define(change)).rejects.toBeInstanceOf(BadInputError);
  });

  it('and no observation or assignment of one', async () => {
    const shares = await define();
    const observe = (observation: { trials: number; successes?: number }, variant = 'plain') =>
      service.recordObservation(shares.id, variant, observation, 'ben');
    await expect(observe({ trials: 10, successes: 11 })).rejects.toThrow('no more than the former');
    await expect(observe({ trials: 10 })).rejects.toBeInstanceOf(BadInputError);
    await expect(observe({ trials: 1.5, successes: 1 })).rejects.toBeInstanceOf(BadInputError);
    await expect(observe({ trials: 10, successes: 1 }, 'none')).rejects.toThrow('give one of plain, face');
    await expect(service.assignContents(shares.id, 'plain', ['video-1'], 'ben')).rejects.toThrow(
      'takes recorded totals',
    );
    const mean = await define({ kind: 'mean', metric: 'views', ageDays: 7, standardDeviation: 1 });
    await expect(
      service.recordObservation(mean.id, 'plain', { trials: 9, mean: 1, variance: 1 }, 'ben'),
    ).rejects.toThrow('from the contents assigned');
    await world.database.pool.query(
      `insert into contents (content_key, platform) values ('stray', 'youtube')`,
    );
    await expect(service.assignContents(mean.id, 'plain', ['stray'], 'ben')).rejects.toThrow('belongs to no');
    const minutes = await define({ kind: 'mean', metric: 'minutes', standardDeviation: 1 });
    for (const totals of [
      { trials: 0, mean: 1, variance: 1 },
      { trials: 3, mean: 1 },
      { trials: 3, mean: 1, variance: -1 },
    ]) {
      await expect(service.recordObservation(minutes.id, 'plain', totals, 'ben')).rejects.toBeInstanceOf(
        BadInputError,
      );
    }
    await expect(service.show(9_999)).rejects.toBeInstanceOf(StoreError);
    await expect(define({ name: 'Thumbnails' })).rejects.toMatchObject({
      code: 'conflict',
      message: 'The artist has an experiment called “Thumbnails” already.',
    });
    await expect(define({ artistId: 9_999 })).rejects.toMatchObject({ code: 'notFound' });
  });
});

describe('A/B tests through other doors', () => {
  it('can be rehearsed in a transaction of the caller’s', async () => {
    const undo = new Error('rehearsed');
    const before = (await service.list()).length;
    await expect(
      inTransaction(world.database.pool, async (client) => {
        const rehearsal = new ExperimentService({ ...world.deps, db: client });
        expect((await rehearsal.define({ ...thumbnails, name: 'Rehearsed' }, 'ana')).status).toBe('running');
        throw undo;
      }),
    ).rejects.toBe(undo);
    expect(await service.list()).toHaveLength(before);
  });

  it('are the manager’s too', async () => {
    const manager = new PerformanceAnalyticsManager(world.database.pool, { clock: world.deps.clock });
    expect(await manager.experiments.list()).toEqual(await service.list());
  });

  it('are another artist’s for nobody else', async () => {
    const { pool } = world.database;
    const other = await addArtist(pool, 'Another');
    const [mine] = await service.list({ artistId: world.artistId });
    const asArtist = <Result>(id: number, work: (own: ExperimentService) => Promise<Result>) =>
      as(pool, 'tidemark_app', String(id), (client) =>
        work(new ExperimentService({ ...world.deps, db: client })),
      );
    expect(await asArtist(other.id, (own) => own.list())).toEqual([]);
    await expect(asArtist(other.id, (own) => own.show(mine!.id))).rejects.toMatchObject({ code: 'notFound' });
    await expect(
      asArtist(other.id, (own) => own.define({ ...thumbnails, name: 'Theirs' }, 'eve')),
    ).rejects.toMatchObject({ code: 'accessDenied' });
    const defined = await asArtist(other.id, (own) =>
      own.define({ ...thumbnails, artistId: other.id, name: 'Their own' }, 'eve'),
    );
    expect(defined.variants).toHaveLength(2);
  });
});
