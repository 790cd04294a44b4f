import { open, type FileHandle } from 'node:fs/promises';

const blockBytes = 1 << 20;
/** No row of any form we read comes near it. */
export const maxLineBytes = 64 * 1024;
const lineFeed = 10;

/** Whole lines of a file as UTF-8. The bytes are used again for the next block. */
export interface LineBlock {
  bytes: Buffer;
  /** The lines end here; the last line of a file may lack its line feed. */
  end: number;
  /**
   * Where the block begins: a byte of the file after its byte order mark or, for UTF-16, of its text as UTF-8.
   */
  offset: number;
  /** Set when the block is only the beginning of a line past `maxLineBytes`; `end` bytes of it are given. */
  overlong: boolean;
  /** First byte after the block, the rest of an overlong line included. */
  next: number;
}

/**
 * Reads a file in blocks of whole lines, in constant memory, from a byte that an earlier block began or ended
 * at. A byte order mark is dropped; UTF-16 is recognised by its mark, or by the zero bytes of its first
 * letters, and read as UTF-8. Ill-formed UTF-8 comes through as it is.
 *
 * @throws the system's own error when the file cannot be read.
 */
export async function* readLineBlocks(path: string, from = 0): AsyncGenerator<LineBlock> {
  const handle = await open(path, 'r');
  try {
    const encoding = await detectEncoding(handle);
    const text =
      encoding.name === 'utf-8'
        ? utf8Blocks(handle, encoding.markBytes + from)
        : skipBytes(transcodedBlocks(handle, encoding.name, encoding.markBytes), from);
    yield* wholeLines(text, from);
  } finally {
    await handle.close();
  }
}

interface Encoding {
  name: 'utf-8' | 'utf-16le' | 'utf-16be';
  markBytes: number;
}

async function detectEncoding(handle: FileHandle): Promise<Encoding> {
  const head = Buffer.alloc(4);
  const { bytesRead } = await handle.read(head, 0, 4, 0);
  if (bytesRead >= 3 && head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) {
    return { name: 'utf-8', markBytes: 3 };
  }
  if (bytesRead >= 2 && head[0] === 0xff && head[1] === 0xfe) return { name: 'utf-16le', markBytes: 2 };
  if (bytesRead >= 2 && head[0] === 0xfe && head[1] === 0xff) return { name: 'utf-16be', markBytes: 2 };
  const letters = bytesRead === 4;
  if (letters && head[0] !== 0 && head[1] === 0 && head[2] !== 0 && head[3] === 0) {
    return { name: 'utf-16le', markBytes: 0 };
  }
  if (letters && head[0] === 0 && head[1] !== 0 && head[2] === 0 && head[3] !== 0) {
    return { name: 'utf-16be', markBytes: 0 };
  }
  return { name: 'utf-8', markBytes: 0 };
}

async function* utf8Blocks(handle: FileHandle, from: number): AsyncGenerator<Buffer> {
  const buffer = Buffer.allocUnsafe(blockBytes);
  for (let position = from; ;) {
    const { bytesRead } = await handle.read(buffer, 0, blockBytes, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

async function* transcodedBlocks(
  handle: FileHandle,
  encoding: string,
  markBytes: number,
): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder(encoding);
  for await (const block of utf8Blocks(handle, markBytes)) {
    yield Buffer.from(decoder.decode(block, { stream: true }), 'utf8');
  }
  yield Buffer.from(decoder.decode(), 'utf8');
}

async function* skipBytes(blocks: AsyncIterable<Buffer>, count: number): AsyncGenerator<Buffer> {
  let left = count;
  for await (const block of blocks) {
    if (left >= block.length) left -= block.length;
    else {
      yield block.subarray(left);
      left = 0;
    }
  }
}

async function* wholeLines(blocks: AsyncIterable<Buffer>, from: number): AsyncGenerator<LineBlock> {
  let carried = 0;
  let space = Buffer.allocUnsafe(blockBytes + maxLineBytes);
  let offset = from;
  /** Bytes already passed of a line that is too long. */
  let passing = 0;
  for await (const incoming of blocks) {
    let block = incoming;
    if (passing > 0) {
      const feed = block.indexOf(lineFeed);
      passing += feed === -1 ? block.length : feed + 1;
      if (feed === -1) continue;
      yield { bytes: space, end: maxLineBytes, offset, overlong: true, next: offset + passing };
      offset += passing;
      passing = 0;
      block = block.subarray(feed + 1);
    }
    if (carried + block.length > space.length) {
      const wider = Buffer.allocUnsafe(carried + block.length);
      space.copy(wider, 0, 0, carried);
      space = wider;
    }
    block.copy(space, carried);
    const filled = carried + block.length;
    const end = space.subarray(0, filled).lastIndexOf(lineFeed) + 1;
    if (end > 0) {
      yield { bytes: space, end, offset, overlong: false, next: offset + end };
      offset += end;
      space.copyWithin(0, end, filled);
    }
    carried = filled - end;
    if (carried > maxLineBytes) {
      passing = carried;
      carried = 0;
    }
  }
  if (passing > 0) yield { bytes: space, end: maxLineBytes, offset, overlong: true, next: offset + passing };
  else if (carried > 0) {
    yield { bytes: space, end: carried, offset, overlong: false, next: offset + carried };
  }
}
