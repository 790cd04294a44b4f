/** Exports as the library's callers ask for them. */
import { buffer } from 'node:stream/consumers';
import type { ExportDataset, ExportFormat } from '../../contracts/exports.js';
import type { ExportStarter } from '../../contracts/ports.js';
import { BadInputError } from '../bad-input.js';
import { requestExport, type ExportDeps, type RequestedExport } from './background-exports.js';
import { streamDataset } from './stream-dataset.js';

/** Names that callers know the formats by; `excel` and `xlsx` are one. */
const formats: Readonly<Record<string, ExportFormat>> = {
  json: 'json',
  csv: 'csv',
  excel: 'xlsx',
  xlsx: 'xlsx',
};

/** `json`: the sections by their names, and `metadata` where it was asked for. */
export type ExportedData = Record<string, unknown>;
export type LibraryExport = ExportedData | RequestedExport;

export interface LibraryExportDeps extends ExportDeps {
  /** Null where there is no Temporal: everything is made in this process. */
  starter: ExportStarter | null;
  requestedBy: string;
}

export interface LibraryExportRequest {
  dataset: ExportDataset;
  formatType: string;
  timeframe: string;
  platforms: readonly string[] | null;
  contentIds: readonly string[] | null;
  includeMetadata: boolean;
}

/**
 * JSON comes as the data itself. A workbook is made at once and CSV in the background, where there is a Temporal;
 * both come as the export, whose file its token opens.
 * @throws BadInputError, UnknownTimeframeError, StoreError, ExportFileError
 */
export async function exportForLibrary(
  deps: LibraryExportDeps,
  { formatType, ...request }: LibraryExportRequest,
): Promise<LibraryExport> {
  const format = formats[formatType.trim().toLowerCase()];
  if (format === undefined)
    throw new BadInputError(`Unknown format «${formatType}»: give one of json, csv, excel.`);
  if (format !== 'json') {
    const starter = format === 'csv' ? deps.starter : null;
    return requestExport({ ...deps, starter }, { ...request, format }, deps.requestedBy);
  }
  const stream = await streamDataset(
    deps.pool,
    { ...request, format },
    { now: deps.clock.now(), halfLifeDays: deps.halfLifeDays },
  );
  return JSON.parse((await buffer(stream)).toString('utf8')) as ExportedData;
}
