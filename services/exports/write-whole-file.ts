import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A file could not be written whole; nothing of it is there. */
export class ExportFileError extends Error {
  override readonly name = 'ExportFileError';

  constructor(
    message: string,
    readonly mend: string,
    options: { cause: unknown },
  ) {
    super(message, options);
  }
}

/** What stands at the end of a file's name until it is whole. */
export const partialSuffix = '.partial';

const reasons: Readonly<Record<string, readonly [what: string, mend: string]>> = {
  ENOSPC: ['the disk is full', 'Make room on it, and export again.'],
  EDQUOT: ['the quota of the disk is used up', 'Make room, and export again.'],
  EACCES: ['it may not be written there', 'Choose another place, or mend its permissions.'],
  EPERM: ['it may not be written there', 'Choose another place, or mend its permissions.'],
  EROFS: ['the disk is read-only', 'Choose another place.'],
  ENOTDIR: ['a part of its path is no directory', 'Check the path.'],
  EISDIR: ['there is a directory of that name', 'Check the path.'],
};

/**
 * Writes a file under another name beside its own and renames it once every byte is on the disk; whoever looks sees
 * the former file, or none, or the whole one. Returns its size.
 * @param create makes the file under its temporary name.
 * @throws ExportFileError, having removed what was written; what reading the chunks throws
 */
export async function writeWholeFile(
  target: string,
  chunks: AsyncIterable<Uint8Array>,
  create: (path: string) => Promise<FileHandle> = (path) => open(path, 'wx'),
): Promise<number> {
  const partial = `${target}.${randomUUID()}${partialSuffix}`;
  try {
    await mkdir(dirname(target), { recursive: true });
    const file = await create(partial);
    return await whole(file, partial, target, chunks);
  } catch (error) {
    throw fileError(target, error);
  }
}

async function whole(
  file: FileHandle,
  partial: string,
  target: string,
  chunks: AsyncIterable<Uint8Array>,
): Promise<number> {
  try {
    const bytes = await writeAll(file, chunks);
    await rename(partial, target);
    return bytes;
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

async function writeAll(file: FileHandle, chunks: AsyncIterable<Uint8Array>): Promise<number> {
  try {
    let bytes = 0;
    for await (const chunk of chunks) {
      await file.writeFile(chunk);
      bytes += chunk.byteLength;
    }
    await file.sync();
    return bytes;
  } finally {
    await file.close();
  }
}

function fileError(target: string, error: unknown): unknown {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  const known = code === undefined ? undefined : reasons[code];
  if (known === undefined) return error;
  const [what, mend] = known;
  return new ExportFileError(`${target} could not be written: ${what}.`, mend, { cause: error });
}
