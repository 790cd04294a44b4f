import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { analysisSettingsOf, AnalyticsConfig, BadInputError, ScoreService } from '../../../services/index.js';
import { createScoredReleases, type ScoredReleases } from './scored-releases.js';

let world: ScoredReleases;
let service: ScoreService;
beforeAll(async () => {
  world = await createScoredReleases(6);
  service = new ScoreService(world.deps);
  // Likes go against views: the weights decide.
  await world.database.pool.query('update engagement_snapshots set likes = 100000 - views');
  await world.score();
});
afterAll(() => world.close());

const stored = () => service.explain(world.releaseIds[5]!);

describe('weights of the score', () => {
  it('are the default until an artist has its own, and every edit makes a version', async () => {
    const [first] = await service.listWeights();
    expect(first).toMatchObject({ version: 1, artist_id: null, valid_from: null, weights: { views: 0.5 } });
    const before = await stored();
    expect(before.map(({ weights_id }) => weights_id)).toEqual([first!.weights_id, first!.weights_id]);
    world.setNow(new Date('2026-03-05T00:00:00Z'));
    const own = await service.setWeights({ views: 0.1, likes: 0.9 }, 'ana', world.artistId);
    expect(own).toMatchObject({ version: 1, artist_id: world.artistId, created_by: 'ana' });
    expect(await service.setWeights({ likes: 0.9, views: 0.1 }, 'ben', world.artistId)).toEqual(own);
    const next = await service.setWeights({ views: 0.1, 'youtube/likes': 0.9 }, 'ben', world.artistId);
    expect(next.version).toBe(2);
    expect((await service.listWeights(world.artistId)).map(({ version }) => version)).toEqual([2, 1]);
    expect(await service.listWeights()).toEqual([first]);
  });

  it('make a score that is held against the thresholds of its platform', async () => {
    const bandBy = async (platform: string): Promise<unknown> => {
      const settings = analysisSettingsOf(
        new AnalyticsConfig({ PLATFORM_SETTINGS: `{"${platform}": {"high_performance_threshold": 7.7}}` }),
      );
      const [told] = await new ScoreService({ ...world.deps, settings }).explain(world.releaseIds[5]!);
      return told!.band;
    };
    expect((await stored())[0]).toMatchObject({ score: 7.692, band: 'high' });
    expect(await bandBy('youtube')).toBe('typical');
    expect(await bandBy('tiktok')).toBe('high');
  });

  it('stand beside each score, which explains itself to the digit', async () => {
    const [early] = await stored();
    expect(early).toMatchObject({
      ...{ score: 7.692, band: 'high', points: 5, version: '2', withheld: null },
      ...{ checkpoint_day: '2026-01-08', parameters: { tolerance_hours: 36, least_peers: 3 } },
    });
    const points = early!.contributions.reduce((sum, one) => sum + Math.round(one.points * 1_000), 0);
    expect(points).toBe(7_692);
    world.setNow(new Date('2026-03-06T00:00:00Z'));
    await world.score();
    const [late] = await stored();
    expect(late).toMatchObject({ score: 1, band: 'low' });
    expect(late!.weights_id).not.toBe(early!.weights_id);
  });

  it('of an older version give the older score again', async () => {
    const { rows } = await world.database.pool.query<{
      release: number;
      age: number;
      score: number;
      id: number;
    }>(
      `select release_id as release, age_days as age, score, weights_id as id from release_scores
       where score is not null`,
    );
    expect(new Set(rows.map(({ id }) => id)).size).toBe(2);
    for (const { release, age, score, id } of rows) {
      const again = await service.recompute(world.artistId, id);
      const same = again.find((one) => one.release_id === release && one.age_days === age);
      expect(same).toMatchObject({ score, weights_id: id });
    }
    const latest = await service.recompute(world.artistId);
    expect(latest.find((one) => one.release_id === world.releaseIds[5])!.score).toBe(1);
    expect(await service.explain(-1)).toEqual([]);
  });

  it('of another artist, or of nobody, are not to be had', async () => {
    const [own] = await service.listWeights(world.artistId);
    await expect(service.recompute(world.artistId + 1, own!.weights_id)).rejects.toMatchObject({
      code: 'notFound',
    });
    await expect(service.recompute(world.artistId, 9_999)).rejects.toMatchObject({ code: 'notFound' });
    await expect(service.setWeights({ views: 1 }, 'ana', 9_999)).rejects.toMatchObject({ code: 'notFound' });
  });

  it.each([
    [{ views: -1 }, 'from 0 on'],
    [{ views: Number.POSITIVE_INFINITY }, 'from 0 on'],
    [{ views: 0 }, 'above 0'],
    [{}, 'above 0'],
    [{ ' ': 1 }, 'belongs to a metric'],
  ])('are refused when they make no sense: %j', async (weights, reason) => {
    await expect(service.setWeights(weights, 'ana')).rejects.toThrow(reason);
    await expect(service.setWeights(weights, 'ana')).rejects.toBeInstanceOf(BadInputError);
    await expect(service.setWeights({ views: 1 }, ' ')).rejects.toThrow('whoever set them');
  });
});
