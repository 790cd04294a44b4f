/** What a table of an export consists of: columns of a few kinds, each with the SQL that it is read by. */
import type { Statement } from './snapshot-reader.js';

/**
 * Days are ISO days, instants RFC 3339 in UTC with milliseconds, and `json` is JSON's text; all of them come as
 * texts. Numbers and truths come as themselves, and null is not told.
 */
export type ColumnKind = 'text' | 'number' | 'truth' | 'day' | 'instant' | 'json';

export interface ExportColumn {
  name: string;
  kind: ColumnKind;
}

export interface ExportFilter {
  /** Half-open ranges of instants and of ISO days. */
  start: Date;
  end: Date;
  fromDay: string;
  toDay: string;
  /** First ISO day of the period of the same length before; it ends at `fromDay`. */
  previousFromDay: string;
  platforms: readonly string[] | null;
  contents: readonly { id: number; key: string }[] | null;
  halfLifeDays: number;
}

export interface ExportSection {
  name: string;
  columns: readonly ExportColumn[];
  statement: (filter: ExportFilter) => Statement;
}

interface Expression extends ExportColumn {
  sql: string;
}

export const text = (name: string, sql = name): Expression => ({ name, kind: 'text', sql });
export const number = (name: string, sql = name): Expression => ({ name, kind: 'number', sql });
export const truth = (name: string, sql = name): Expression => ({ name, kind: 'truth', sql });
export const day = (name: string, sql = name): Expression => ({ name, kind: 'day', sql: `(${sql})::text` });
export const json = (name: string, sql = name): Expression => ({ name, kind: 'json', sql: `(${sql})::text` });
export const instant = (name: string, sql = name): Expression => ({
  name,
  kind: 'instant',
  sql: `to_char((${sql}) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`,
});

/** A section of the columns given; `from` tells what follows `select …`, from the word `from` on. */
export function section(
  name: string,
  expressions: readonly Expression[],
  from: (filter: ExportFilter) => Statement,
): ExportSection {
  const list = expressions.map((column) => `${column.sql} as ${column.name}`).join(', ');
  return {
    name,
    columns: expressions.map((column) => ({ name: column.name, kind: column.kind })),
    statement: (filter) => {
      const rest = from(filter);
      return { text: `select ${list} ${rest.text}`, values: rest.values };
    },
  };
}
