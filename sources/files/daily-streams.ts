import { basename } from 'node:path';
import type { DailyRecord, QuarantinedRow } from '../../contracts/records.js';
import { Platform } from '../../contracts/vocabulary.js';
import { readName } from './byte-names.js';
import { csvLine, headerNames, rawText, splitCsvLine } from './csv-line.js';
import { FileFormatError } from './file-format-error.js';
import { daysFromCivil } from './instants.js';
import { maxLineBytes, readLineBlocks } from './line-blocks.js';
import { parseNumber } from './numbers.js';

const columns = ['track_id', 'total_stream', 'daily_stream'] as const;
const expected = `a CSV with the columns ${columns.join(', ').toUpperCase()}, one file a day`;
const namePattern = /^STREAMS_(\d{4})_(\d{2})_(\d{2})\.csv$/i;
const lineFeed = 10;
const carriageReturn = 13;
const maxIdCharacters = 500;

/** A day's file: every track's total and what the day added to it. */
export interface DailyStreamsFile {
  /** The UTC day of the file's name. */
  day: string;
  rows: DailyRecord[];
  quarantined: QuarantinedRow[];
  /** Data lines, good and bad. */
  lines: number;
}

/**
 * The UTC day that a file's name tells.
 * @throws FileFormatError when it is not of the form `STREAMS_2026_01_05.csv`.
 */
export function dayOfName(path: string, origin = path): string {
  const match = namePattern.exec(basename(path));
  const [, year = '', month = '', day = ''] = match ?? [];
  if (match === null || Number.isNaN(daysFromCivil(Number(year), Number(month), Number(day)))) {
    throw new FileFormatError(
      origin,
      1,
      `the name «${basename(path)}» tells no day`,
      'a name such as STREAMS_2026_01_05.csv',
      'Name the file after the UTC day that it speaks of.',
    );
  }
  return `${year}-${month}-${day}`;
}

/**
 * Reads a file of daily streams. Whole numbers may be written like `1092566.0`; a value that is none, such as
 * `nan`, sets its row aside. Every day of such an export is over and told once.
 *
 * @throws FileFormatError when the name tells no day or the first line is not such a header.
 */
export async function readDailyStreams(path: string, origin = path): Promise<DailyStreamsFile> {
  const file: DailyStreamsFile = { day: dayOfName(path, origin), rows: [], quarantined: [], lines: 0 };
  let header: string[] | null = null;
  let line = 0;
  for await (const { bytes, end, overlong } of readLineBlocks(path)) {
    for (let at = 0; at < end;) {
      const feed = overlong ? -1 : bytes.subarray(0, end).indexOf(lineFeed, at);
      const stop = feed === -1 ? end : feed;
      const text = bytes.subarray(at, stop > at && bytes[stop - 1] === carriageReturn ? stop - 1 : stop);
      at = stop + 1;
      line++;
      if (header === null) header = readHeader(text, origin);
      else if (text.length > 0) takeLine(file, text, line, header, origin, overlong);
    }
  }
  if (header === null) readHeader(Buffer.alloc(0), origin);
  return file;
}

function readHeader(line: Buffer, origin: string): string[] {
  const names = headerNames(line);
  const missing = columns.filter((column) => !names.includes(column));
  if (missing.length === 0) return names;
  throw new FileFormatError(
    origin,
    1,
    line.length === 0 ? 'the file is empty' : `found «${rawText(line).trim().slice(0, 80)}»`,
    expected,
    'Import files of another form with the format that names it.',
  );
}

function takeLine(
  file: DailyStreamsFile,
  line: Buffer,
  number: number,
  header: readonly string[],
  origin: string,
  overlong: boolean,
): void {
  file.lines++;
  const read = overlong
    ? refused(null, `is longer than ${maxLineBytes} bytes`)
    : readRow(line, header, file.day);
  if ('reason' in read)
    file.quarantined.push({ origin, line: number, raw: rawText(line), ...read, header: csvLine(header) });
  else file.rows.push(read);
}

type Refused = Pick<QuarantinedRow, 'field' | 'reason'>;

function refused(field: string | null, reason: string): Refused {
  return { field, reason };
}

function readRow(line: Buffer, header: readonly string[], day: string): DailyRecord | Refused {
  const fields = splitCsvLine(line);
  if (fields === null) return refused(null, 'a quote is not closed on its line');
  if (fields.length !== header.length) {
    return refused(null, `${fields.length} fields where the header has ${header.length}`);
  }
  const field = (name: (typeof columns)[number]): Buffer => fields[header.indexOf(name)]!;
  const track = readName(field('track_id'), maxIdCharacters);
  if (typeof track !== 'string') return refused('TRACK_ID', track.reason);
  const total = parseNumber(field('total_stream'), 0, field('total_stream').length);
  if (Number.isNaN(total)) return refused('TOTAL_STREAM', 'is not a number');
  if (total < 0) return refused('TOTAL_STREAM', 'is negative');
  const added = parseNumber(field('daily_stream'), 0, field('daily_stream').length);
  if (Number.isNaN(added)) return refused('DAILY_STREAM', 'is not a number');
  return {
    platform: Platform.SPOTIFY,
    externalId: track,
    day,
    increments: { streams: added },
    closes: { streams: total },
    sourceVersion: null,
    final: true,
  };
}
