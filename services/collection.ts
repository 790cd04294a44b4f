/** What every collection of an account needs: its source, its calendar, and the context of its calls. */
import type { Logger } from 'pino';
import type { Pool } from 'pg';
import type { Clock } from '../contracts/ports.js';
import type { Report } from '../contracts/records.js';
import type { CollectProgress, CollectStatsInput } from '../contracts/runs.js';
import type { Platform } from '../contracts/vocabulary.js';
import { UnsupportedError } from '../sources/errors.js';
import type { ReportCapability, Source, SourceContext } from '../sources/source.js';
import { getAccount, type Account } from '../store/accounts.js';
import { contentIdsOfRelease } from '../store/collections.js';
import { trackedContents, type TrackedContent } from '../store/contents.js';
import { addWarning } from './collect-progress.js';
import { quotaGate, type QuotaPurpose } from './collect-quota.js';

export interface CollectionSettings {
  /** For one request, from connecting to the last byte of its body. */
  deadlineMs: number;
  /** Rows that are committed in one transaction at most. */
  chunkRows: number;
  /** Units a day of a platform's buckets; undefined where its source knows them itself. */
  quotaUnitsPerDay(platform: Platform): number | null | undefined;
}

export interface CollectionDeps {
  pool: Pool;
  clock: Clock;
  logger: Logger;
  settings: CollectionSettings;
  /** The source of an account under its credential; the same one each time it is asked for. */
  sourceFor(account: Account): Source;
}

export interface CollectionRequest {
  runId: string;
  input: CollectStatsInput;
  /** What an earlier attempt had committed. */
  resumeFrom: CollectProgress | null;
  signal: AbortSignal;
  /** Told after each commit. */
  onProgress: (progress: CollectProgress) => void;
}

export interface OpenCollection {
  account: Account;
  source: Source;
  context: SourceContext;
  /** Warnings of the calls so far. */
  warnings: () => string[];
}

/** @throws StoreError `notFound` for an account that is not there */
export async function openCollection(
  deps: CollectionDeps,
  input: Pick<CollectStatsInput, 'platform' | 'account' | 'planId'>,
  signal: AbortSignal,
): Promise<OpenCollection> {
  const account = await getAccount(deps.pool, input.platform, input.account);
  const source = deps.sourceFor(account);
  const purpose: QuotaPurpose = input.planId === null ? 'schedule' : 'backfill';
  let warnings: string[] = [];
  return {
    account,
    source,
    context: {
      quota: quotaGate(deps, account.platform, source.capabilities.buckets, purpose),
      signal,
      clock: deps.clock,
      deadlineMs: deps.settings.deadlineMs,
      logger: deps.logger,
      onWarning: (warning) => {
        warnings = addWarning(warnings, warning);
      },
    },
    warnings: () => warnings,
  };
}

/** @throws UnsupportedError for a report that the source does not give under this credential */
export function capabilityOf(source: Source, report: Report): ReportCapability {
  const capability = source.capabilities.reports[report];
  if (capability === undefined)
    throw new UnsupportedError(`${source.platform} gives no ${report} report under this credential`);
  return capability;
}

/** The zone whose midnight ends a day of the report: the account's own word, then the source's. */
export function reportZone(account: Account, report: Report, capability: ReportCapability): string {
  return account.dayZones[report] ?? capability.dayZone;
}

/** What a collection asks for, in order of id: everything tracked at the instant, or a release's part of it. */
export async function collectedContents(
  pool: Pool,
  accountId: number,
  at: Date | null,
  release: number | undefined,
): Promise<TrackedContent[]> {
  const tracked = await trackedContents(pool, accountId, at);
  if (release === undefined) return tracked;
  const ofRelease = new Set(await contentIdsOfRelease(pool, release));
  return tracked.filter(({ id }) => ofRelease.has(id));
}
