/** Which collections are due, by each account's own calendar and the ledgers; and the one an operator asks for. */
import type { Pool } from 'pg';
import { addDays, dayOf, eachDay } from '../analytics/calendar.js';
import type { Clock } from '../contracts/ports.js';
import type { Report } from '../contracts/records.js';
import type { CollectStatsInput, DayWindow } from '../contracts/runs.js';
import type { Platform } from '../contracts/vocabulary.js';
import { SourceError } from '../sources/errors.js';
import type { ReportCapability, Source } from '../sources/source.js';
import { listAccounts, type Account } from '../store/accounts.js';
import { pastReadings } from '../store/collections.js';
import { coverageOf } from '../store/coverage.js';
import { reportZone } from './collection.js';

export interface DueDeps {
  pool: Pool;
  clock: Clock;
  settings: { updateFrequencyMinutes(platform: Platform): number };
  sourceFor: (account: Account) => Source;
}

/** Days before today that are read again until they are final, where the source can tell of the past. */
const countersLookbackDays = 3;
const dailyLookbackDays = 28;

/** What is due for every active account; `notDue` counts the account's reports that are not. */
export async function dueCollections(deps: DueDeps): Promise<{ due: CollectStatsInput[]; notDue: number }> {
  const due: CollectStatsInput[] = [];
  let notDue = 0;
  for (const account of await listAccounts(deps.pool, { state: 'active' }))
    for (const report of account.reports) {
      const windows = await dueWindows(deps, account, report);
      if (windows.length === 0) notDue += 1;
      for (const window of windows) due.push(await collectionOf(deps, account, report, window));
    }
  return { due, notDue };
}

/**
 * The collection of a window, numbered after the readings of it that have succeeded.
 * @throws StoreError
 */
export async function collectionOf(
  deps: Pick<DueDeps, 'pool'>,
  account: Pick<Account, 'id' | 'platform' | 'name'>,
  report: Report,
  window: DayWindow,
): Promise<CollectStatsInput> {
  const past = await pastReadings(deps.pool, account.id, report, window);
  return {
    platform: account.platform,
    account: account.name,
    report,
    window,
    moments: [],
    reading: past.succeeded + 1,
    analyze: true,
    planId: null,
  };
}

/**
 * The window that a collection of the report covers when it is asked for now: today for counters, the days
 * that are not settled yet for a daily report.
 * @throws SourceError `auth` without a credential, `unsupported` for a platform without a source
 */
export async function currentWindow(deps: DueDeps, account: Account, report: Report): Promise<DayWindow> {
  const capability = deps.sourceFor(account).capabilities.reports[report] ?? null;
  const today = todayOf(deps, account, report, capability);
  if (report !== 'daily' || capability === null) return { from: today, to: addDays(today, 1) };
  return (await unsettledRange(deps, account, capability, today)) ?? lastReported(today, capability);
}

async function dueWindows(deps: DueDeps, account: Account, report: Report): Promise<DayWindow[]> {
  // Exports arrive as files; nothing is asked for.
  if (report === 'export') return [];
  const capability = capabilityOrNull(deps, account, report);
  const today = todayOf(deps, account, report, capability);
  return report === 'counters'
    ? dueCounters(deps, account, capability, today)
    : dueDaily(deps, account, capability, today);
}

/** Null without a credential or the report: the collection is due then, and fails with its reason, alone. */
function capabilityOrNull(deps: DueDeps, account: Account, report: Report): ReportCapability | null {
  try {
    return deps.sourceFor(account).capabilities.reports[report] ?? null;
  } catch (error) {
    if (error instanceof SourceError) return null;
    throw error;
  }
}

async function dueCounters(
  deps: DueDeps,
  account: Account,
  capability: ReportCapability | null,
  today: string,
): Promise<DayWindow[]> {
  const windows: DayWindow[] = [];
  if (capability?.history === 'range') {
    const from = addDays(today, -countersLookbackDays);
    const settled = await settledDays(deps.pool, account.id, 'counters', from, today);
    for (const day of eachDay(from, today))
      if (!settled.has(day)) windows.push({ from: day, to: addDays(day, 1) });
  }
  const { lastStartedAt } = await pastReadings(deps.pool, account.id, 'counters', {
    from: today,
    to: addDays(today, 1),
  });
  const intervalMs = deps.settings.updateFrequencyMinutes(account.platform) * 60_000;
  const isDue = lastStartedAt === null || deps.clock.now().getTime() - lastStartedAt.getTime() >= intervalMs;
  if (isDue) windows.push({ from: today, to: addDays(today, 1) });
  return windows;
}

async function dueDaily(
  deps: DueDeps,
  account: Account,
  capability: ReportCapability | null,
  today: string,
): Promise<DayWindow[]> {
  const { lastStartedAt } = await pastReadings(deps.pool, account.id, 'daily', null);
  if (lastStartedAt !== null && dayOf(lastStartedAt, zoneOf(account, 'daily', capability)) === today)
    return [];
  if (capability === null) return [{ from: today, to: addDays(today, 1) }];
  const range = await unsettledRange(deps, account, capability, today);
  return range === null ? [] : [range];
}

/** From the first day that may still change to the last one that has figures; null where all are settled. */
async function unsettledRange(
  deps: DueDeps,
  account: Account,
  capability: ReportCapability,
  today: string,
): Promise<DayWindow | null> {
  const from = addDays(today, -dailyLookbackDays);
  const { to } = lastReported(today, capability);
  const settled = await settledDays(deps.pool, account.id, 'daily', from, to);
  const first = eachDay(from, to).find((day) => !settled.has(day));
  return first === undefined ? null : { from: first, to };
}

function lastReported(today: string, { lagDays }: ReportCapability): DayWindow {
  const last = addDays(today, -Math.max(1, lagDays));
  return { from: last, to: addDays(last, 1) };
}

async function settledDays(
  pool: Pool,
  accountId: number,
  report: Report,
  from: string,
  to: string,
): Promise<Set<string>> {
  const known = await coverageOf(pool, accountId, report, from, to);
  return new Set(
    known.filter(({ state }) => state === 'final' || state === 'unavailable').map(({ day }) => day),
  );
}

function todayOf(
  deps: DueDeps,
  account: Account,
  report: Report,
  capability: ReportCapability | null,
): string {
  return dayOf(deps.clock.now(), zoneOf(account, report, capability));
}

function zoneOf(account: Account, report: Report, capability: ReportCapability | null): string {
  return capability === null ? (account.dayZones[report] ?? 'UTC') : reportZone(account, report, capability);
}
