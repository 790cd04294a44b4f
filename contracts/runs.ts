/** Inputs and results of every workflow: small, JSON, without rows and without secrets. */
import type { LoadCounts, Report } from './records.js';
import type { Platform } from './vocabulary.js';

export type RunKind =
  'tick' | 'collect' | 'backfill' | 'analyze' | 'analyze-daily' | 'import' | 'maintain';
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
  /** Carried over continue-as-new. */
  progress?: BackfillProgress;
}
export interface BackfillProgress {
  planned: number;
  done: number;
  failed: number;
  skipped: number;
  state: 'running' | 'paused' | 'parked' | 'cancelling' | 'finished';
  parkedUntil: string | null;
  counts: LoadCounts;
}

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

export interface MaintainDataInput {
  dryRun: boolean;
}
export interface MaintainDataResult {
  runId: string;
  removedSnapshots: number;
  removedResults: number;
  refreshedViews: number;
}

export const workflowNames = {
  tick: 'tick',
  collectStats: 'collectStats',
  analyzePerformance: 'analyzePerformance',
  analyzeDaily: 'analyzeDaily',
  backfill: 'backfill',
  importFile: 'importFile',
  maintainData: 'maintainData',
} as const;

export const backfillSignals = { pause: 'pause', resume: 'resume', cancel: 'cancel' } as const;
export const progressQuery = 'progress';
