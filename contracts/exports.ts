/** What can be exported, and how it is asked for. */

export const exportDatasets = ['overview', 'content', 'series', 'insights', 'sources', 'runs'] as const;
export type ExportDataset = (typeof exportDatasets)[number];

export const exportFormats = ['json', 'csv', 'xlsx'] as const;
export type ExportFormat = (typeof exportFormats)[number];

export interface ExportRequest {
  dataset: ExportDataset;
  format: ExportFormat;
  /** `7d`, `30d`, `90d` or `1y`. */
  timeframe: string;
  /** Null takes every platform. */
  platforms: readonly string[] | null;
  /** Our keys or the platforms' ids; null takes every content. */
  contentIds: readonly string[] | null;
  /** Says in the file what it is: when and of what it was made, and what its columns are. */
  includeMetadata: boolean;
}

/** `waiting` until an attempt begins; the last three are ends. */
export type ExportState = 'waiting' | 'running' | 'ready' | 'failed' | 'cancelled';
