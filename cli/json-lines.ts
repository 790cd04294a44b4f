/** Lines of a stream, one held at a time, however long the stream. */
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

export interface NumberedLine {
  /** From 1. */
  number: number;
  /** Null where the line is longer than what is held. */
  text: string | null;
}

/** Sixty-four million characters are some five million values; V8 holds no text of more than 512 million. */
const longestLine = 64 * 2 ** 20;

/** The lines of UTF-8 text that are not blank. A line over `longest` characters comes as null. */
export async function* linesOf(input: Readable, longest = longestLine): AsyncGenerator<NumberedLine> {
  const decoder = new StringDecoder('utf8');
  let held: string[] = [];
  let length = 0;
  let number = 0;
  const hold = (part: string): void => {
    length += part.length;
    if (length > longest) held = [];
    else held.push(part);
  };
  const take = (): NumberedLine | null => {
    number++;
    const text = length > longest ? null : held.join('');
    held = [];
    length = 0;
    return text?.trim() === '' ? null : { number, text };
  };
  for await (const chunk of input) {
    const text = typeof chunk === 'string' ? chunk : decoder.write(chunk as Buffer);
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      hold(text.slice(from, end));
      from = end + 1;
      const line = take();
      if (line !== null) yield line;
    }
    if (from < text.length) hold(text.slice(from));
  }
  hold(decoder.end());
  const last = length > 0 ? take() : null;
  if (last !== null) yield last;
}

/** Writes a line and waits until whoever reads has room for another. */
export async function writeLine(output: Writable, text: string): Promise<void> {
  if (!output.write(`${text}\n`)) await once(output, 'drain');
}
