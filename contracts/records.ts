/** What sources yield and the store loads. Instants are `Date`, days are ISO days (`2026-01-05`). */
import type { Platform } from './vocabulary.js';

/** Metric name → value as told; a metric that was not told is absent, never 0. */
export type MetricValues = Record<string, number>;

/** A content as its platform describes it. */
export interface ContentDescription {
  platform: Platform;
  externalId: string;
  kind: 'video' | 'track' | 'post';
  title: string | null;
  description: string | null;
  publishedAt: Date | null;
  durationSeconds: number | null;
  tags: string[] | null;
  language: string | null;
  format: string | null;
  isrc: string | null;
  /** Anything else worth keeping; JSON-serialisable. */
  attributes: Record<string, unknown>;
}

/** Counters and gauges of one content at one instant, by the platform's own clock. */
export interface SnapshotRecord {
  platform: Platform;
  externalId: string;
  recordedAt: Date;
  metrics: MetricValues;
}

/** A day's increments (and closes, where told) as the platform reports them. */
export interface DailyRecord {
  platform: Platform;
  externalId: string;
  day: string;
  increments: MetricValues;
  closes: MetricValues;
  /**
   * Version of the source's own answer (a report's createTime, a response's date): an older one is stale. Null
   * where the source has none, as a file.
   */
  sourceVersion: Date | null;
  final: boolean;
}

/** What a fetch of snapshots answered. Ids that were asked for and are in neither list were not answered. */
export interface SnapshotBatch {
  /** The response's own clock. */
  observedAt: Date;
  snapshots: SnapshotRecord[];
  /** Asked for, and not in a well-formed answer. */
  missing: string[];
}

export interface QuarantinedRow {
  /** File, or the endpoint that answered. */
  origin: string;
  line: number;
  raw: string;
  field: string | null;
  reason: string;
  /** Names of the columns of the file that it stands in, as a line of CSV; for reading a mended row again. */
  header?: string;
}

export interface LoadCounts {
  inserted: number;
  updated: number;
  unchanged: number;
  /** Older than what is stored, or lower in precedence: changed nothing. */
  stale: number;
  quarantined: number;
}

export const noRows: LoadCounts = { inserted: 0, updated: 0, unchanged: 0, stale: 0, quarantined: 0 };

export function addCounts(a: LoadCounts, b: LoadCounts): LoadCounts {
  return {
    inserted: a.inserted + b.inserted,
    updated: a.updated + b.updated,
    unchanged: a.unchanged + b.unchanged,
    stale: a.stale + b.stale,
    quarantined: a.quarantined + b.quarantined,
  };
}

/** Where a value came from; in order of precedence, the strongest first. */
export const valueSources = ['manual', 'reported', 'imported', 'derived'] as const;
export type ValueSource = (typeof valueSources)[number];

export type CoverageState = 'missing' | 'provisional' | 'final' | 'failed' | 'unavailable';

/** The reports that an account's coverage is kept for. */
export type Report = 'counters' | 'daily' | 'export';
