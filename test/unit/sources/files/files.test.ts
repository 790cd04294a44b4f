import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readDailyStreams } from '../../../../sources/files/daily-streams.js';
import { FileFormatError } from '../../../../sources/files/file-format-error.js';
import { maxLineBytes, readLineBlocks } from '../../../../sources/files/line-blocks.js';
import { readLongCsv, type SnapshotFileChunk } from '../../../../sources/files/long-csv.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'files-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function put(name: string, content: string | Buffer): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const read: Item[] = [];
  for await (const item of items) read.push(item);
  return read;
}

/** A chunk's values as lines again, in the order of rows and metrics. */
function linesOf({ columns }: SnapshotFileChunk): string[] {
  return Array.from({ length: columns.rows }, (_, row) => {
    const { platform, externalId } = columns.contents[columns.content[row]!]!;
    const at = new Date(columns.recordedAtMicros[row]! / 1000).toISOString();
    return [...columns.metrics]
      .filter(([, values]) => !Number.isNaN(values[row]))
      .map(([metric, values]) => `${platform},${externalId},${metric},${values[row]!},${at}`)
      .sort();
  }).flat();
}

describe('blocks of lines', () => {
  it('hold whole lines, also of a line past the block, and go on from any of their ends', async () => {
    const long = 'x'.repeat(maxLineBytes * 40);
    const text = `first\n${'line\n'.repeat(300_000)}${long}\nafter\nlast`;
    const path = await put('blocks.txt', `\uFEFF${text}`);
    const blocks: { text: string; overlong: boolean; offset: number; next: number }[] = [];
    for await (const { bytes, end, overlong, offset, next } of readLineBlocks(path)) {
      blocks.push({ text: bytes.toString('utf8', 0, end), overlong, offset, next });
    }
    const whole = blocks.filter(({ overlong }) => !overlong).map((block) => block.text);
    expect(whole.join('')).toBe(text.replace(`${long}\n`, ''));
    expect(whole.slice(0, -1).every((block) => block.endsWith('\n'))).toBe(true);
    expect(blocks.filter(({ overlong }) => overlong)).toHaveLength(1);
    for (const { next, offset, text: block } of blocks) {
      expect(
        Buffer.from(text)
          .subarray(offset, offset + 5)
          .toString(),
      ).toBe(block.slice(0, 5));
      const [following] = await all(readLineBlocks(path, next));
      if (next < Buffer.byteLength(text)) expect(following?.offset).toBe(next);
      else expect(following).toBeUndefined();
    }
  });

  it.each(['utf16le', 'without a mark'] as const)('read UTF-16 (%s) from any offset', async (form) => {
    const text = `platform\n${'zeile,ü🎵\n'.repeat(200_000)}`;
    const path = await put('utf16.txt', Buffer.from(form === 'utf16le' ? `\uFEFF${text}` : text, 'utf16le'));
    let read = '';
    for await (const { bytes, end } of readLineBlocks(path)) read += bytes.toString('utf8', 0, end);
    expect(read).toBe(text);
    const from = Buffer.byteLength('platform\nzeile,ü🎵\n');
    let rest = 0;
    for await (const { end } of readLineBlocks(path, from)) rest += end;
    expect(rest).toBe(Buffer.byteLength(text) - from);
  });
});

describe('a long CSV', () => {
  const header = 'platform,external_id,metric,value,recorded_at\n';

  it('gives every value once, in whatever chunks, and goes on from each cursor', async () => {
    const line = fc
      .tuple(
        fc.constantFrom('youtube', 'tiktok'),
        fc.constantFrom('a', 'b', 'ü'),
        fc.constantFrom('views', 'likes', 'reach'),
        fc.nat(1000),
        fc.integer({ min: 0, max: 5 }),
      )
      .map(([platform, id, metric, value, hour]) => {
        const at = new Date(Date.UTC(2026, 0, 1, hour)).toISOString();
        return { text: `${platform},${id},${metric},${value},${at}`, bad: false };
      });
    const bad = fc
      .constantFrom('youtube,a,views,x,2026-01-01', ',,,,', 'youtube,a')
      .map((text) => ({ text, bad: true }));
    const lines = fc.array(fc.oneof({ weight: 8, arbitrary: line }, bad), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(lines, fc.integer({ min: 1, max: 9 }), async (told, chunkRows) => {
        const path = await put('property.csv', header + told.map(({ text }) => text).join('\n'));
        const chunks = await all(readLongCsv(path, { chunkRows }));
        expect(chunks.reduce((sum, { lines: read }) => sum + read, 0)).toBe(told.length);
        expect(chunks.flatMap(({ quarantined }) => quarantined.map(({ line: at }) => at))).toEqual(
          told.flatMap(({ bad: isBad }, index) => (isBad ? [index + 2] : [])),
        );
        expect(chunks.every(({ columns }) => columns.rows <= chunkRows)).toBe(true);
        const last = new Map<string, string>();
        for (const { text, bad: isBad } of told) {
          const [platform = '', id = '', metric = '', , at = ''] = text.split(',');
          if (!isBad) last.set([platform, id, metric, at].join(), text);
        }
        const read = new Map<string, string>();
        for (const text of chunks.flatMap(linesOf)) {
          const [platform = '', id = '', metric = '', , at = ''] = text.split(',');
          read.set([platform, id, metric, at].join(), text);
        }
        expect(read).toEqual(last);
        for (const [index, { cursor }] of chunks.entries()) {
          const rest = await all(readLongCsv(path, { chunkRows, resumeFrom: cursor }));
          expect(rest.flatMap(linesOf)).toEqual(chunks.slice(index + 1).flatMap(linesOf));
          expect(rest.at(-1)?.cursor ?? cursor).toEqual(chunks.at(-1)?.cursor);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('ends a chunk early rather than hold many columns', async () => {
    const lines = Array.from({ length: 500 }, (_, index) => `x,a,metric ${index},1,2026-01-01`);
    const chunks = await all(
      readLongCsv(await put('wide.csv', header + lines.join('\n')), { chunkRows: 1000 }),
    );
    expect(Math.max(...chunks.map(({ columns }) => columns.metrics.size))).toBeLessThanOrEqual(64);
    expect(chunks.reduce((sum, { columns }) => sum + columns.metrics.size, 0)).toBe(500);
  });

  it('takes memory that does not grow with the file', async () => {
    const path = join(folder, 'large.csv');
    const file = await open(path, 'w');
    await file.write(header);
    for (let block = 0; block < 40; block++) {
      // Names that never repeat, so that whatever remembers them shows.
      const rows = Array.from(
        { length: 20_000 },
        (_, row) => `youtube,content ${block}/${row},views,${row},2026-01-01T00:00:00Z`,
      );
      await file.write(`${rows.join('\n')}\n`);
    }
    await file.close();
    let rows = 0;
    let early = 0;
    let peak = 0;
    for await (const { columns } of readLongCsv(path, { chunkRows: 20_000 })) {
      rows += columns.rows;
      const held = process.memoryUsage().rss;
      if (rows <= 200_000) early = Math.max(early, held);
      peak = Math.max(peak, held);
    }
    expect(rows).toBe(800_000);
    expect(peak - early).toBeLessThan(120e6);
  });
});

describe('a file of daily streams', () => {
  const text =
    'TRACK_ID,TOTAL_STREAM,DAILY_STREAM\r\nt1,100,5\r\nt2,1092566.0,22.0\r\n\r\nt3,7,nan\r\nt4,5,-2';

  it('tells the day of its name, whole numbers however written, and what is wrong', async () => {
    const file = await readDailyStreams(await put('STREAMS_2026_01_05.csv', text));
    expect(file).toMatchObject({ day: '2026-01-05', lines: 4 });
    expect(
      file.rows.map(({ externalId, increments, closes }) => [
        externalId,
        increments['streams'],
        closes['streams'],
      ]),
    ).toEqual([
      ['t1', 5, 100],
      ['t2', 22, 1_092_566],
      ['t4', -2, 5],
    ]);
    expect(file.quarantined).toMatchObject([
      { line: 5, field: 'DAILY_STREAM', raw: 't3,7,nan', reason: 'is not a number' },
    ]);
  });

  it.each([
    ['STREAMS_2026_13_01.csv', text, /tells no day/],
    ['streams.csv', text, /tells no day/],
    ['STREAMS_2026_01_06.csv', 'date,streams\n2026-01-06,5\n', /found «date,streams»/],
    ['STREAMS_2026_01_07.csv', '', /the file is empty/],
  ])('refuses %s', async (name, content, message) => {
    const failure = readDailyStreams(await put(name, content));
    await expect(failure).rejects.toThrow(message);
    await expect(failure).rejects.toBeInstanceOf(FileFormatError);
  });
});
