import { upsertAccount } from '../../store/accounts.js';
import { upsertDescriptions } from '../../store/contents.js';
import type { Pipeline } from '../workflows/pipeline.js';

const trackCount = 3;

/** Gives a pipeline an account of the other platform, with the first of the world's tracks to ask for. */
export async function addSpotifyAccount({ pool, world }: Pipeline): Promise<void> {
  const { id } = await upsertAccount(pool, { platform: 'spotify', name: 'main', reports: ['counters'] });
  await upsertDescriptions(
    pool,
    world.releases.slice(0, trackCount).map(({ trackId, title }) => ({
      platform: 'spotify' as const,
      externalId: trackId,
      kind: 'track' as const,
      title,
      description: null,
      publishedAt: null,
      durationSeconds: null,
      tags: null,
      language: null,
      format: null,
      isrc: null,
      attributes: {},
    })),
    id,
  );
}
