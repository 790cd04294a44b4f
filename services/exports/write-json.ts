import type { DocumentSection, ExportDocument } from './export-document.js';
import { finite } from './cells.js';

/** One object: `metadata` where it was asked for, and a list a section under the section's name, an object a row. */
export async function* writeJson({ metadata, sections }: ExportDocument): AsyncGenerator<Uint8Array> {
  let before = metadata === null ? '{' : `{"metadata":${JSON.stringify(metadata)},`;
  for (const section of sections) {
    yield Buffer.from(`${before}${JSON.stringify(section.name)}:[`);
    yield* rowsOf(section);
    before = '\n],';
  }
  yield Buffer.from('\n]}\n');
}

async function* rowsOf({ columns, rows }: DocumentSection): AsyncGenerator<Uint8Array> {
  const fields = columns.map(({ name, kind }, index) => ({
    name: `${index === 0 ? '{' : ','}${JSON.stringify(name)}:`,
    kind,
  }));
  let separator = '\n';
  for await (const batch of rows) {
    let text = '';
    for (const row of batch) {
      text += separator;
      for (const [index, { name, kind }] of fields.entries()) text += name + valueOf(row[index], kind);
      text += '}';
      separator = ',\n';
    }
    yield Buffer.from(text);
  }
}

function valueOf(value: unknown, kind: DocumentSection['columns'][number]['kind']): string {
  if (value === null || value === undefined) return 'null';
  if (kind === 'number') return String(finite(value));
  if (kind === 'json') return value as string;
  return JSON.stringify(value);
}
