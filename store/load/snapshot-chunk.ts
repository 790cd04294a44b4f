import type { SnapshotColumns } from '../../contracts/snapshot-columns.js';
import { BinaryCopyWriter } from './binary-copy.js';
import { isWide } from './metric-traits.js';
import type { ToldMetrics } from './snapshot-sql.js';

/** The wide metrics that a chunk tells, and whether it tells others. */
export function toldMetrics(columns: SnapshotColumns): ToldMetrics {
  const names = [...columns.metrics.keys()];
  const wide = names.filter(isWide).sort();
  return { wide, extra: wide.length < names.length, versioned: columns.versionMicros !== null };
}

/**
 * The rows in order of content and instant, one a pair: where a pair repeats, what was told last stands in
 * the last of its rows. The same key twice in one upsert is an error, and rows in one order for every loader
 * keep two of them from locking each other out.
 */
export function orderedRows(columns: SnapshotColumns, ids: Int32Array): Uint32Array {
  const { rows, content, recordedAtMicros } = columns;
  const order = new Uint32Array(rows);
  for (let row = 0; row < rows; row++) order[row] = row;
  const compare = (a: number, b: number): number =>
    ids[content[a]!]! - ids[content[b]!]! || recordedAtMicros[a]! - recordedAtMicros[b]! || a - b;
  order.sort(compare);
  let kept = 0;
  for (let position = 0; position < rows; position++) {
    const row = order[position]!;
    const before = kept > 0 ? order[kept - 1]! : -1;
    if (
      before >= 0 &&
      ids[content[before]!] === ids[content[row]!] &&
      recordedAtMicros[before] === recordedAtMicros[row]
    ) {
      for (const values of columns.metrics.values()) {
        if (Number.isNaN(values[row])) values[row] = values[before]!;
      }
      order[kept - 1] = row;
    } else {
      order[kept++] = row;
    }
  }
  return order.subarray(0, kept);
}

/** The staged form of the rows: COPY data for `snapshotColumns(told)`. */
export function encodeSnapshots(
  columns: SnapshotColumns,
  ids: Int32Array,
  order: Uint32Array,
  told: ToldMetrics,
): Buffer[] {
  const writer = new BinaryCopyWriter();
  const wide = told.wide.map((metric) => columns.metrics.get(metric)!);
  const others = [...columns.metrics].filter(([metric]) => !isWide(metric));
  const versions = columns.versionMicros;
  const fields = 2 + wide.length + (versions === null ? 0 : 1) + (told.extra ? 1 : 0);
  for (const row of order) {
    writer.beginRow(fields);
    writer.integer(ids[columns.content[row]!]!);
    writer.instant(columns.recordedAtMicros[row]!);
    if (versions !== null) writer.instant(versions[row]!);
    for (const values of wide) writer.double(values[row]!);
    if (!told.extra) continue;
    const extra = others.filter(([, values]) => !Number.isNaN(values[row]));
    if (extra.length === 0) writer.null();
    else writer.json(Object.fromEntries(extra.map(([metric, values]) => [metric, values[row]])));
  }
  return writer.end();
}
