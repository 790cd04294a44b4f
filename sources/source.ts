/** The one interface of every platform; the code that collects knows nothing else of any of them. */
import type { Logger } from 'pino';
import type { Clock, QuotaGate } from '../contracts/ports.js';
import type { ContentDescription, DailyRecord, Report, SnapshotBatch } from '../contracts/records.js';
import type { Platform } from '../contracts/vocabulary.js';

/** What a caller lends to a call. */
export interface SourceContext {
  quota: QuotaGate;
  /** Aborting it ends the call with the signal's own reason. */
  signal: AbortSignal;
  /** The program's clock: fills `{at}` where no moment is asked for, and tells a quota's next reset. */
  clock: Clock;
  /** For one request, from connecting to the last byte of its body. */
  deadlineMs: number;
  logger?: Logger;
  /** Hears of what is odd and not wrong, in a sentence without secrets. */
  onWarning?: (warning: string) => void;
}

export interface ReportCapability {
  /** `now` answers for the present alone; `range` also for days and instants that are past. */
  history: 'now' | 'range';
  /** The zone whose midnight ends one of the report's days. */
  dayZone: string;
  /** Days until a day's figures appear at all. */
  lagDays: number;
  /** Days after a day's end until its figures are settled; 0 where they are so at once. */
  finalAfterDays: number;
}

export interface QuotaBucket {
  /** Units a quota day; null where the platform publishes no figure. */
  dailyLimit: number | null;
  /** The zone at whose midnight the bucket fills again. */
  zone: string;
}

export interface SourceCapabilities {
  /** A report that is absent is not to be had with these settings. */
  reports: Partial<Record<Report, ReportCapability>>;
  /** Whether `listContents` knows where to look. */
  listsContents: boolean;
  buckets: Readonly<Record<string, QuotaBucket>>;
}

export interface DescriptionBatch {
  observedAt: Date;
  descriptions: ContentDescription[];
  /** Asked for, and not in a well-formed answer. */
  missing: string[];
}

export interface DailyQuery {
  /** Half-open range of ISO days in the report's zone. */
  from: string;
  to: string;
  externalIds: readonly string[];
  /** For a source that answers for the past: what was known then. */
  at?: Moment | null;
}

/** Figures of the channel or profile itself. */
export interface AccountSnapshot {
  externalId: string;
  title: string | null;
  recordedAt: Date;
  metrics: Record<string, number>;
}

export interface ProbeReport {
  /** Whom the credential speaks for or looks at; null where none is told. */
  accountTitle: string | null;
  /** What was asked, and whether it was answered (`batchGetStats`, `popularity`); null: not to be told now. */
  grants: Record<string, boolean | null>;
}

/** An instant; as text (RFC 3339) it keeps digits past the millisecond. */
export type Moment = Date | string;

/**
 * Every method throws the classes of errors.ts alone, or the reason of the caller's own abort. What it has
 * yielded before stays true; asking again from the start is always right.
 */
export interface Source {
  readonly platform: Platform;
  readonly capabilities: SourceCapabilities;
  /** Every content of the account, in pages, each content once. */
  listContents(context: SourceContext): AsyncIterable<ContentDescription[]>;
  /** Descriptions of given contents, batched inside. */
  describeContents(externalIds: readonly string[], context: SourceContext): AsyncIterable<DescriptionBatch>;
  /**
   * Counters and gauges of given contents, batched inside, at a moment or now.
   * @param at null means now; anything else needs `history: 'range'`
   * @throws UnsupportedError for a moment that the source cannot answer for
   */
  fetchSnapshots(
    externalIds: readonly string[],
    at: Moment | null,
    context: SourceContext,
  ): AsyncIterable<SnapshotBatch>;
  /** A range's days; a day without figures is left out, never zero. */
  fetchDailyRows(query: DailyQuery, context: SourceContext): AsyncIterable<DailyRecord[]>;
  /** The channel's or profile's own figures. */
  fetchAccount(at: Moment | null, context: SourceContext): Promise<AccountSnapshot>;
  /** Asks as little as tells whether the credential works, and what it may read. */
  probe(context: SourceContext): Promise<ProbeReport>;
}

/** Tells of something odd: to the log as a constant sentence with fields, to the caller as a sentence. */
export function warn(
  context: SourceContext,
  sentence: string,
  fields: Record<string, string | number>,
): void {
  context.logger?.warn(fields, sentence);
  const details = Object.entries(fields).map(([name, value]) => `${name} ${value}`);
  context.onWarning?.(details.length === 0 ? sentence : `${sentence} (${details.join(', ')})`);
}
