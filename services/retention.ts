import type { Pool } from 'pg';
import { platforms, type Platform } from '../contracts/vocabulary.js';
import type { Clock } from '../contracts/ports.js';
import {
  removeOldLedgerRows,
  removeOldSnapshots,
  removeSiteLeftovers,
  thinOldResults,
} from '../store/maintenance.js';
import { BadInputError } from './bad-input.js';
import { removeExpiredExports } from './exports/background-exports.js';

export interface RetentionOptions {
  dryRun: boolean;
  signal?: AbortSignal | undefined;
  /** Told how many instants are gone so far. */
  onProgress?: ((removed: number) => void) | undefined;
}

const msPerDay = 86_400_000;

/**
 * Removes raw instants past their platform's days, all but each content's latest, and returns how many were, or
 * would be, removed. What was derived from them stays.
 * @param retentionDays 0 keeps a platform's for good.
 * @throws StoreError, the signal's reason
 */
export async function applyRetention(
  { pool, clock }: { pool: Pool; clock: Clock },
  retentionDays: (platform: Platform) => number,
  { dryRun, signal, onProgress }: RetentionOptions,
): Promise<number> {
  let removed = 0;
  for (const platform of platforms) {
    const days = retentionDays(platform);
    if (days === 0) continue;
    signal?.throwIfAborted();
    const before = new Date(clock.now().getTime() - days * msPerDay);
    removed += await removeOldSnapshots(pool, platform, before, dryRun, (batch) => {
      signal?.throwIfAborted();
      onProgress?.(removed + batch);
    });
  }
  return removed;
}

/** What was removed, or would be. */
export interface CleanupCounts {
  retention_days: number;
  /** RFC 3339; what is older goes. */
  cutoff: string;
  dry_run: boolean;
  /** Raw instants; their days stay. */
  removed_snapshots: number;
  /** Results of analyses that later ones have replaced. */
  removed_results: number;
  /** Settled quarantine, past quota days, lists of what closed runs touched. */
  removed_ledger_rows: number;
  /** Exports whose links have expired. */
  removed_exports: number;
  /** Answers kept for requests that are sent again, past their day. */
  removed_answers: number;
  /** Sessions of the pages that are over. */
  removed_sessions: number;
}

/**
 * Removes what is older than the days given, on every platform alike: raw instants (all but each content's latest),
 * replaced results, settled ledger rows; and, whatever the days, exports whose links have expired, kept answers past
 * their day and sessions that are over. Values told by hand, days, and the
 * latest results stay.
 * @throws BadInputError for days that are no whole number from 1 on; StoreError, `accessDenied` for a session that
 * may not remove; the signal's reason
 */
export async function cleanupOldData(
  deps: { pool: Pool; clock: Clock; directory: string },
  retentionDays: number,
  options: RetentionOptions,
): Promise<CleanupCounts> {
  if (!Number.isInteger(retentionDays) || retentionDays < 1 || retentionDays > 36_500)
    throw new BadInputError(
      `retention_days is a whole number from 1 to 36500, not ${String(retentionDays)}.`,
    );
  const { dryRun } = options;
  const now = deps.clock.now();
  const cutoff = new Date(now.getTime() - retentionDays * msPerDay);
  const counts = {
    retention_days: retentionDays,
    cutoff: cutoff.toISOString(),
    dry_run: dryRun,
    removed_snapshots: await applyRetention(deps, () => retentionDays, options),
    removed_results: await thinOldResults(deps.pool, cutoff, dryRun),
    removed_ledger_rows: await removeOldLedgerRows(deps.pool, cutoff, dryRun),
    removed_exports: await removeExpiredExports(deps, dryRun),
  };
  const { answers, sessions } = await removeSiteLeftovers(deps.pool, now, dryRun);
  return { ...counts, removed_answers: answers, removed_sessions: sessions };
}
