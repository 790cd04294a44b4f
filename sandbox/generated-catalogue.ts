import { sampleCorrelation } from 'simple-statistics';
import { dayNumber, msPerDay } from './calendar.js';
import { sentences, tagWords, titles } from './generated-words.js';
import { integer, keyOf, normal, shuffled, textOf, uniform } from './random.js';
import { formatOf, plannedReleases, type ReleaseFormat } from './release-plan.js';

const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const base64url = `${base62}-_`;

/** A release as the team's own records know it, with its presence on both platforms. */
export interface GeneratedRelease {
  /** 0 to 23, the oldest first. */
  index: number;
  title: string;
  format: ReleaseFormat;
  /** ISO day. */
  releasedOn: string;
  publishedAt: Date;
  durationSeconds: number;
  description: string;
  tags: string[];
  language: string;
  attributes: { mood: string; tempo_bpm: number };
  videoId: string;
  trackId: string;
  albumId: string;
  isrc: string;
  upc: string;
}

export interface ClipUsage {
  sourceName: string;
  clipId: string;
  release: GeneratedRelease;
  usedAt: Date;
}

export const artistName = 'Aurel Vance';

export function youtubeId(kind: 'channel' | 'video', ...parts: (string | number)[]): string {
  const key = keyOf('youtube', kind, ...parts);
  return kind === 'channel' ? `UC${textOf(base64url, 22, key)}` : textOf(base64url, 11, key);
}

export function spotifyId(...parts: (string | number)[]): string {
  return textOf(base62, 22, keyOf('spotify', ...parts));
}

/** The world's releases, a pure function of seed and anchor day. */
export function catalogue(seed: number, anchorDay: string): GeneratedRelease[] {
  const anchor = dayNumber(anchorDay);
  const names = unrelated(titles, (title) => title.length, keyOf(seed, 'titles'));
  const tagCounts = unrelated(
    plannedReleases.map((_, index) => 3 + (index % 12)),
    (count) => count,
    keyOf(seed, 'tags'),
  );
  const tempos = unrelated(
    plannedReleases.map((_, index) => 72 + 4 * index),
    (tempo) => tempo,
    keyOf(seed, 'tempo'),
  );
  // What the descriptions' lengths owe to neither age nor quality.
  const surplus = unrelated(
    plannedReleases.map((_, index) => 8 * (index - 11.5)),
    (length) => length,
    keyOf(seed, 'descriptions'),
  );
  return plannedReleases.map((planned, index) => {
    const key = keyOf(seed, 'release', index);
    const day = anchor - planned.ageDays;
    const publishedAt = new Date(
      day * msPerDay + integer(9, 18, key, 1) * 3_600_000 + integer(0, 59, key, 2) * 60_000,
    );
    // Shorter does better: the one true association of a feature.
    const z = (planned.rank - 12.5) / 6.92;
    const durationSeconds = Math.round(255 - 45 * z + 10 * normal(key, 3));
    // Grows with age alone, and so goes with lifetime views, which do too.
    const descriptionLength = Math.max(60, Math.round(200 + 3 * planned.ageDays + surplus[index]!));
    const year = publishedAt.getUTCFullYear();
    return {
      index,
      title: names[index]!,
      format: formatOf(planned.rank),
      releasedOn: new Date(day * msPerDay).toISOString().slice(0, 10),
      publishedAt,
      durationSeconds,
      description: descriptionOf(descriptionLength, key),
      tags: shuffled(tagWords, keyOf(seed, 'tag words', index)).slice(0, tagCounts[index]),
      language: uniform(key, 5) < 0.8 ? 'en' : 'de',
      attributes: { mood: ['calm', 'warm', 'restless'][integer(0, 2, key, 6)]!, tempo_bpm: tempos[index]! },
      videoId: youtubeId('video', seed, index),
      trackId: spotifyId(seed, 'track', index),
      albumId: spotifyId(seed, 'album', index),
      isrc: `QZTDM${String(year).slice(2)}${String(10_001 + index)}`,
      upc: `19${String(7_000_000_000 + (key % 1_000_000) * 100 + index)}`,
    };
  });
}

/** Each release's clips: two or three of its stock source, named by the source's own numbers. */
export function clipUsages(seed: number, releases: readonly GeneratedRelease[]): ClipUsage[] {
  return releases.flatMap((release) => {
    const sourceName = plannedReleases[release.index]!.source;
    const key = keyOf(seed, 'clips', release.index);
    return Array.from({ length: integer(2, 3, key) }, (_, clip) => ({
      sourceName,
      clipId: `${sourceName}-${String(1000 + release.index * 10 + clip)}`,
      release,
      // Cut in during the edit, some days before publication.
      usedAt: new Date(release.publishedAt.getTime() - integer(3, 9, key, clip + 1) * msPerDay),
    }));
  });
}

function descriptionOf(length: number, key: number): string {
  let text = '';
  for (let i = 0; text.length < length; i += 1) {
    text += `${text === '' ? '' : ' '}${sentences[integer(0, sentences.length - 1, key, 20 + i)]!}`;
  }
  return text.slice(0, length).trimEnd().padEnd(length, '.');
}

/** An order of the items that goes with neither quality nor age: the most unrelated of many shuffles. */
function unrelated<T>(items: readonly T[], size: (item: T) => number, key: number): T[] {
  const ranks = plannedReleases.map(({ rank }) => rank);
  const ages = plannedReleases.map(({ ageDays }) => ageDays);
  let best = [...items];
  let least = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < 60; attempt += 1) {
    const order = shuffled(items, keyOf(key, attempt));
    const sizes = order.map(size);
    const relation = Math.max(
      Math.abs(sampleCorrelation(sizes, ranks)),
      Math.abs(sampleCorrelation(sizes, ages)),
    );
    if (relation < least) {
      least = relation;
      best = order;
    }
  }
  return best;
}
