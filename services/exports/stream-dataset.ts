/** A dataset as a stream of bytes, made as it is read. */
import type { Pool } from 'pg';
import type { ExportFormat, ExportRequest } from '../../contracts/exports.js';
import type { ExportFilter, ExportSection } from '../../store/export-columns.js';
import { exportSections } from '../../store/export-sections.js';
import { readSnapshot, type Snapshot } from '../../store/snapshot-reader.js';
import { parseTimeframe } from '../timeframe.js';
import { exportFilter, type FilterOptions } from './export-filter.js';
import type { ExportDocument, ExportMetadata } from './export-document.js';
import { writeCsv } from './write-csv.js';
import { writeJson } from './write-json.js';
import { writeXlsx } from './write-xlsx.js';

export interface ExportStream extends AsyncIterable<Uint8Array> {
  fileName: string;
  contentType: string;
  /** Rows that went into the stream so far. */
  rows(): number;
}

export interface StreamOptions extends FilterOptions {
  /** Reads what these artists may see; null, or not told, as whoever the pool's connections are. */
  artistIds?: readonly number[] | null;
  /** Ends the stream with its reason, also in the middle of a statement. */
  signal?: AbortSignal;
}

const contentTypes: Readonly<Record<ExportFormat, string>> = {
  json: 'application/json; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};
const writers = { json: writeJson, csv: writeCsv, xlsx: writeXlsx } as const;
const units = {
  engagement_rate: 'fraction',
  engagement_rate_computed: 'fraction',
  watch_time: 'minutes',
  listen_time: 'minutes',
  performance_score: '0 to 10',
  score: '0 to 10',
  slope: 'a day',
} as const;

export function contentTypeOf(format: ExportFormat): string {
  return contentTypes[format];
}

/** `tidemark-series-30d-2026-03-04.csv` */
export function fileNameOf({ dataset, format, timeframe }: ExportRequest, now: Date): string {
  return `tidemark-${dataset}-${parseTimeframe(timeframe)}-${now.toISOString().slice(0, 10)}.${format}`;
}

/**
 * Checks what is asked for and returns the stream; nothing is read before the stream is. Every row is of one
 * moment. A reader that leaves early, by `break`, `return` or a destroyed `Readable`, frees the connection at once.
 * @throws BadInputError, UnknownTimeframeError, StoreError `notFound` for an unknown content; reading throws StoreError
 */
export async function streamDataset(
  pool: Pool,
  request: ExportRequest,
  options: StreamOptions,
): Promise<ExportStream> {
  const filter = await exportFilter(pool, request, options);
  const sections: readonly ExportSection[] = exportSections[request.dataset];
  const metadata = request.includeMetadata ? metadataOf(request, filter, sections, options.now) : null;
  const leaving = new AbortController();
  const signal =
    options.signal === undefined ? leaving.signal : AbortSignal.any([options.signal, leaving.signal]);
  let rows = 0;
  const count = async function* (batches: AsyncIterable<unknown[][]>): AsyncGenerator<unknown[][]> {
    for await (const batch of batches) {
      rows += batch.length;
      yield batch;
    }
  };
  const documentOf = (snapshot: Snapshot): ExportDocument => ({
    metadata,
    sections: sections.map(({ name, columns, statement }) => ({
      ...{ name, columns },
      rows: count(snapshot.batches(statement(filter))),
    })),
  });
  const bytes = readSnapshot(pool, { artistIds: options.artistIds ?? null, signal }, (snapshot) =>
    writers[request.format](documentOf(snapshot)),
  );
  return {
    fileName: fileNameOf(request, options.now),
    contentType: contentTypeOf(request.format),
    rows: () => rows,
    [Symbol.asyncIterator]: () => leavable(bytes, leaving),
  };
}

/** A generator in the middle of a statement hears of a reader's leaving only afterwards: the signal tells it first. */
function leavable(bytes: AsyncGenerator<Uint8Array>, leaving: AbortController): AsyncIterator<Uint8Array> {
  const leave = async (): Promise<IteratorResult<Uint8Array>> => {
    leaving.abort(new Error('The reader of the export left'));
    return bytes.return(undefined);
  };
  return {
    next: () => bytes.next(),
    return: leave,
    throw: async (error: unknown) => {
      await leave();
      throw error;
    },
  };
}

function metadataOf(
  request: ExportRequest,
  { start, end, contents, platforms }: ExportFilter,
  sections: readonly ExportSection[],
  now: Date,
): ExportMetadata {
  const columnsOf = ({ name, columns }: ExportSection) =>
    [name, Object.fromEntries(columns.map((column) => [column.name, column.kind]))] as const;
  const names = new Set(sections.flatMap(({ columns }) => columns.map(({ name }) => name)));
  return {
    dataset: request.dataset,
    timeframe: parseTimeframe(request.timeframe),
    time_period: [start.toISOString(), end.toISOString()],
    platforms,
    content_ids: contents?.map(({ key }) => key) ?? null,
    exported_at: now.toISOString(),
    generator: 'Tidemark 1.0.0',
    units: Object.fromEntries(Object.entries(units).filter(([name]) => names.has(name))),
    columns: Object.fromEntries(sections.map(columnsOf)),
  };
}
