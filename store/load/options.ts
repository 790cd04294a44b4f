import type { LoadCounts, QuarantinedRow, Report, ValueSource } from '../../contracts/records.js';

/** The run that loads, and the program's clock: what a value was learnt by, and when. */
export interface RunContext {
  /** `runs.id`; null loads outside a run, and nothing is noted as touched by it. */
  id: string | null;
  now: Date;
}

/** A day of the account × report whose rows are all in the load by the batch that names it. */
export interface CoveredDay {
  day: string;
  /** Whether the source will not change it any more. */
  final: boolean;
}

/** Whose calendar the coverage is written to; contents that are new in the load become the account's. */
export interface LoadAccount {
  id: number;
  report: Report;
}

/** What a load writes beside the facts; everything by default. Switched off in measurements. */
export interface LoadParts {
  revisions: boolean;
  /** Days derived from snapshots. */
  days: boolean;
}

export interface LoadOptions {
  source: ValueSource;
  run: RunContext;
  account?: LoadAccount | undefined;
  /** Days whose rows have all been loaded once the last batch is in. */
  covered?: readonly CoveredDay[] | undefined;
  /** Rows a transaction; 20,000 unless told. */
  chunkRows?: number | undefined;
  parts?: Partial<LoadParts> | undefined;
  /** Ends the load between two chunks. */
  signal?: AbortSignal | undefined;
}

/** What came out of a load: rows by what became of them, and the contents spoken of. */
export interface LoadResult extends LoadCounts {
  /** Distinct contents that the rows and the silences spoke of. */
  contentIds: number[];
}

export const defaultChunkRows = 20_000;

/** What a batch brings along to be committed in the transaction of its rows. */
export interface BatchExtras {
  quarantined?: readonly QuarantinedRow[];
  covered?: readonly CoveredDay[];
  /** Called once the batch is committed, with its counts. */
  committed?: (counts: LoadCounts) => void;
}

export function loadParts(options: LoadOptions): LoadParts {
  return { revisions: true, days: true, ...options.parts };
}
