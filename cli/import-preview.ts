/** What an import would do, by reading the files alone: no database, no run. */
import type { QuarantinedRow } from '../contracts/records.js';
import type { ImportFileInput } from '../contracts/runs.js';
import { importedFiles } from '../services/import-file.js';
import { readDailyStreams } from '../sources/files/daily-streams.js';
import { readLongCsv } from '../sources/files/long-csv.js';

type ImportedPath = Pick<ImportFileInput, 'path' | 'format'>;

export interface ImportPreview {
  path: string;
  files: number;
  /** Data lines, good and bad. */
  rows: number;
  quarantined: number;
  /** The first few bad rows. */
  examples: Pick<QuarantinedRow, 'line' | 'field' | 'reason'>[];
}

const exampleCount = 5;
const chunkRows = 20_000;

/** Reads everything. @throws FileFormatError */
export async function previewImport({ path, format }: ImportedPath): Promise<ImportPreview> {
  const files = await importedFiles({ path, format });
  const preview: ImportPreview = { path, files: files.length, rows: 0, quarantined: 0, examples: [] };
  const take = (lines: number, quarantined: readonly QuarantinedRow[]): void => {
    preview.rows += lines;
    preview.quarantined += quarantined.length;
    const wanted = Math.max(0, exampleCount - preview.examples.length);
    for (const { line, field, reason } of quarantined.slice(0, wanted))
      preview.examples.push({ line, field, reason });
  };
  for (const file of files)
    if (format === 'long-csv')
      for await (const { lines, quarantined } of readLongCsv(file, { chunkRows })) take(lines, quarantined);
    else {
      const { lines, quarantined } = await readDailyStreams(file);
      take(lines, quarantined);
    }
  return preview;
}

/**
 * Refuses at once what is no such file, by the first one's header; the import itself checks every file.
 * @throws FileFormatError
 */
export async function requireHeader({ path, format }: ImportedPath): Promise<void> {
  const [first] = await importedFiles({ path, format });
  if (first === undefined) return;
  if (format === 'daily-streams') await readDailyStreams(first);
  else await readLongCsv(first, { chunkRows: 1 }).next();
}

export function describePreview({ path, files, rows, quarantined, examples }: ImportPreview): string {
  return [
    `${path}: ${String(rows)} rows of ${String(files)} files, ${String(quarantined)} of them for quarantine.`,
    ...examples.map(({ line, field, reason }) => `  line ${String(line)}: ${field ?? 'the row'} ${reason}`),
  ].join('\n');
}
