/** Which contents an export takes: those it was asked for, and those that were observed in its period. */
import type { ExportFilter } from './export-columns.js';

export const idsOf = (filter: ExportFilter): number[] | null => filter.contents?.map(({ id }) => id) ?? null;
export const keysOf = (filter: ExportFilter): string[] | null =>
  filter.contents?.map(({ key }) => key) ?? null;

/** The condition on contents `c`; its two parameters begin at the given number. */
export const chosen = (first: number): string =>
  `($${first}::text[] is null or c.platform = any($${first}::text[]))
   and ($${first + 1}::int[] is null or c.id = any($${first + 1}::int[]))`;

/** Contents `c` with a snapshot or a day in the period; parameters 1 to 4. */
export const observed = `(
   exists (select from engagement_snapshots s
     where s.content_id = c.id and s.recorded_at >= $1::timestamptz and s.recorded_at < $2::timestamptz)
   or exists (select from content_performance_history h
     where h.content_id = c.id and h.day >= $3::date and h.day < $4::date))`;
