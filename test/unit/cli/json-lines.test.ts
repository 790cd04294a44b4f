import { PassThrough, Readable, Writable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linesOf, writeLine, type NumberedLine } from '../../../cli/json-lines.js';

async function all(input: Readable, longest?: number): Promise<NumberedLine[]> {
  const lines: NumberedLine[] = [];
  for await (const line of linesOf(input, longest)) lines.push(line);
  return lines;
}

describe('lines of a stream', () => {
  it('are told with their numbers, blank ones left out but counted', async () => {
    expect(await all(Readable.from([Buffer.from('a\n\n  \r\nb\r\nc')]))).toEqual([
      { number: 1, text: 'a' },
      { number: 4, text: 'b\r' },
      { number: 5, text: 'c' },
    ]);
    expect(await all(Readable.from([]))).toEqual([]);
    expect(await all(Readable.from([Buffer.from('\n\n')]))).toEqual([]);
  });

  it('are the same however the bytes are cut, also within a character', async () => {
    const cuts = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1 });
    const text = fc.array(fc.constantFrom('a', 'é', '日', '🌊', '\n', ' '), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(text, cuts, async (characters, sizes) => {
        const whole = characters.join('');
        const bytes = Buffer.from(whole);
        const parts: Buffer[] = [];
        for (let from = 0, k = 0; from < bytes.length; k++) {
          const size = sizes[k % sizes.length]!;
          parts.push(bytes.subarray(from, from + size));
          from += size;
        }
        const expected = whole
          .split('\n')
          .map((line, index) => ({ number: index + 1, text: line }))
          .filter(({ text: line }) => line.trim() !== '');
        expect(await all(Readable.from(parts))).toEqual(expected);
      }),
    );
  });

  it('over the length that is held come as null, and those after them as they are', async () => {
    const parts = ['short\n', 'x'.repeat(8), 'x'.repeat(8), '\nnext', '\n'].map((part) => Buffer.from(part));
    expect(await all(Readable.from(parts), 10)).toEqual([
      { number: 1, text: 'short' },
      { number: 2, text: null },
      { number: 3, text: 'next' },
    ]);
  });

  it('are not read on while nobody takes them', async () => {
    let produced = 0;
    const endless = new Readable({
      highWaterMark: 1,
      read() {
        produced++;
        this.push(Buffer.from('line\n'));
      },
    });
    const lines = linesOf(endless);
    await lines.next();
    await new Promise((resolve) => setImmediate(resolve));
    expect(produced).toBeLessThan(10);
    await lines.return(undefined);
    expect(endless.destroyed).toBe(true);
  });
});

describe('writing a line', () => {
  it('waits for a slow reader', async () => {
    const pending: (() => void)[] = [];
    const slow = new Writable({
      highWaterMark: 1,
      write: (_chunk, _encoding, done) => void pending.push(done),
    });
    let written = false;
    const writing = writeLine(slow, 'first').then(() => (written = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(written).toBe(false);
    pending.shift()!();
    await writing;
    expect(written).toBe(true);
  });

  it('does not wait for one that has room', async () => {
    const output = new PassThrough();
    await writeLine(output, 'first');
    expect(String(output.read())).toBe('first\n');
  });
});
