/** What a value looks like in the cell of a table. */
import type { ColumnKind } from '../../store/export-columns.js';

export type Cell = string | number | boolean | null;

/** What spreadsheets take for the beginning of a formula, in its full-width forms too. */
const formulaStart = /^[=+\-@\t\r\n＝＋－＠]/;
const plainNumber = /^-?\d+(?:\.\d+)?$/;

/**
 * A text that a spreadsheet takes for a text, whoever wrote it: one that would begin a formula gets an apostrophe
 * before it. Numbers, negative ones too, are none.
 */
export function harmless(text: string): string {
  return formulaStart.test(text) && !plainNumber.test(text) ? `'${text}` : text;
}

/** A value of the database as a cell; numbers that are none are not told. */
export function cellOf(value: unknown, kind: ColumnKind): Cell {
  if (value === null || value === undefined) return null;
  if (kind === 'number') return finite(value);
  if (kind === 'truth') return value === true;
  return harmless(value as string);
}

/** @returns null for what is no finite number */
export function finite(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
