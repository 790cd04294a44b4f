import type { SnapshotRecord } from './records.js';
import type { Platform } from './vocabulary.js';

export interface ContentName {
  platform: Platform;
  externalId: string;
}

/** Snapshots in columns: what the load path takes in bulk, a row a content and instant. */
export interface SnapshotColumns {
  rows: number;
  /** The distinct contents that the rows speak of. */
  contents: readonly ContentName[];
  /** A row's index into `contents`. */
  content: Int32Array;
  /** A row's instant, microseconds since the Unix epoch. */
  recordedAtMicros: Float64Array;
  /** A metric's values by row; NaN was not told. */
  metrics: ReadonlyMap<string, Float64Array>;
  /** A row's version of the source's answer, in microseconds as above; null where the source has none. */
  versionMicros: Float64Array | null;
}

/** Gathers snapshots into columns of a fixed capacity. Rows of one content and instant may repeat. */
export class SnapshotColumnsBuilder {
  rows = 0;
  private readonly contents: ContentName[] = [];
  private readonly indexes = new Map<string, number>();
  private readonly content: Int32Array;
  private readonly recordedAtMicros: Float64Array;
  private readonly metrics = new Map<string, Float64Array>();
  private versionMicros: Float64Array | null = null;

  constructor(private readonly capacity: number) {
    this.content = new Int32Array(capacity);
    this.recordedAtMicros = new Float64Array(capacity);
  }

  get full(): boolean {
    return this.rows >= this.capacity;
  }

  get metricCount(): number {
    return this.metrics.size;
  }

  /** Index of a content, entered when it is new. */
  contentIndex(platform: Platform, externalId: string): number {
    const key = `${platform}:${externalId}`;
    const known = this.indexes.get(key);
    if (known !== undefined) return known;
    const index = this.contents.push({ platform, externalId }) - 1;
    this.indexes.set(key, index);
    return index;
  }

  /** The column of a metric, made and filled with «not told» when it is new. */
  column(metric: string): Float64Array {
    let values = this.metrics.get(metric);
    if (values === undefined) {
      values = new Float64Array(this.capacity).fill(Number.NaN);
      this.metrics.set(metric, values);
    }
    return values;
  }

  /** Opens a row and returns its index; the caller sees to it that the builder is not full. */
  openRow(content: number, recordedAtMicros: number): number {
    const row = this.rows++;
    this.content[row] = content;
    this.recordedAtMicros[row] = recordedAtMicros;
    return row;
  }

  /** Adds a record of an answer of that version; all rows of a builder have one or none has. */
  add(record: SnapshotRecord, version: Date): void {
    const content = this.contentIndex(record.platform, record.externalId);
    const row = this.openRow(content, record.recordedAt.getTime() * 1000);
    for (const [metric, value] of Object.entries(record.metrics)) this.column(metric)[row] = value;
    this.versionMicros ??= new Float64Array(this.capacity);
    this.versionMicros[row] = version.getTime() * 1000;
  }

  build(): SnapshotColumns {
    return {
      rows: this.rows,
      contents: this.contents,
      content: this.content,
      recordedAtMicros: this.recordedAtMicros,
      metrics: this.metrics,
      versionMicros: this.versionMicros,
    };
  }
}
