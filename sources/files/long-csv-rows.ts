import type { QuarantinedRow } from '../../contracts/records.js';
import { SnapshotColumnsBuilder, type SnapshotColumns } from '../../contracts/snapshot-columns.js';
import { parsePlatform, wideMetrics, type Platform } from '../../contracts/vocabulary.js';
import { ByteNames, LastBytes, readName, type Refusal } from './byte-names.js';
import { csvLine, rawText, splitCsvLine } from './csv-line.js';
import { parseInstantMicros } from './instants.js';
import { parseNumber } from './numbers.js';

export const longCsvColumns = ['platform', 'external_id', 'metric', 'value', 'recorded_at'] as const;
export type LongCsvColumn = (typeof longCsvColumns)[number];

const lineFeed = 10;
const carriageReturn = 13;
const comma = 44;
const quote = 34;
/** A chunk ends early rather than hold more bad lines, or more columns, in memory. */
const maxQuarantined = 10_000;
const maxMetrics = 64;
const maxIdCharacters = 500;
const maxMetricCharacters = 100;
const neverNegative: ReadonlySet<string> = new Set(wideMetrics);

interface Column {
  values: Float64Array;
  neverNegative: boolean;
}

export interface ReadRows {
  columns: SnapshotColumns;
  quarantined: QuarantinedRow[];
  /** Data lines read, good and bad. */
  lines: number;
}

/** Turns lines of a long CSV into the rows of one chunk after another. */
export class LongCsvRows {
  private readonly headerLine: string;
  private readonly starts: Int32Array;
  private readonly ends: Int32Array;
  private readonly place: Readonly<Record<LongCsvColumn, number>>;
  private readonly platforms = new ByteNames<Platform | Refusal>(readPlatform);
  private readonly lastPlatform = new LastBytes();
  private readonly lastId = new LastBytes();
  private readonly lastInstant = new LastBytes();
  private builder!: SnapshotColumnsBuilder;
  private contents!: Map<Platform, ByteNames<number | Refusal>>;
  private metrics!: ByteNames<Column | Refusal>;
  private quarantined: QuarantinedRow[] = [];
  private dataLines = 0;
  /** Row of the last good line, -1 at the beginning of a chunk. */
  private row = -1;

  /** `header` names the columns in order; others than the five are passed over. */
  constructor(
    private readonly origin: string,
    private readonly header: readonly string[],
    private readonly capacity: number,
  ) {
    this.headerLine = csvLine(header);
    this.starts = new Int32Array(header.length);
    this.ends = new Int32Array(header.length);
    const place = (column: LongCsvColumn): number => header.indexOf(column);
    this.place = {
      platform: place('platform'),
      external_id: place('external_id'),
      metric: place('metric'),
      value: place('value'),
      recorded_at: place('recorded_at'),
    };
    this.begin();
  }

  get empty(): boolean {
    return this.dataLines === 0;
  }

  /**
   * Takes lines of `bytes` from `from` up to `end`, of which the first is line `line` of the file. Returns where
   * it stopped and the line that stands there: before `end` when the chunk is full.
   */
  take(bytes: Buffer, from: number, end: number, line: number): { at: number; line: number } {
    let at = from;
    let current = line;
    while (at < end && this.quarantined.length < maxQuarantined) {
      const start = at;
      let field = 0;
      let quoted = false;
      this.starts[0] = start;
      for (; at < end; at++) {
        const byte = bytes[at]!;
        if (byte === comma) {
          this.ends[field++] = at;
          this.starts[field] = at + 1;
        } else if (byte === lineFeed) break;
        else if (byte === quote) quoted = true;
      }
      const stop = at > start && bytes[at - 1] === carriageReturn ? at - 1 : at;
      this.ends[field] = stop;
      at++;
      if (stop > start && !this.takeLine(bytes, start, stop, quoted ? -1 : field + 1, current)) {
        return { at: start, line: current };
      }
      current++;
    }
    return { at: Math.min(at, end), line: current };
  }

  /** Sets a data line aside. */
  refuse(line: number, field: string | null, reason: string, raw: Buffer): void {
    this.dataLines++;
    const { origin, headerLine: header } = this;
    this.quarantined.push({ origin, line, raw: rawText(raw), field, reason, header });
  }

  /** Gives what was taken and begins the next chunk. */
  flush(): ReadRows {
    const read = { columns: this.builder.build(), quarantined: this.quarantined, lines: this.dataLines };
    this.begin();
    return read;
  }

  private begin(): void {
    this.builder = new SnapshotColumnsBuilder(this.capacity);
    this.contents = new Map();
    this.metrics = new ByteNames((bytes) => this.openColumn(bytes));
    this.quarantined = [];
    this.dataLines = 0;
    this.row = -1;
  }

  /** False when the line does not fit into the chunk any more. `fields` is -1 where quotes are to be undone. */
  private takeLine(bytes: Buffer, start: number, stop: number, fields: number, line: number): boolean {
    let source = bytes;
    if (fields === -1) {
      const split = splitCsvLine(bytes.subarray(start, stop));
      fields = split?.length ?? 0;
      if (split === null)
        return this.bad(bytes, start, stop, line, null, 'a quote is not closed on its line');
      if (fields === this.header.length) source = this.joinFields(split);
    }
    if (fields !== this.header.length) {
      const reason = `${fields} fields where the header has ${this.header.length}`;
      return this.bad(bytes, start, stop, line, null, reason);
    }
    const refused = this.takeFields(source);
    if (refused === null) return false;
    if (refused === accepted) this.dataLines++;
    else this.bad(bytes, start, stop, line, refused.field, refused.reason);
    return true;
  }

  private bad(
    bytes: Buffer,
    start: number,
    stop: number,
    line: number,
    field: string | null,
    reason: string,
  ): true {
    this.refuse(line, field, reason, bytes.subarray(start, stop));
    return true;
  }

  private joinFields(fields: readonly Buffer[]): Buffer {
    let at = 0;
    fields.forEach((field, index) => {
      this.starts[index] = at;
      at += field.length;
      this.ends[index] = at;
    });
    return Buffer.concat(fields);
  }

  /** Null when the chunk is full; the value and its column are read first, so that no row stays empty. */
  private takeFields(bytes: Buffer): FieldRefusal | null {
    const { starts, ends, place } = this;
    const value = parseNumber(bytes, starts[place.value]!, ends[place.value]!);
    if (Number.isNaN(value)) return { field: 'value', reason: 'is not a number' };
    if (this.builder.metricCount >= maxMetrics) return null;
    const column = this.metrics.get(bytes, starts[place.metric]!, ends[place.metric]!);
    if ('reason' in column) return { field: 'metric', reason: column.reason };
    if (value < 0 && column.neverNegative) return { field: 'value', reason: 'is negative' };
    const samePlatform = this.lastPlatform.is(bytes, starts[place.platform]!, ends[place.platform]!);
    const sameId = this.lastId.is(bytes, starts[place.external_id]!, ends[place.external_id]!);
    const sameInstant = this.lastInstant.is(bytes, starts[place.recorded_at]!, ends[place.recorded_at]!);
    if (this.row === -1 || !samePlatform || !sameId || !sameInstant) {
      if (this.builder.full) return null;
      const refused = this.openRow(bytes);
      if (refused !== accepted) return refused;
    }
    column.values[this.row] = value;
    return accepted;
  }

  private openRow(bytes: Buffer): FieldRefusal {
    const { starts, ends, place } = this;
    const platform = this.platforms.get(bytes, starts[place.platform]!, ends[place.platform]!);
    if (typeof platform !== 'string') return { field: 'platform', reason: platform.reason };
    let contents = this.contents.get(platform);
    if (contents === undefined) {
      contents = new ByteNames((name) => this.openContent(platform, name));
      this.contents.set(platform, contents);
    }
    const content = contents.get(bytes, starts[place.external_id]!, ends[place.external_id]!);
    if (typeof content !== 'number') return { field: 'external_id', reason: content.reason };
    const micros = parseInstantMicros(bytes, starts[place.recorded_at]!, ends[place.recorded_at]!);
    if (Number.isNaN(micros)) return { field: 'recorded_at', reason: 'is not an ISO 8601 instant' };
    this.row = this.builder.openRow(content, micros);
    this.lastPlatform.set(bytes, starts[place.platform]!, ends[place.platform]!);
    this.lastId.set(bytes, starts[place.external_id]!, ends[place.external_id]!);
    this.lastInstant.set(bytes, starts[place.recorded_at]!, ends[place.recorded_at]!);
    return accepted;
  }

  private openContent(platform: Platform, bytes: Buffer): number | Refusal {
    const name = readName(bytes, maxIdCharacters);
    return typeof name === 'string' ? this.builder.contentIndex(platform, name) : name;
  }

  private openColumn(bytes: Buffer): Column | Refusal {
    const name = readName(bytes, maxMetricCharacters);
    if (typeof name !== 'string') return name;
    const metric = name.trim().toLowerCase();
    if (metric === '') return { reason: 'is empty' };
    return { values: this.builder.column(metric), neverNegative: neverNegative.has(metric) };
  }
}

interface FieldRefusal extends Refusal {
  field: LongCsvColumn;
}

/** Stands for «nothing was refused»: one object for all lines. */
const accepted: FieldRefusal = { field: 'value', reason: '' };

function readPlatform(bytes: Buffer): Platform | Refusal {
  const name = readName(bytes, maxMetricCharacters);
  if (typeof name !== 'string') return name;
  return parsePlatform(name) ?? { reason: 'is no platform that is known' };
}
