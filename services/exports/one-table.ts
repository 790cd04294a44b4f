/** The sections of an export as one table, for formats that hold a single one. */
import type { ExportColumn } from '../../store/export-columns.js';
import { cellOf, harmless, type Cell } from './cells.js';
import type { ExportDocument } from './export-document.js';

export interface OneTable {
  columns: readonly ExportColumn[];
  /** Some at a time. */
  rows: AsyncIterable<Cell[][]>;
}

/**
 * Several sections share the columns that they have in common, and the first column says which one a row is of;
 * what a section does not have is empty.
 */
export function oneTable({ sections }: ExportDocument): OneTable {
  const columns: ExportColumn[] = sections.length > 1 ? [{ name: 'section', kind: 'text' }] : [];
  for (const section of sections)
    for (const column of section.columns)
      if (!columns.some(({ name }) => name === column.name)) columns.push(column);
  return { columns, rows: rowsOf(sections, columns) };
}

async function* rowsOf(
  sections: ExportDocument['sections'],
  columns: readonly ExportColumn[],
): AsyncGenerator<Cell[][]> {
  for (const section of sections) {
    const places = columns.map(({ name }) => section.columns.findIndex((column) => column.name === name));
    const told = section.columns.map(({ kind }) => kind);
    for await (const batch of section.rows)
      yield batch.map((row) =>
        places.map((place, index) =>
          place >= 0
            ? cellOf(row[place], told[place]!)
            : columns[index]!.name === 'section'
              ? section.name
              : null,
        ),
      );
  }
}

/** Metadata as pairs, for the top of a table. */
export function metadataPairs(metadata: ExportDocument['metadata']): [key: string, value: string][] {
  return Object.entries(metadata ?? {}).map(([key, value]) => [
    key,
    harmless(typeof value === 'string' ? value : JSON.stringify(value)),
  ]);
}
