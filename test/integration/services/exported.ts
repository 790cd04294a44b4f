/** What tests read of an export. */
import { Readable } from 'node:stream';
import { readXlsx } from 'hucre/xlsx';

export async function bytesOf(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of Readable.from(stream)) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}

/** The values one after another, as a stream gives them. */
export function inTurn<Value>(...values: Value[]): AsyncIterable<Value> {
  return Readable.from(values);
}

/** RFC 4180, by the letter: quoted fields may hold commas, quotes and line ends. */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  let at = 0;
  while (at < text.length) {
    let field = '';
    if (text[at] === '"') {
      for (at++; !(text[at] === '"' && text[at + 1] !== '"'); at++) {
        if (at >= text.length) throw new Error('A quoted field does not end');
        if (text[at] === '"') at++;
        field += text[at]!;
      }
      at++;
    } else while (at < text.length && !',\r'.includes(text[at]!)) field += text[at++]!;
    rows.at(-1)!.push(field);
    if (text[at] === ',') at++;
    else if (text.startsWith('\r\n', at)) {
      at += 2;
      rows.push([]);
    } else if (at < text.length) throw new Error(`Neither a comma nor a line end at ${at}`);
  }
  rows.pop();
  return rows;
}

/** Rows as objects by the header; the cells stay as they are. */
export function byHeader<Cell>([header, ...rows]: readonly (readonly Cell[])[]): Record<string, Cell>[] {
  return rows.map((row) => Object.fromEntries(header!.map((name, index) => [String(name), row[index]!])));
}

/** A cell as CSV writes it. */
export function textOf(cell: unknown): string {
  return typeof cell === 'string' ? cell : JSON.stringify(cell);
}

export async function sheetOf(file: Uint8Array): Promise<unknown[][]> {
  const { sheets } = await readXlsx(file);
  return sheets[0]!.rows;
}
