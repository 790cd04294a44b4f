import { headerNames, rawText } from './csv-line.js';
import { FileFormatError } from './file-format-error.js';
import { maxLineBytes, readLineBlocks } from './line-blocks.js';
import { longCsvColumns, LongCsvRows, type ReadRows } from './long-csv-rows.js';

const expected = `a CSV with the columns ${longCsvColumns.join(', ')}`;
const mend = 'Give the first line these names, in any order and separated by commas.';

/** Where to go on in a file: a byte of it (of its text as UTF-8, for UTF-16) and the line that begins there. */
export interface FileCursor {
  offset: number;
  line: number;
}

/** Part of a file, to be loaded in one transaction. */
export interface SnapshotFileChunk extends ReadRows {
  /** Where to go on once the chunk is committed. */
  cursor: FileCursor;
}

export interface LongCsvOptions {
  /** The file's name in quarantine and errors; its path unless told. */
  origin?: string | undefined;
  /** Snapshots a chunk. */
  chunkRows: number;
  resumeFrom?: FileCursor | undefined;
}

/**
 * Reads a CSV of one value a line, `platform, external_id, metric, value, recorded_at` with its columns in any
 * order and others ignored, into snapshots with a column a metric. Neighbouring lines of one content and
 * instant become one row; where a value repeats, the last one told counts. Bad lines are set aside with line,
 * field and reason; blank ones are passed over. Memory does not grow with the file.
 *
 * @throws FileFormatError when the first line is not such a header; nothing was yielded then.
 */
export async function* readLongCsv(path: string, options: LongCsvOptions): AsyncGenerator<SnapshotFileChunk> {
  const origin = options.origin ?? path;
  const header = await readHeader(path, origin);
  const rows = new LongCsvRows(origin, header.names, options.chunkRows);
  let { offset, line } = options.resumeFrom ?? { offset: header.next, line: 2 };
  for await (const block of readLineBlocks(path, offset)) {
    if (block.overlong) {
      rows.refuse(line++, null, `is longer than ${maxLineBytes} bytes`, block.bytes.subarray(0, block.end));
    } else {
      for (let at = 0; at < block.end;) {
        ({ at, line } = rows.take(block.bytes, at, block.end, line));
        if (at < block.end) yield { ...rows.flush(), cursor: { offset: block.offset + at, line } };
      }
    }
    offset = block.next;
  }
  if (!rows.empty) yield { ...rows.flush(), cursor: { offset, line } };
}

async function readHeader(path: string, origin: string): Promise<{ names: string[]; next: number }> {
  for await (const { bytes, end } of readLineBlocks(path)) {
    const feed = bytes.subarray(0, end).indexOf(10);
    const line = bytes.subarray(0, feed === -1 ? end : feed);
    const names = headerNames(line);
    const missing = longCsvColumns.filter((column) => !names.includes(column));
    if (missing.length > 0) {
      const found =
        missing.length === longCsvColumns.length
          ? `found «${rawText(line).trim().slice(0, 80)}»`
          : `no column ${missing.join(', ')} in «${names.join(',').slice(0, 200)}»`;
      throw new FileFormatError(origin, 1, found, expected, mend);
    }
    const twice = longCsvColumns.find((column) => names.indexOf(column) !== names.lastIndexOf(column));
    if (twice !== undefined) {
      throw new FileFormatError(origin, 1, `the column ${twice} stands twice`, expected, mend);
    }
    return { names, next: feed === -1 ? end : feed + 1 };
  }
  throw new FileFormatError(origin, 1, 'the file is empty', expected, mend);
}
