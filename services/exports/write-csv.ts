import type { Cell } from './cells.js';
import type { ExportDocument } from './export-document.js';
import { metadataPairs, oneTable } from './one-table.js';

/**
 * RFC 4180 in UTF-8, without a byte-order mark: a header, then a line a row. Metadata stands before the header in
 * lines that begin with `#`. Formulas are neutralised.
 */
export async function* writeCsv(document: ExportDocument): AsyncGenerator<Uint8Array> {
  const { columns, rows } = oneTable(document);
  const top = metadataPairs(document.metadata).map(
    ([key, value]) => `# ${key}: ${value.replaceAll(/[\r\n]+/g, ' ')}\r\n`,
  );
  yield Buffer.from(`${top.join('')}${columns.map(({ name }) => name).join(',')}\r\n`);
  for await (const batch of rows) yield Buffer.from(batch.map(line).join(''));
}

function line(row: readonly Cell[]): string {
  let text = '';
  for (const [index, cell] of row.entries()) text += index === 0 ? field(cell) : `,${field(cell)}`;
  return `${text}\r\n`;
}

function field(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell !== 'string') return String(cell);
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
