import { writeXlsxStream } from 'hucre/xlsx';
import type { ExportColumn } from '../../store/export-columns.js';
import type { Cell } from './cells.js';
import type { ExportDocument } from './export-document.js';
import { metadataPairs, oneTable } from './one-table.js';

/** What a cell of Excel holds at most. */
const longestText = 32_767;

/**
 * A workbook of one sheet, which goes on in a second one where Excel's rows end. Days are dates; texts are never
 * formulas, and are cut where Excel would refuse the file. Metadata stands above the header.
 */
export async function* writeXlsx(document: ExportDocument): AsyncGenerator<Uint8Array> {
  const { columns, rows } = oneTable(document);
  const name = document.sections.length === 1 ? document.sections[0]!.name : 'export';
  const top = metadataPairs(document.metadata);
  const header = columns.map((column) => column.name);
  const above: Cell[][] = [...top, ...(top.length > 0 ? [[]] : []), header];
  yield* writeXlsxStream(sheetRows(above, columns, rows), {
    name,
    freezePane: { rows: above.length },
    repeatHeaders: false,
  });
}

async function* sheetRows(
  above: Cell[][],
  columns: readonly ExportColumn[],
  rows: AsyncIterable<Cell[][]>,
): AsyncGenerator<(Cell | Date)[]> {
  yield* above;
  const days = columns.flatMap(({ kind }, index) => (kind === 'day' ? [index] : []));
  for await (const batch of rows)
    for (const row of batch) {
      const cells: (Cell | Date)[] = row.map((cell) =>
        typeof cell === 'string' && cell.length > longestText ? `${cell.slice(0, longestText - 1)}…` : cell,
      );
      for (const index of days) {
        const told = row[index];
        if (typeof told === 'string') cells[index] = new Date(`${told}T00:00:00Z`);
      }
      yield cells;
    }
}
