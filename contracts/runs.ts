/** Inputs and results of every workflow: small, JSON, without rows and without secrets. */
import type { ExportDataset, ExportFormat } from './exports.js';
import type { LoadCounts, Report } from './records.js';
import type { Platform } from './vocabulary.js';

export type RunKind =
  'tick' | 'collect' | 'backfill' | 'analyze' | 'analyze-daily' | 'import' | 'export' | 'maintain';
export type RunState = 'running' | 'succeeded' | 'partial' | 'failed' | 'cancelled';

/** Half-open range of days in the zone of the account × report. */
export interface DayWindow {
  from: string;
  to: string;
}

export interface TickInput {
  /** What made it run: `schedule`, `operator`, `demo`. */
  cause: string;
}
export interface TickResult {
  started: string[];
  notDue: number;
  alreadyRunning: number;
}

export interface CollectStatsInput {
  platform: Platform;
  account: string;
  report: Report;
  window: DayWindow;
  /**
   * Instants to read the counters at, for a source that can answer for the past; empty means «now» for a
   * source that cannot, and each day's end for one that can.
   */
  moments: string[];
  /** Only the contents of this release; such a reading completes no day. */
  release?: number;
  /** The first attempt at a window is 1; a re-read counts on. */
  reading: number;
  /** Start `analyzePerformance` over the contents touched. */
  analyze: boolean;
  planId: number | null;
}
export interface CollectStatsResult {
  runId: string;
  contents: number;
  counts: LoadCounts;
  unavailable: number;
  coveredDays: number;
  warnings: string[];
}

export interface BackfillInput {
  planId: number;
  concurrency: number;
  /** Carried over continue-as-new, as is the run's id in the ledger. */
  progress?: BackfillProgress;
  runId?: string;
  /** Consecutive open days that one child collects; 7 by default. */
  daysPerWindow?: number;
}
export interface BackfillProgress {
  planned: number;
  done: number;
  failed: number;
  skipped: number;
  state: 'running' | 'paused' | 'parked' | 'cancelling' | 'cancelled' | 'finished';
  parkedUntil: string | null;
  counts: LoadCounts;
}

/** What a collection answers to `progressQuery`: parked until a quota's reset, or waiting as its platform asked. */
export interface CollectState {
  state: 'running' | 'waiting' | 'parked';
  /** RFC 3339; null while it runs. */
  parkedUntil: string | null;
  /** In the platform's own words. */
  reason: string | null;
}

/** How far a collection has come, by what is committed: heartbeat, and what the next attempt resumes from. */
export interface CollectProgress {
  /** Readings (an instant, or a stretch of a daily report) that are committed, and contents of the next one. */
  step: number;
  offset: number;
  counts: LoadCounts;
  coveredDays: number;
  /** In the platform's own words, each kind once; 20 at most. */
  warnings: string[];
}

/** Consecutive open days of a plan that one child collects, with the instants to read at where it names any. */
export type PlanWindow = Pick<CollectStatsInput, 'window' | 'moments' | 'reading'>;

/** Whose contents an analysis is over: never a list that could outgrow a payload. */
export type AnalysisScope =
  | { kind: 'all' }
  | { kind: 'run'; runId: string }
  | { kind: 'artist'; artistId: number }
  | { kind: 'contents'; contentIds: string[] };

export interface AnalyzePerformanceInput {
  scope: AnalysisScope;
  /** `touched` after a collection: anomalies, forecasts, scores. `full`: the whole chain. */
  chain: 'touched' | 'full';
  cause: string;
}
export type AnalysisStepName =
  | 'detectAnomalies'
  | 'forecastTrends'
  | 'correlateFeatures'
  | 'generateInsights'
  | 'scoreReleases'
  | 'feedStockSources';
export interface AnalysisStepResult {
  step: AnalysisStepName;
  state: 'succeeded' | 'failed';
  subjects: number;
  found: number;
  withheld: number;
  failure: string | null;
}
export interface AnalyzePerformanceResult {
  runId: string;
  steps: AnalysisStepResult[];
}

export interface AnalyzeDailyInput {
  /** Null runs it for every artist, one after another. */
  artistId: number | null;
  /** Carried over continue-as-new; `after` is the last artist done. */
  progress?: { runId: string; after: number; analyzed: number; failedSteps: number };
}
export interface AnalyzeDailyResult {
  runId: string;
  artists: number;
  failedSteps: number;
}

export interface ImportFileInput {
  /** A file, or a folder whose files are read in order of name. */
  path: string;
  format: 'long-csv' | 'daily-streams';
  account: string | null;
  analyze: boolean;
}
export interface ImportFileResult {
  runId: string;
  files: number;
  rows: number;
  counts: LoadCounts;
}

export interface ExportDataInput {
  /** What is exported stands in the table of exports; the same id is exported once. */
  exportId: string;
  dataset: ExportDataset;
  format: ExportFormat;
}
export interface ExportDataResult {
  runId: string;
  exportId: string;
  rows: number;
  bytes: number;
}

export interface MaintainDataInput {
  dryRun: boolean;
}
export interface MaintainDataResult {
  runId: string;
  removedSnapshots: number;
  removedResults: number;
  /** Exports whose links had expired. */
  removedExports: number;
  /** Answers kept for requests that are sent again, past their day. */
  removedAnswers: number;
  /** Sessions of the pages that are over. */
  removedSessions: number;
  /** Files that nobody will come back for. */
  removedUploads: number;
  refreshedViews: number;
}

export const workflowNames = {
  tick: 'tick',
  collectStats: 'collectStats',
  analyzePerformance: 'analyzePerformance',
  analyzeDaily: 'analyzeDaily',
  backfill: 'backfill',
  importFile: 'importFile',
  exportData: 'exportData',
  maintainData: 'maintainData',
} as const;

export const backfillSignals = { pause: 'pause', resume: 'resume', cancel: 'cancel' } as const;
/** A collection that waits for a platform tells its backfill until when (RFC 3339), and is told to try again. */
export const collectSignals = { parked: 'parked', retryNow: 'retryNow' } as const;
export const progressQuery = 'progress';
