/** What is written into a file, whatever its format. */
import type { ColumnKind, ExportColumn } from '../../store/export-columns.js';

/** Lines that say of a file what it is; `null` means that nothing was left out. */
export interface ExportMetadata {
  dataset: string;
  timeframe: string;
  time_period: [start: string, end: string];
  platforms: readonly string[] | null;
  content_ids: readonly string[] | null;
  exported_at: string;
  generator: string;
  /** Of the columns that have one. */
  units: Record<string, string>;
  /** Section → column → what it holds. */
  columns: Record<string, Record<string, ColumnKind>>;
}

export interface DocumentSection {
  name: string;
  columns: readonly ExportColumn[];
  /** Some at a time, each an array of its columns' values; to be read once. */
  rows: AsyncIterable<unknown[][]>;
}

export interface ExportDocument {
  /** Null unless it was asked for. */
  metadata: ExportMetadata | null;
  /** To be read one after another. */
  sections: readonly DocumentSection[];
}
