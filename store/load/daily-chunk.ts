import type { DailyRecord } from '../../contracts/records.js';
import type { ContentName } from '../../contracts/snapshot-columns.js';
import { BinaryCopyWriter } from './binary-copy.js';
import type { TakenBack, ToldDays } from './daily-sql.js';
import { hasClose, isWide, traitsOf, type MetricRegistry } from './metric-traits.js';

const millisPerDay = 86_400_000;

/** The distinct contents of the rows, and each row's index into them. */
export function contentsOf(rows: readonly DailyRecord[]): { names: ContentName[]; index: Int32Array } {
  const names: ContentName[] = [];
  const known = new Map<string, number>();
  const index = new Int32Array(rows.length);
  rows.forEach(({ platform, externalId }, row) => {
    const key = `${platform}:${externalId}`;
    let at = known.get(key);
    if (at === undefined) {
      at = names.push({ platform, externalId }) - 1;
      known.set(key, at);
    }
    index[row] = at;
  });
  return { names, index };
}

/** A row as it is staged: what the record tells, with what it takes back left out. */
export interface StagedDay {
  contentId: number;
  record: DailyRecord;
}

/** The rows in order of content and day, one a pair: later ones fill in and replace what earlier ones told. */
export function orderedDays(rows: readonly DailyRecord[], ids: Int32Array): StagedDay[] {
  const byKey = new Map<string, StagedDay>();
  rows.forEach((record, row) => {
    const contentId = ids[row]!;
    const key = `${contentId}/${record.day}`;
    const before = byKey.get(key)?.record;
    byKey.set(key, { contentId, record: before === undefined ? record : mergeDays(before, record) });
  });
  return [...byKey.values()].sort(
    (a, b) => a.contentId - b.contentId || (a.record.day < b.record.day ? -1 : 1),
  );
}

/** Of two rows for a day the one of the newer version counts, the later one of two that are equally new. */
function mergeDays(first: DailyRecord, second: DailyRecord): DailyRecord {
  const versions = [first.sourceVersion?.getTime(), second.sourceVersion?.getTime()];
  const stale = versions[0] !== undefined && versions[1] !== undefined && versions[1] < versions[0];
  const [older, newer] = stale ? [second, first] : [first, second];
  return {
    ...newer,
    increments: { ...older.increments, ...newer.increments },
    closes: { ...older.closes, ...newer.closes },
    sourceVersion: newer.sourceVersion ?? older.sourceVersion,
    final: older.final || newer.final,
  };
}

/**
 * Takes the negative increments of metrics that never fall out of the rows: their day is a platform's
 * correction.
 */
export function takeBack(
  days: readonly StagedDay[],
  registry: MetricRegistry,
): { kept: StagedDay[]; taken: TakenBack[] } {
  const taken: TakenBack[] = [];
  const kept = days.map((staged) => {
    const { contentId, record } = staged;
    const fallen = Object.entries(record.increments).filter(
      ([metric, value]) => value < 0 && isWide(metric) && traitsOf(registry, metric).neverFalls,
    );
    if (fallen.length === 0) return staged;
    const increments = { ...record.increments };
    for (const [metric, value] of fallen) {
      Reflect.deleteProperty(increments, metric);
      const close = record.closes[metric];
      taken.push({
        contentId,
        day: record.day,
        metric,
        before: close === undefined ? 0 : close - value,
        after: close ?? value,
        sourceVersion: record.sourceVersion,
      });
    }
    return { contentId, record: { ...record, increments } };
  });
  return { kept, taken };
}

function hasColumnForClose(metric: string): boolean {
  return isWide(metric) && hasClose(metric);
}

export function toldDays(days: readonly StagedDay[]): ToldDays {
  const increments = new Set<string>();
  const closes = new Set<string>();
  let extra = false;
  for (const { record } of days) {
    for (const metric of Object.keys(record.increments)) {
      if (isWide(metric)) increments.add(metric);
      else extra = true;
    }
    for (const metric of Object.keys(record.closes)) {
      if (hasColumnForClose(metric)) closes.add(metric);
      else extra = true;
    }
  }
  return { increments: [...increments].sort(), closes: [...closes].sort(), extra };
}

/** The staged form of the days: COPY data for `dailyColumns(told)`. */
export function encodeDays(days: readonly StagedDay[], told: ToldDays): Buffer[] {
  const writer = new BinaryCopyWriter();
  const fields = 4 + told.increments.length + told.closes.length + (told.extra ? 1 : 0);
  for (const { contentId, record } of days) {
    writer.beginRow(fields);
    writer.integer(contentId);
    writer.day(Math.round(Date.parse(`${record.day}T00:00:00Z`) / millisPerDay));
    writer.boolean(record.final);
    if (record.sourceVersion === null) writer.null();
    else writer.instant(record.sourceVersion.getTime() * 1000);
    for (const metric of told.increments) writer.double(record.increments[metric] ?? Number.NaN);
    for (const metric of told.closes) writer.double(record.closes[metric] ?? Number.NaN);
    if (told.extra) writeExtra(writer, record);
  }
  return writer.end();
}

function writeExtra(writer: BinaryCopyWriter, record: DailyRecord): void {
  const increments = Object.entries(record.increments).filter(([metric]) => !isWide(metric));
  const closes = Object.entries(record.closes).filter(([metric]) => !hasColumnForClose(metric));
  if (increments.length + closes.length === 0) {
    writer.null();
    return;
  }
  writer.json({
    ...(increments.length > 0 ? { increments: Object.fromEntries(increments) } : {}),
    ...(closes.length > 0 ? { closes: Object.fromEntries(closes) } : {}),
  });
}
