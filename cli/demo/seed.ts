/** What a team tells the program before the first collection: artists, releases, accounts, used footage. */
import type { Pool, PoolClient } from 'pg';
import type { ContentDescription } from '../../contracts/records.js';
import type { Platform } from '../../contracts/vocabulary.js';
import type { GeneratedWorld } from '../../sandbox/generated-world.js';
import type { RecordedWorld } from '../../sandbox/recorded-world.js';
import { upsertAccount } from '../../store/accounts.js';
import { addAnnotation } from '../../store/annotations.js';
import { addArtist, listArtists } from '../../store/artists.js';
import { upsertDescriptions } from '../../store/contents.js';
import { addMetricDefinitions } from '../../store/metric-definitions.js';
import { inTransaction } from '../../store/queryable.js';
import { addRelease, linkContent, type NewRelease } from '../../store/releases.js';
import { insertClipUsages } from '../../store/stock.js';
import { setTracking } from '../../store/tracking.js';
import { recordedZone, type DemoWorld } from './worlds.js';

export const accountNames = { generated: 'main', recorded: 'recordings' } as const;

/**
 * Tells the database of the world's releases, once: in one transaction, so that a start cut short leaves
 * nothing half told. Answers whether there was anything to tell.
 */
export async function seedWorld(pool: Pool, demo: DemoWorld): Promise<boolean> {
  return inTransaction(pool, async (client) => {
    if ((await listArtists(client)).length > 0) return false;
    if (demo.kind === 'generated') await seedGenerated(client, demo.world);
    else await seedRecorded(client, demo.world);
    return true;
  });
}

async function seedGenerated(client: PoolClient, world: GeneratedWorld): Promise<void> {
  const artist = await addArtist(client, world.artistName);
  const youtube = await upsertAccount(client, {
    platform: 'youtube',
    name: accountNames.generated,
    artistId: artist.id,
    externalId: world.youtube.ownChannelId,
    reports: ['counters', 'daily'],
  });
  const spotify = await upsertAccount(client, {
    platform: 'spotify',
    name: accountNames.generated,
    artistId: artist.id,
    reports: ['counters', 'export'],
  });
  await upsertDescriptions(
    client,
    world.releases.map(({ videoId }) => unknownYet('youtube', videoId)),
    youtube.id,
  );
  await upsertDescriptions(
    client,
    world.releases.map(({ trackId }) => unknownYet('spotify', trackId)),
    spotify.id,
  );
  const releaseIds = new Map<number, number>();
  for (const release of world.releases) {
    const id = await addApproved(client, {
      artistId: artist.id,
      title: release.title,
      format: release.format,
      releasedOn: release.releasedOn,
      language: release.language,
      tags: release.tags,
      attributes: release.attributes,
    });
    releaseIds.set(release.index, id);
    await linkContent(client, `youtube:${release.videoId}`, id);
    await linkContent(client, `spotify:${release.trackId}`, id);
  }
  for (const { sourceName, clipId, release, usedAt } of world.clipUsages)
    await insertClipUsages(
      client,
      [{ sourceName, clipId, releaseId: releaseIds.get(release.index)! }],
      usedAt,
    );
  await addMetricDefinitions(client, world.definitionChanges);
  for (const { at, platform, release, text } of world.annotations)
    await addAnnotation(client, {
      artistId: artist.id,
      releaseId: release === null ? null : releaseIds.get(release.index)!,
      platform,
      at,
      text,
    });
}

async function seedRecorded(client: PoolClient, world: RecordedWorld): Promise<void> {
  const [videos, tracks] = [
    await addArtist(client, 'Recorded videos'),
    await addArtist(client, 'Recorded tracks'),
  ];
  const youtube = await upsertAccount(client, {
    platform: 'youtube',
    name: accountNames.recorded,
    artistId: videos.id,
    dayZones: { counters: recordedZone },
    reports: ['counters'],
  });
  const spotify = await upsertAccount(client, {
    platform: 'spotify',
    name: accountNames.recorded,
    artistId: tracks.id,
    dayZones: { counters: 'UTC', export: 'UTC' },
    reports: ['counters', 'export'],
  });
  await upsertDescriptions(
    client,
    world.videos.map(({ id }) => unknownYet('youtube', id)),
    youtube.id,
  );
  await setTracking(
    client,
    world.videos.map(({ id, trackedFrom, trackedUntil }) => ({
      contentKey: `youtube:${id}`,
      from: new Date(trackedFrom),
      // The bound lies just after the last time that the video was asked for.
      until: trackedUntil === null ? null : new Date(Date.parse(trackedUntil) + 1),
    })),
  );
  for (const video of world.videos) {
    const id = await addApproved(client, {
      artistId: videos.id,
      title: video.title,
      releasedOn: video.publishedAt.toISOString().slice(0, 10),
    });
    await linkContent(client, `youtube:${video.id}`, id);
  }
  const known = [...world.spotify.tracks.values()];
  await upsertDescriptions(
    client,
    known.map(({ id }) => unknownYet('spotify', id)),
    spotify.id,
  );
  for (const track of known) {
    const album = track.albumId === null ? null : world.spotify.album(track.albumId);
    const id = await addApproved(client, {
      artistId: tracks.id,
      title: track.name,
      releasedOn: album?.releasedOn ?? null,
    });
    await linkContent(client, `spotify:${track.id}`, id);
  }
}

async function addApproved(client: PoolClient, release: NewRelease): Promise<number> {
  return (await addRelease(client, { ...release, state: 'approved' })).id;
}

/** A content that is known by its id alone; its platform tells the rest at the first collection. */
function unknownYet(platform: Platform, externalId: string): ContentDescription {
  return {
    platform,
    externalId,
    kind: platform === 'spotify' ? 'track' : 'video',
    title: null,
    description: null,
    publishedAt: null,
    durationSeconds: null,
    tags: null,
    language: null,
    format: null,
    isrc: null,
    attributes: {},
  };
}
