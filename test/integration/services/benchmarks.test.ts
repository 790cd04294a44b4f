import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BadInputError, BenchmarkService, StoreError } from '../../../services/index.js';
import { createScoredReleases, type ScoredReleases } from './scored-releases.js';

let world: ScoredReleases;
let service: BenchmarkService;
beforeAll(async () => {
  world = await createScoredReleases(7);
  service = new BenchmarkService(world.deps);
  await world.score();
});
afterAll(() => world.close());

const own = async () => service.list({ artistId: world.artistId, origin: 'own' });

describe('the team’s own benchmarks', () => {
  it('are quantiles at day 1, 3, 7 and 28 by platform, format and metric', async () => {
    const found = await own();
    expect(new Set(found.map(({ age_days }) => age_days))).toEqual(new Set([1, 3, 7, 28]));
    const views = found.find(({ metric, age_days }) => metric === 'views' && age_days === 7);
    expect(views).toMatchObject({
      ...{ platform: 'youtube', format: 'long', points: 7, withheld: null, version: '1' },
      ...{ median: 2_800, method: expect.stringContaining('type 7') as string },
    });
    expect(views!.p30).toBeCloseTo(1_960, 9);
    expect(views!.p70).toBeCloseTo(3_640, 9);
    const rate = found.find(
      ({ metric, age_days }) => metric === 'engagement_rate_computed' && age_days === 1,
    );
    expect(rate).toMatchObject({ p30: 0.1, median: 0.1, p70: 0.1 });
  });

  it('stand as they are when nothing has changed, and go with their group', async () => {
    const before = await own();
    await world.score();
    expect(await own()).toEqual(before);
    await world.database.pool.query(`update releases set format = 'short' where id = $1`, [
      world.releaseIds[0],
    ]);
    await world.score();
    const short = (await own()).filter(({ format }) => format === 'short');
    expect(short[0]).toMatchObject({
      ...{ p30: null, median: null, points: 1, withheld: 'needs 4 more contents to compare with' },
    });
    await world.database.pool.query(`update releases set format = 'long' where id = $1`, [
      world.releaseIds[0],
    ]);
    await world.score();
    expect((await own()).filter(({ format }) => format === 'short')).toEqual([]);
  });
});

describe('external benchmarks', () => {
  it('start from the configuration once, and keep what people made of them', async () => {
    const listed = async () =>
      (await service.list({ origin: 'external' })).map(({ platform, median }) => [platform, median]);
    expect(await listed()).toEqual([
      ['tiktok', 0.06],
      ['youtube', 0.04],
    ]);
    const set = await service.setExternal(
      { platform: 'YouTube', metric: 'engagement_rate', median: 0.05, source: 'A survey of 2026' },
      'ana',
    );
    expect(set).toMatchObject({
      median: 0.05,
      edited_by: 'ana',
      source: 'A survey of 2026',
      origin: 'external',
    });
    const [tiktok] = await service.list({ origin: 'external', platform: 'tiktok' });
    await service.remove(tiktok!.id, 'ben');
    await world.score();
    expect(await service.seedExternal({ youtube: 0.9, tiktok: 0.9, twitter: 0.02 })).toBe(1);
    expect(await listed()).toEqual([
      ['twitter', 0.02],
      ['youtube', 0.05],
    ]);
    await service.setExternal({ platform: 'tiktok', metric: 'engagement_rate', median: 0.07 }, 'ben');
    expect(await listed()).toContainEqual(['tiktok', 0.07]);
    await expect(service.remove('999999', 'ben')).rejects.toMatchObject({ code: 'notFound' });
    await expect(service.remove('; drop', 'ben')).rejects.toBeInstanceOf(StoreError);
    const [views] = await own();
    await expect(service.remove(views!.id, 'ben')).rejects.toMatchObject({ code: 'notFound' });
  });

  it.each([
    [{ platform: 'myspace', metric: 'views', median: 1 }, 'Unknown platform'],
    [{ platform: 'x', metric: ' ', median: 1 }, 'of a metric'],
    [{ platform: 'x', metric: 'views', median: Number.NaN }, 'ascending order'],
    [{ platform: 'x', metric: 'views', median: 2, p30: 3, p70: 4 }, 'ascending order'],
    [{ platform: 'x', metric: 'views', median: 2, p30: 1 }, 'together or not at all'],
    [{ platform: 'x', metric: 'views', median: 2, ageDays: 1.5 }, 'whole number of days'],
  ])('are refused when they make no sense: %j', async (benchmark, reason) => {
    await expect(service.setExternal(benchmark, 'ana')).rejects.toThrow(reason);
    await expect(service.setExternal(benchmark, 'ana')).rejects.toBeInstanceOf(BadInputError);
  });
});

describe('a content beside its benchmarks', () => {
  it('has a value, band and percentile at every age, itself left out of its peers', async () => {
    const top = await service.compareContent('video-7');
    const at = (age: number, metric: string) =>
      top.checkpoints.find((one) => one.age_days === age && one.metric === metric);
    expect(at(7, 'views')).toMatchObject({
      ...{ value: 4_900, points: 6, band: 'above', percentile: 1, withheld: null, external: null },
      own: { median: 2_450 },
    });
    expect(at(28, 'engagement_rate_computed')).toMatchObject({
      ...{ value: 0.1, band: 'typical', percentile: 0.5 },
      external: { median: 0.05, band: null, relative: 1, source: 'A survey of 2026' },
    });
    expect(top.performance).toMatchObject({ score: 10, age_days: 28, band: 'high' });
    expect(top.parameters).toEqual({ ages_days: [1, 3, 7, 28], tolerance_hours: 36, least_peers: 5 });
    const low = await service.compareContent('video-1');
    expect(low.checkpoints.every(({ metric, band }) => metric !== 'views' || band === 'below')).toBe(true);
    expect(low.performance).toMatchObject({ score: 0, band: 'low' });
  });

  it('goes by the closest external benchmark: the artist’s, the industry’s, the age’s', async () => {
    const engagementAt = async (age: number, industry: string | null) =>
      (await service.compareContent('video-4', industry)).checkpoints.find(
        (one) => one.age_days === age && one.metric === 'engagement_rate_computed',
      )!.external!.median;
    const metric = { platform: 'youtube', metric: 'engagement_rate' };
    await service.setExternal({ ...metric, median: 0.051, ageDays: 7 }, 'ana');
    await service.setExternal({ ...metric, median: 0.052, industry: 'music' }, 'ana');
    expect(await engagementAt(7, null)).toBe(0.051);
    expect(await engagementAt(3, null)).toBe(0.05);
    expect(await engagementAt(7, 'music')).toBe(0.052);
    expect(await engagementAt(7, 'news')).toBe(0.051);
    await service.setExternal(
      { ...metric, median: 0.2, artistId: world.artistId, p30: 0.15, p70: 0.3 },
      'ana',
    );
    expect(await engagementAt(7, 'music')).toBe(0.2);
  });

  it('is withheld with the reason', async () => {
    const { pool } = world.database;
    await pool.query(
      `insert into contents (content_key, platform, external_id, published_at)
       values ('young', 'youtube', 'young', '2026-02-27T00:00:00Z'), ('lone', 'youtube', 'lone', '2026-01-01')`,
    );
    await pool.query(
      `insert into engagement_snapshots (content_id, recorded_at, source, views)
       select id, '2026-01-08', 2, 10 from contents where content_key = 'lone'`,
    );
    const young = await service.compareContent('young');
    expect(young).toMatchObject({ performance: null, checkpoints: [] });
    const lone = await service.compareContent('lone');
    expect(lone.checkpoints.find((one) => one.age_days === 7)).toMatchObject({
      ...{ value: 10, withheld: 'belongs to no approved release', band: null, points: 0 },
    });
    expect(lone.checkpoints.find((one) => one.age_days === 28)).toMatchObject({
      ...{ value: null, withheld: 'no value within 36 hours of the age' },
    });
    await pool.query(
      `update contents set published_at = '2026-02-27T00:00:00Z' where content_key = 'video-2'`,
    );
    const moved = await service.compareContent('video-2');
    expect(moved.checkpoints.find((one) => one.age_days === 7)).toMatchObject({
      withheld: 'reaches day 7 in 4 days',
    });
    await expect(service.compareContent('nobody')).rejects.toMatchObject({ code: 'notFound' });
  });
});
