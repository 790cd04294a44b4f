/** The generated world's history in a database, as a year of collection would have left it. */
import type { Pool } from 'pg';
import { pino } from 'pino';
import { dayBounds, eachDay } from '../../../analytics/calendar.js';
import type { SnapshotBatch } from '../../../contracts/records.js';
import { defaultAnalysisSettings } from '../../../services/analysis-settings.js';
import type { AnalysisDeps } from '../../../services/analysis-step.js';
import { createAnalysisThreads } from '../../../services/analysis-threads.js';
import { dayNumber } from '../../../sandbox/calendar.js';
import { generateWorld, type GeneratedWorld } from '../../../sandbox/generated-world.js';
import { answersOf, type WorldAnswers } from '../../../sandbox/world-answers.js';
import { upsertAccount } from '../../../store/accounts.js';
import { addArtist } from '../../../store/artists.js';
import { upsertDescriptions } from '../../../store/contents.js';
import { loadSnapshots } from '../../../store/load/load-snapshots.js';
import { addRelease, linkContent } from '../../../store/releases.js';
import { beginRun } from '../../../store/runs.js';
import { insertClipUsages } from '../../../store/stock.js';

export interface GeneratedHistory {
  world: GeneratedWorld;
  answers: WorldAnswers;
  artistId: number;
  /** Release ids in the world's order. */
  releaseIds: number[];
  deps: AnalysisDeps;
  /** Opens a run of its own. */
  newRun(): Promise<string>;
  close(): Promise<void>;
}

const seed = 7;
const anchorDay = '2026-11-20';

/** One snapshot of every video at the end of each day, with the streams of each day as the exports tell them. */
export async function loadGeneratedHistory(pool: Pool): Promise<GeneratedHistory> {
  const world = generateWorld({ seed, anchorDay });
  const now = dayBounds(anchorDay, 'UTC').start;
  const clock = { now: () => now };
  const { id: artistId } = await addArtist(pool, world.artistName);
  const releaseIds = await addCatalogue(pool, world, artistId);
  await loadVideos(pool, world, now);
  await loadStreams(pool, world);
  await defineBreaks(pool, world);
  const threads = createAnalysisThreads(1);
  let runs = 0;
  return {
    world,
    answers: answersOf(world),
    artistId,
    releaseIds,
    deps: { pool, clock, logger: pino({ level: 'silent' }), settings: defaultAnalysisSettings, threads },
    newRun: () =>
      beginRun(pool, {
        kind: 'analyze',
        workflowId: `analyze/${++runs}`,
        temporalRunId: String(runs),
        startedAt: new Date(now.getTime() + runs * 60_000),
      }),
    close: () => threads.close(),
  };
}

async function addCatalogue(pool: Pool, world: GeneratedWorld, artistId: number): Promise<number[]> {
  const account = await upsertAccount(pool, { platform: 'youtube', name: 'main', artistId });
  await upsertDescriptions(
    pool,
    world.releases.map((release) => ({
      platform: 'youtube' as const,
      externalId: release.videoId,
      kind: 'video' as const,
      title: release.title,
      description: release.description,
      publishedAt: release.publishedAt,
      durationSeconds: release.durationSeconds,
      tags: release.tags,
      language: release.language,
      format: null,
      isrc: null,
      attributes: {},
    })),
    account.id,
  );
  await upsertDescriptions(
    pool,
    world.releases.map((release) => ({
      platform: 'spotify' as const,
      externalId: release.trackId,
      kind: 'track' as const,
      title: release.title,
      description: null,
      publishedAt: new Date(`${release.releasedOn}T00:00:00Z`),
      durationSeconds: null,
      tags: null,
      language: null,
      format: null,
      isrc: release.isrc,
      attributes: {},
    })),
    null,
  );
  const ids: number[] = [];
  for (const release of world.releases) {
    const { id } = await addRelease(pool, {
      artistId,
      title: release.title,
      state: 'approved',
      format: release.format,
      releasedOn: release.releasedOn,
      language: release.language,
      tags: release.tags,
      attributes: release.attributes,
    });
    await linkContent(pool, `youtube:${release.videoId}`, id);
    await linkContent(pool, `spotify:${release.trackId}`, id);
    ids.push(id);
  }
  for (const { sourceName, clipId, release, usedAt } of world.clipUsages) {
    await insertClipUsages(pool, [{ sourceName, clipId, releaseId: ids[release.index]! }], usedAt);
  }
  return ids;
}

async function loadVideos(pool: Pool, world: GeneratedWorld, now: Date): Promise<void> {
  const batches = eachDay(world.firstDay, anchorDay).map((day): SnapshotBatch => {
    const recordedAt = new Date(dayBounds(day, 'UTC').end.getTime() - 60_000);
    const batch: SnapshotBatch = { observedAt: recordedAt, snapshots: [], missing: [] };
    for (const { videoId, publishedAt } of world.releases) {
      if (publishedAt >= recordedAt) continue;
      const video = world.youtube.video(videoId, recordedAt);
      if (video === null) batch.missing.push(videoId);
      else {
        const { views, likes, comments } = video.statistics;
        const metrics = Object.fromEntries(
          Object.entries({ views, likes, comments }).filter(([, value]) => value !== undefined),
        ) as Record<string, number>;
        batch.snapshots.push({ platform: 'youtube', externalId: videoId, recordedAt, metrics });
      }
    }
    return batch;
  });
  await loadSnapshots(pool, 'youtube', batches, { source: 'reported', run: { id: null, now } });
}

async function loadStreams(pool: Pool, world: GeneratedWorld): Promise<void> {
  for (const { trackId, releasedOn } of world.releases) {
    const days = eachDay(releasedOn, anchorDay).flatMap((day) => {
      const streams = world.spotify.streams(trackId, dayNumber(day));
      return streams === null ? [] : [{ day, ...streams }];
    });
    await pool.query(
      `insert into content_performance_history (content_id, day, basis, streams, streams_close, final)
       select c.id, d.day, 3, d.daily, d.total, true
       from unnest($2::date[], $3::float8[], $4::float8[]) as d (day, daily, total)
       join contents c on c.content_key = $1`,
      [
        `spotify:${trackId}`,
        days.map(({ day }) => day),
        days.map(({ daily }) => daily),
        days.map(({ total }) => total),
      ],
    );
  }
}

async function defineBreaks(pool: Pool, world: GeneratedWorld): Promise<void> {
  for (const change of world.definitionChanges) {
    await pool.query(
      `insert into metric_definitions (platform, metric, valid_from, definition, breaks_series)
       values ($1, $2, $3, $4, $5) on conflict do nothing`,
      [change.platform, change.metric, change.validFrom, change.definition, change.breaksSeries],
    );
  }
}
