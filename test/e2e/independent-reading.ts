/**
 * What the recordings say, read from the CSV files by the plainest code there is and by none of the
 * program's own: whole files, `split`, maps. Tests hold the tables against it.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';

export interface RecordedRow {
  at: Date;
  videoId: string;
  publishedAt: Date | null;
  /** Null where the platform answered nothing for the video. */
  counts: { views: number; likes: number; comments: number } | null;
}

const bangkokOffsetMs = 7 * 3_600_000;

export function bangkokDay(instant: Date): string {
  return new Date(instant.getTime() + bangkokOffsetMs).toISOString().slice(0, 10);
}

/** HTTP dates carry whole seconds, so that is what a collected instant can be compared at. */
export function wholeSecond(instant: Date): Date {
  return new Date(Math.floor(instant.getTime() / 1000) * 1000);
}

export function readVideoRows(dataDirectory: string): RecordedRow[] {
  const file = path.join(dataDirectory, 'youtube/video-daily/daily_stats.csv');
  const [header, ...lines] = readFileSync(file, 'utf8')
    .replace(/^\uFEFF/, '')
    .trim()
    .split(/\r?\n/);
  const names = header!.split(',');
  return lines.map((line) => {
    // Titles may hold commas inside quotes; nothing else in the file is quoted.
    const cells = (line.match(/("([^"]|"")*"|[^,]*)(,|$)/g) ?? []).map((cell) => cell.replace(/,$/, ''));
    const cell = (name: string): string => cells[names.indexOf(name)] ?? '';
    const told = cell('view_count') !== '';
    return {
      at: new Date(cell('run_datetime_utc')),
      videoId: cell('video_id'),
      publishedAt: cell('published_at') === '' ? null : new Date(cell('published_at')),
      counts: told
        ? {
            views: Number(cell('view_count')),
            likes: Number(cell('like_count')),
            comments: Number(cell('comment_count')),
          }
        : null,
    };
  });
}

export type CountName = 'views' | 'likes' | 'comments';
export interface RecordedDay {
  close: Record<CountName, number>;
  increment: Record<CountName, number | null>;
}

/** Video → Bangkok day → closes, and increments that are null after a gap and where a counter fell. */
export function readVideoDays(rows: readonly RecordedRow[]): Map<string, Map<string, RecordedDay>> {
  const closes = new Map<string, Map<string, Record<CountName, number>>>();
  for (const row of [...rows].sort((a, b) => a.at.getTime() - b.at.getTime())) {
    if (row.counts === null) continue;
    const days = closes.get(row.videoId) ?? new Map<string, Record<CountName, number>>();
    days.set(bangkokDay(row.at), row.counts);
    closes.set(row.videoId, days);
  }
  const result = new Map<string, Map<string, RecordedDay>>();
  for (const [videoId, days] of closes) {
    const read = new Map<string, RecordedDay>();
    for (const [day, close] of days) {
      const before = days.get(new Date(Date.parse(day) - 86_400_000).toISOString().slice(0, 10));
      const increment = (name: CountName): number | null =>
        before === undefined || close[name] < before[name] ? null : close[name] - before[name];
      read.set(day, {
        close,
        increment: { views: increment('views'), likes: increment('likes'), comments: increment('comments') },
      });
    }
    result.set(videoId, read);
  }
  return result;
}

/** How often a day's close lies under that of the last day told before it: each is a platform's correction. */
export function countFalls(rows: readonly RecordedRow[]): Record<CountName, number> {
  const falls = { views: 0, likes: 0, comments: 0 };
  for (const days of readVideoDays(rows).values()) {
    const inOrder = [...days].sort(([a], [b]) => (a < b ? -1 : 1));
    for (const [index, [, { close }]] of inOrder.entries()) {
      const before = inOrder[index - 1]?.[1].close;
      if (before === undefined) continue;
      for (const name of ['views', 'likes', 'comments'] as const)
        if (close[name] < before[name]) falls[name] += 1;
    }
  }
  return falls;
}

export interface Milestone {
  videoId: string;
  publishedAt: Date;
  /** Age in days (1 for 24 hours) → views and the instant of the first snapshot at or after it. */
  values: Map<number, { views: number; at: Date }>;
}

export function readMilestones(dataDirectory: string): Milestone[] {
  const file = path.join(dataDirectory, 'youtube/video-daily/milestones.csv');
  const [header, ...lines] = readFileSync(file, 'utf8')
    .replace(/^\uFEFF/, '')
    .trim()
    .split(/\r?\n/);
  const names = header!.split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    const cell = (name: string): string => cells[names.indexOf(name)] ?? '';
    const values = new Map<number, { views: number; at: Date }>();
    for (const [age, suffix] of [
      [1, '24h'],
      [7, '7d'],
      [15, '15d'],
      [30, '30d'],
      [90, '90d'],
    ] as const)
      if (cell(`views_${suffix}`) !== '')
        values.set(age, {
          views: Number(cell(`views_${suffix}`)),
          at: new Date(cell(`snapshot_${suffix}_utc`)),
        });
    return { videoId: cell('video_id'), publishedAt: new Date(cell('published_at_utc')), values };
  });
}
