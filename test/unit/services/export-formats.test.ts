import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { harmless } from '../../../services/exports/cells.js';
import type { ExportDocument } from '../../../services/exports/export-document.js';
import { writeCsv } from '../../../services/exports/write-csv.js';
import { writeJson } from '../../../services/exports/write-json.js';
import { writeXlsx } from '../../../services/exports/write-xlsx.js';
import { byHeader, bytesOf, inTurn, parseCsv, sheetOf } from '../../integration/services/exported.js';

const formulas = [
  '=1+1',
  '+1+1',
  '-1+1',
  '@SUM(A1)',
  '\tx',
  '\rx',
  '＝1',
  '=HYPERLINK("http://evil","x")',
  '-',
];
const plain = ['-12', '-0.5', '3', 'a=b', '', ' =1', 'émoji 🎬', 'עברית', '<b>&', 'a,"b"\r\nc', 'youtube:-x'];

function documentOf(rows: unknown[][]): ExportDocument {
  const columns = [
    { name: 'title', kind: 'text' },
    { name: 'change', kind: 'number' },
    { name: 'final', kind: 'truth' },
    { name: 'day', kind: 'day' },
    { name: 'more', kind: 'json' },
  ] as const;
  const batches = inTurn(rows.slice(0, 2), rows.slice(2));
  return { metadata: null, sections: [{ name: 'things', columns, rows: batches }] };
}
const rowOf = (title: string | null): unknown[] => [title, -1.5, true, '2026-02-28', '{"a": [1]}'];

describe('a cell', () => {
  it.each(formulas)('that would be a formula is a text: %j', (text) => {
    expect(harmless(text)).toBe(`'${text}`);
  });
  it.each(plain)('that would be none stays as it is: %j', (text) => {
    expect(harmless(text)).toBe(text);
  });
});

describe('CSV', () => {
  it('neutralises formulas and leaves negative numbers numbers', async () => {
    const csv = (await bytesOf(writeCsv(documentOf([...formulas, ...plain].map(rowOf))))).toString();
    const rows = byHeader(parseCsv(csv));
    expect(rows.map(({ title }) => title)).toEqual([...formulas.map((text) => `'${text}`), ...plain]);
    expect(rows[0]).toMatchObject({ change: '-1.5', final: 'true', day: '2026-02-28', more: '{"a": [1]}' });
  });

  it('comes back as it went in, whatever is in it, and no cell begins a formula', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit: 'binary' }), { maxLength: 20 }), async (titles) => {
        const csv = (await bytesOf(writeCsv(documentOf(titles.map(rowOf))))).toString();
        const found = byHeader(parseCsv(csv)).map(({ title }) => title!);
        expect(found).toEqual(titles.map((title) => harmless(Buffer.from(title).toString())));
        for (const cell of found) expect(cell).not.toMatch(/^[=+@\t\r]|^-(?!\d+(\.\d+)?$)/);
      }),
    );
  });

  it('tells nothing where nothing is told', async () => {
    const csv = await bytesOf(writeCsv(documentOf([[null, null, null, null, null]])));
    expect(csv.toString()).toBe('title,change,final,day,more\r\n,,,,\r\n');
  });

  it('holds several sections in one table that says which is which', async () => {
    const [one] = documentOf([rowOf('a')]).sections;
    const columns = [{ name: 'change', kind: 'number' }] as const;
    const other = { name: 'others', columns, rows: inTurn([[7]]) };
    const csv = await bytesOf(writeCsv({ metadata: null, sections: [one!, other] }));
    expect(parseCsv(csv.toString())).toEqual([
      ['section', 'title', 'change', 'final', 'day', 'more'],
      ['things', 'a', '-1.5', 'true', '2026-02-28', '{"a": [1]}'],
      ['others', '', '7', '', '', ''],
    ]);
  });
});

describe('JSON', () => {
  it('is valid for any text, and for no rows at all', async () => {
    const read = async (rows: unknown[][]): Promise<unknown> =>
      JSON.parse((await bytesOf(writeJson(documentOf(rows)))).toString());
    expect(await read([])).toEqual({ things: [] });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit: 'binary' }), { maxLength: 9 }), async (titles) => {
        expect(await read(titles.map(rowOf))).toEqual({
          things: titles.map((title) => ({
            title: Buffer.from(title).toString(),
            change: -1.5,
            final: true,
            day: '2026-02-28',
            more: { a: [1] },
          })),
        });
      }),
      { numRuns: 50 },
    );
    expect(await read([[null, Number.NaN, null, null, null]])).toMatchObject({ things: [{ change: null }] });
  });
});

describe('XLSX', () => {
  it('holds texts as texts, numbers as numbers and days as dates', async () => {
    const file = await bytesOf(writeXlsx(documentOf([...formulas, ...plain].map(rowOf))));
    const rows = byHeader(await sheetOf(file));
    expect(rows.map(({ title }) => title ?? '')).toEqual([...formulas.map((text) => `'${text}`), ...plain]);
    expect(rows[0]).toMatchObject({ change: -1.5, final: true, more: '{"a": [1]}' });
    expect(rows[0]!['day']).toEqual(new Date('2026-02-28T00:00:00Z'));
    expect(file.includes('<f>')).toBe(false);
  });

  it('survives control characters and texts longer than a cell', async () => {
    const long = 'x'.repeat(40_000);
    const file = await bytesOf(writeXlsx(documentOf([rowOf('a\u0001b'), rowOf(long), rowOf(null)])));
    const [first, second, third] = byHeader(await sheetOf(file));
    expect(first!['title']).toBe('a\u0001b');
    expect(second!['title']).toBe(`${'x'.repeat(32_766)}…`);
    expect(third!['title']).toBeNull();
  });
});
