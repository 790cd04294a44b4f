/** Ports that inner layers call and composition roots provide. */
import type {
  AnalyzePerformanceInput,
  CollectStatsInput,
  ExportDataInput,
  ImportFileInput,
  MaintainDataInput,
  BackfillInput,
  TickInput,
} from './runs.js';

/** The program's clock: the system's, or fixed at an instant while recordings are replayed. */
export interface Clock {
  now(): Date;
}

export interface StartedRun {
  workflowId: string;
  runId: string;
  /** True when a run of that id was under way or done already and none was started. */
  alreadyRunning: boolean;
  url: string;
}

/** Makes exports in the background. */
export interface ExportStarter {
  exportData(input: ExportDataInput): Promise<StartedRun>;
}

/**
 * How services reach Temporal. What is started under a name is started once: the same name again is answered with
 * the run that it stands for, at whatever stage or end that is.
 */
export interface RunStarter extends ExportStarter {
  tick(input: TickInput): Promise<StartedRun>;
  collect(input: CollectStatsInput): Promise<StartedRun>;
  backfill(input: BackfillInput): Promise<StartedRun>;
  analyze(input: AnalyzePerformanceInput, name?: string | null): Promise<StartedRun>;
  importFile(input: ImportFileInput, name?: string | null): Promise<StartedRun>;
  maintain(input: MaintainDataInput): Promise<StartedRun>;
}

/** What a source asks before a call and tells after it; throws the source's quota error when there is none left. */
export interface QuotaGate {
  /** Reserves units of a bucket for the platform's own quota day. */
  reserve(bucket: string, units: number): Promise<void>;
  /** The platform said that the bucket is empty: nothing more until its reset. */
  exhausted(bucket: string, resetsAt: Date): Promise<void>;
}
