/** Values that people enter: looked at before, written in their name, and taken back. */
import { addDays, dayBounds, dayOf } from '../analytics/calendar.js';
import type { Clock } from '../contracts/ports.js';
import { parsePlatform } from '../contracts/vocabulary.js';
import {
  instantsOf,
  listMetrics,
  primaryContent,
  type KnownInstant,
  type MetricTraits,
} from '../store/entry-context.js';
import {
  addManualEntry,
  getManualEntry,
  listManualEntries,
  undoManualEntry,
  type EntryFilter,
  type ManualEntry,
  type NewEntry,
} from '../store/manual-entries.js';
import { StoreError } from '../store/errors.js';
import type { Queryable } from '../store/queryable.js';
import { showRelease } from '../store/releases.js';
import { BadInputError } from './bad-input.js';
import { expectedBand, type ExpectedBand } from './expected-value.js';

export interface DataEntryDeps {
  /** A client inside a transaction rehearses. */
  db: Queryable;
  clock: Clock;
}

export type EntryWarningCode =
  /** A manual value of that very instant is replaced. */
  | 'duplicate_instant'
  /** What the platform told of that very instant is overruled. */
  | 'overrules_platform'
  /** The day holds other values of the metric. */
  | 'duplicate_day'
  | 'outside_expected'
  /** A counter below its last value. */
  | 'counter_falls'
  | 'in_the_future'
  /** Accepted, and kept without unit and kind. */
  | 'unknown_metric';

export interface EntryWarning {
  code: EntryWarningCode;
  message: string;
}

export interface EntryPreview {
  release_id: number;
  platform: string;
  metric_name: string;
  metric_value: number;
  recorded_at: Date;
  /** Null for a metric that was never described. */
  metric: MetricTraits | null;
  /** The content that the value will belong to; null where the entry makes one. */
  content_id: string | null;
  /** The last value before the instant. */
  previous: KnownInstant | null;
  /** Other values of the metric on the instant's day in UTC. */
  same_day: KnownInstant[];
  /** Null where too little is known to expect anything. */
  expected: ExpectedBand | null;
  warnings: EntryWarning[];
}

export interface EnteredValue {
  entry: ManualEntry;
  /** False where an entry of the same value stands already. */
  is_new: boolean;
}

export interface UndoneEntry {
  entry: ManualEntry;
  /** False where it was undone before. */
  undone: boolean;
  /** What counts at the instant now; null where nothing is known of it any more. */
  effective: KnownInstant | null;
}

/**
 * What entering a value would mean, without entering it.
 * @throws BadInputError for a platform that is none, a metric without a name, a value that is not finite
 * @throws StoreError `notFound` for a release that is missing, `rejected` for one that is not approved
 */
export async function previewEntry({ db, clock }: DataEntryDeps, told: NewEntry): Promise<EntryPreview> {
  const entry = checked(told);
  const { release_id: releaseId, platform, metric_name: metric, recorded_at: at } = entry;
  const release = await showRelease(db, releaseId);
  if (release.state !== 'approved')
    throw new StoreError(
      'rejected',
      `Release ${releaseId} is not approved: it is ${release.state}. Approve it first.`,
    );
  const traits = (await listMetrics(db)).find(({ name }) => name === metric) ?? null;
  const content = await primaryContent(db, releaseId, platform);
  const known = { ...entry, metric: traits, content_id: content?.content_id ?? null };
  const warnings: EntryWarning[] = [];
  const warn = (code: EntryWarningCode, message: string): void => void warnings.push({ code, message });
  if (traits === null) warn('unknown_metric', `“${metric}” is not a metric known here; check its spelling.`);
  if (at > clock.now()) warn('in_the_future', `${at.toISOString()} is still to come.`);
  if (content === null) return { ...known, previous: null, same_day: [], expected: null, warnings };

  const day = dayOf(at, 'UTC');
  const { start, end } = dayBounds(day, 'UTC');
  const [sameDay, before] = await Promise.all([
    instantsOf(db, content.content_id, metric, start, end),
    instantsOf(db, content.content_id, metric, dayBounds(addDays(day, -lookbackDays), 'UTC').start, at),
  ]);
  const previous = before.at(-1) ?? null;
  const subject = { content, metric, kind: traits?.kind ?? null, at };
  const expected = await expectedBand(db, subject, previous);
  warnings.push(...warningsOf(entry, traits, { sameDay, previous, expected }));
  return { ...known, previous, same_day: sameDay, expected, warnings };
}

const lookbackDays = 400;

function warningsOf(
  { metric_value: value, recorded_at: at }: NewEntry,
  traits: MetricTraits | null,
  known: { sameDay: readonly KnownInstant[]; previous: KnownInstant | null; expected: ExpectedBand | null },
): EntryWarning[] {
  const { sameDay, previous, expected } = known;
  const warnings: EntryWarning[] = [];
  const same = sameDay.find(({ recorded_at: other }) => other.getTime() === at.getTime());
  if (same?.source === 'manual')
    warnings.push({
      code: 'duplicate_instant',
      message: `${same.metric_value} was entered for this very instant; it would be replaced.`,
    });
  else if (same !== undefined)
    warnings.push({
      code: 'overrules_platform',
      message: `${same.metric_value} is ${same.source} for this very instant; what is entered counts more.`,
    });
  const others = sameDay.filter((instant) => instant !== same);
  if (others.length > 0)
    warnings.push({
      code: 'duplicate_day',
      message: `The day holds ${others.length} other ${others.length === 1 ? 'value' : 'values'} of the metric, the latest ${others.at(-1)!.metric_value}.`,
    });
  if (traits?.kind === 'counter' && traits.never_falls && previous !== null && value < previous.metric_value)
    warnings.push({
      code: 'counter_falls',
      message: `The counter stood at ${previous.metric_value} on ${previous.recorded_at.toISOString()} and does not fall.`,
    });
  else if (expected !== null && (value < expected.low || value > expected.high))
    warnings.push({
      code: 'outside_expected',
      message: `${rounded(expected.low)} to ${rounded(expected.high)} is expected, by ${
        expected.basis === 'forecast' ? 'the forecast' : 'the last 28 days'
      }.`,
    });
  return warnings;
}

function rounded(value: number): string {
  return String(Number(value.toPrecision(4)));
}

/**
 * Writes a value in somebody's name.
 * @param by whoever enters it, as the page or the key names them
 * @throws BadInputError as `previewEntry`
 * @throws StoreError `notFound` for a release that is missing, `rejected` for one that is not approved
 */
export async function enterValue(db: Queryable, told: NewEntry, by: string): Promise<EnteredValue> {
  return addManualEntry(db, checked(told), named(by));
}

/** The last entries, the newest first, undone ones too; `after` is the id of the last one of the page before. */
export async function recentEntries(db: Queryable, filter: EntryFilter = {}): Promise<ManualEntry[]> {
  const platform = filter.platform === undefined ? undefined : platformOf(filter.platform);
  return listManualEntries(db, { ...filter, platform });
}

/**
 * Takes an entry back: the value that it had replaced comes back, or what the platform told, and a revision of
 * kind `undone` keeps what stood. Doing it again changes nothing.
 * @throws StoreError `notFound`, or `conflict` where another value replaced it since
 */
export async function undoEntry(db: Queryable, id: string, by: string): Promise<UndoneEntry> {
  const undone = await undoManualEntry(db, id, named(by));
  const entry = await getManualEntry(db, id);
  const at = entry.recorded_at;
  const next = new Date(at.getTime() + 1);
  const [effective] = await instantsOf(db, entry.content_id, entry.metric_name, at, next);
  return { entry, undone, effective: effective ?? null };
}

function checked(entry: NewEntry): NewEntry {
  const metric = entry.metric_name.trim();
  if (metric === '' || metric.length > 200)
    throw new BadInputError('metric_name: a metric needs a name of 1 to 200 characters.');
  if (!Number.isFinite(entry.metric_value))
    throw new BadInputError(`metric_value: “${String(entry.metric_value)}” is no finite number.`);
  if (Number.isNaN(entry.recorded_at.getTime()))
    throw new BadInputError('recorded_at: not an instant; write it as 2026-01-05T17:00:00Z.');
  return { ...entry, platform: platformOf(entry.platform), metric_name: metric };
}

function platformOf(told: string): string {
  const platform = parsePlatform(told);
  if (platform === null) throw new BadInputError(`platform: “${told}” is not a platform known here.`);
  return platform;
}

function named(by: string): string {
  const name = by.trim();
  if (name === '') throw new BadInputError('Say who enters it.');
  return name;
}
