import { dayNumber, msPerDay } from './calendar.js';
import { youtubeId, type GeneratedRelease } from './generated-catalogue.js';
import { integer, keyOf, normal, uniform } from './random.js';
import {
  definitionChangeFactor,
  plannedReleases,
  plantedAt,
  qualityOf,
  viewsRedefinedOn,
} from './release-plan.js';
import { SettledCurve, VideoCurve, type Curve, type Effect, type LaunchShape } from './video-curve.js';
import type { YouTubeChannel, YouTubeVideo } from './world.js';

const hourMs = 3_600_000;
/** Views a day of a release of quality 1: launch surge and long tail. */
const surge = 15_000;
const tail = 560;

/** A video of the generated channel and how its counters run. */
export interface VideoEntry {
  video: Omit<YouTubeVideo, 'statistics'>;
  curve: Curve;
  /** Half-open span in which the platform leaves the video out. */
  absent: { fromMs: number; toMs: number } | null;
  /** From its instant on, this many views are taken off. */
  correction: { atMs: number; views: number } | null;
}

interface VideoContext {
  seed: number;
  anchorDay: string;
  channel: YouTubeChannel;
}

/** The day from which views are counted at playback start: YouTube's own, where the history holds it well inside. */
export function definitionChangeDay(anchorDay: string): number {
  const anchor = dayNumber(anchorDay);
  const real = dayNumber(viewsRedefinedOn);
  return real >= anchor - 300 && real <= anchor - 75 ? real : anchor - 88;
}

/** Instant of the planted fall of a view counter. */
export function correctionInstant(anchorDay: string): number {
  return (dayNumber(anchorDay) - plantedAt.correction.daysAgo) * msPerDay + 12 * hourMs;
}

/** A release's video, with what is planted into it. */
export function releaseEntry(context: VideoContext, release: GeneratedRelease): VideoEntry {
  const key = keyOf(context.seed, 'video', release.index);
  const quality = qualityOf(plannedReleases[release.index]!.rank);
  const minutes = (release.durationSeconds / 60) * (0.48 + 0.1 * uniform(key, 0));
  const redefined = definitionChangeDay(context.anchorDay);
  const curve = new VideoCurve(
    context.seed,
    release.videoId,
    release.publishedAt.getTime(),
    shapeOf(release.index, quality),
    {
      likes: 0.034 + 0.012 * uniform(key, 1),
      comments: 0.0025 + 0.002 * uniform(key, 2),
      shares: 0.006 + 0.003 * uniform(key, 3),
      subscribersGained: 0.0022,
      subscribersLost: 0.0006,
      minutes,
    },
    effectsOn(context, release.index),
    [{ from: redefined, to: Number.POSITIVE_INFINITY, factor: definitionChangeFactor }],
  );
  const anchorMs = dayNumber(context.anchorDay) * msPerDay;
  const { outage, correction } = plantedAt;
  const outageMs = anchorMs - outage.daysAgo * msPerDay;
  const correctionMs = correctionInstant(context.anchorDay);
  return {
    video: describe(context, release.videoId, release),
    curve,
    absent:
      release.index === outage.release ? { fromMs: outageMs, toMs: outageMs + outage.days * msPerDay } : null,
    correction:
      release.index === correction.release
        ? { atMs: correctionMs, views: Math.floor(curve.total('views', correctionMs) * correction.share) }
        : null,
  };
}

function describe(
  context: VideoContext,
  id: string,
  of: {
    title: string;
    description: string;
    publishedAt: Date;
    durationSeconds: number;
    tags: readonly string[];
    language: string | null;
  },
): VideoEntry['video'] {
  return {
    id,
    channelId: context.channel.id,
    channelTitle: context.channel.title,
    title: of.title,
    description: of.description,
    publishedAt: of.publishedAt,
    durationSeconds: of.durationSeconds,
    tags: of.tags,
    language: of.language,
    categoryId: '10',
  };
}

function shapeOf(index: number, quality: number): LaunchShape {
  const level = [1, 1, 1, 1, 1, 1, 1];
  const plain: LaunchShape = {
    surge: surge * quality,
    tail: tail * quality,
    tailDecay: 0.7,
    weekdays: [0.94, 0.92, 0.95, 0.98, 1.06, 1.11, 1.04],
    noise: 0.08,
  };
  if (index === plantedAt.flat.release) {
    return { ...plain, tail: 1.1 * tail * quality, tailDecay: 0, weekdays: level, noise: 0.03 };
  }
  if (index === plantedAt.cyclical.release) {
    const { amplitude, periodDays } = plantedAt.cyclical;
    const weekdays = level.map((_, day) => 1 + amplitude * Math.sin((2 * Math.PI * (day - 3)) / periodDays));
    return { ...plain, tail: 1.1 * tail * quality, tailDecay: 0, weekdays, noise: 0.04 };
  }
  return plain;
}

function effectsOn(context: VideoContext, index: number): Effect[] {
  const anchor = dayNumber(context.anchorDay);
  const { spike, drop, changePoint, outage } = plantedAt;
  const effects: Effect[] = [];
  for (const { release, daysAgo, factor } of [spike, drop]) {
    if (index === release) effects.push({ from: anchor - daysAgo, to: anchor - daysAgo + 1, factor });
  }
  if (index === changePoint.release) {
    effects.push({
      from: anchor - changePoint.daysAgo,
      to: Number.POSITIVE_INFINITY,
      factor: changePoint.factor,
    });
  }
  if (index === outage.release) {
    const from = anchor - outage.daysAgo;
    effects.push({ from, to: from + outage.days, factor: 0 });
  }
  return effects;
}

/** An older upload outside the releases: to fill playlists and to measure throughput with. */
export function settledEntry(context: VideoContext, index: number): VideoEntry {
  const key = keyOf(context.seed, 'settled', index);
  const publishedAt = new Date(
    (dayNumber(context.anchorDay) - 400 - integer(0, 600, key, 0)) * msPerDay +
      integer(8, 20, key, 1) * hourMs +
      index * 1000,
  );
  const scale = 400 * Math.exp(0.8 * normal(key, 2));
  return {
    video: describe(context, youtubeId('video', context.seed, 'settled', index), {
      title: `Rehearsal tape no. ${String(index + 1)}`,
      description: 'From the archive.',
      publishedAt,
      durationSeconds: integer(90, 600, key, 3),
      tags: [],
      language: null,
    }),
    curve: new SettledCurve(publishedAt.getTime(), scale, {
      likes: 0.03,
      comments: 0.002,
      shares: 0.003,
      subscribersGained: 0.0005,
      subscribersLost: 0.0002,
      minutes: 1.6,
    }),
    absent: null,
    correction: null,
  };
}
