/** From what is asked for to what is read. */
import type { Pool } from 'pg';
import { addDays } from '../../analytics/calendar.js';
import { exportDatasets, exportFormats, type ExportRequest } from '../../contracts/exports.js';
import type { ExportFilter } from '../../store/export-columns.js';
import { exportSections } from '../../store/export-sections.js';
import { queryRow } from '../../store/queryable.js';
import { BadInputError } from '../bad-input.js';
import { requirePlatform } from '../engagement-tracker.js';
import { requireContents } from '../known-contents.js';
import { readingFilter } from '../reading-period.js';
import { timeframePeriod } from '../timeframe.js';

export interface FilterOptions {
  /** Where the timeframe ends. */
  now: Date;
  /** 30 unless told; the sources' evidence counts half after it. */
  halfLifeDays?: number;
}

const defaultHalfLifeDays = 30;
const msPerDay = 86_400_000;

/** @throws BadInputError, UnknownTimeframeError, StoreError `notFound` for an unknown content */
export async function exportFilter(
  pool: Pool,
  { dataset, format, timeframe, platforms, contentIds }: ExportRequest,
  { now, halfLifeDays = defaultHalfLifeDays }: FilterOptions,
): Promise<ExportFilter> {
  requireOneOf('dataset', dataset, exportDatasets);
  requireOneOf('format', format, exportFormats);
  const period = timeframePeriod(timeframe, now);
  if (platforms !== null && dataset === 'sources')
    throw new BadInputError('Stock sources belong to no platform: leave the platforms out.');
  if (contentIds !== null && (dataset === 'sources' || dataset === 'runs' || dataset === 'overview'))
    throw new BadInputError(`An export of ${dataset} cannot be narrowed to contents: leave them out.`);
  const known = contentIds === null ? null : await requireContents(pool, contentIds);
  const { start, end, fromDay, toDay } = readingFilter(period);
  return {
    ...{ start, end, fromDay, toDay, halfLifeDays },
    previousFromDay: addDays(fromDay, -Math.round((end.getTime() - start.getTime()) / msPerDay)),
    platforms: platforms?.map(requirePlatform) ?? null,
    contents: known?.map(({ contentId, contentKey }) => ({ id: contentId, key: contentKey })) ?? null,
  };
}

/**
 * How many rows each section of an export would have.
 * @throws BadInputError, UnknownTimeframeError, StoreError
 */
export async function countDataset(
  pool: Pool,
  request: ExportRequest,
  options: FilterOptions,
): Promise<{ section: string; rows: number }[]> {
  const filter = await exportFilter(pool, request, options);
  const counts: { section: string; rows: number }[] = [];
  for (const { name, statement } of exportSections[request.dataset]) {
    const { text, values } = statement(filter);
    const counted = await queryRow<{ rows: number }>(
      pool,
      `select count(*)::float8 as rows from (${text}) q`,
      values,
    );
    counts.push({ section: name, rows: counted?.rows ?? 0 });
  }
  return counts;
}

function requireOneOf(what: string, told: string, known: readonly string[]): void {
  if (!known.includes(told))
    throw new BadInputError(`Unknown ${what} «${told}»: give one of ${known.join(', ')}.`);
}
