/** Rows that were read well, as a person looks at them before they are loaded. */
import type { DailyRecord } from '../contracts/records.js';
import type { SnapshotColumns } from '../contracts/snapshot-columns.js';

export interface GoodRow {
  platform: string;
  external_id: string;
  metric: string;
  value: number;
  /** RFC 3339, or the ISO day of a day's figure. */
  recorded_at: string;
}

/** The first `most` values, a line each. */
export function goodRowsOf(
  read: { columns: SnapshotColumns } | { days: readonly DailyRecord[] },
  most: number,
): GoodRow[] {
  const good: GoodRow[] = [];
  for (const row of 'columns' in read ? valuesOf(read.columns) : dayValuesOf(read.days)) {
    if (good.length >= most) break;
    good.push(row);
  }
  return good;
}

function* valuesOf({
  rows,
  contents,
  content,
  recordedAtMicros,
  metrics,
}: SnapshotColumns): Generator<GoodRow> {
  for (let row = 0; row < rows; row++) {
    const { platform, externalId } = contents[content[row]!]!;
    const recordedAt = new Date(recordedAtMicros[row]! / 1_000).toISOString();
    for (const [metric, values] of metrics) {
      const value = values[row]!;
      // A metric that was not told for the row.
      if (Number.isNaN(value)) continue;
      yield { platform, external_id: externalId, metric, value, recorded_at: recordedAt };
    }
  }
}

function* dayValuesOf(days: readonly DailyRecord[]): Generator<GoodRow> {
  for (const { platform, externalId, day, increments, closes } of days) {
    const subject = { platform, external_id: externalId, recorded_at: day };
    for (const [metric, value] of Object.entries(increments)) yield { ...subject, metric, value };
    for (const [metric, value] of Object.entries(closes))
      yield { ...subject, metric: `${metric}_close`, value };
  }
}
