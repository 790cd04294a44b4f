/** The files of exports, in the directory that whoever makes them and whoever hands them out share. */
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { StoredExport } from '../../store/exports.js';
import { partialSuffix } from './write-whole-file.js';

export function fileOfExport(directory: string, { id, format }: Pick<StoredExport, 'id' | 'format'>): string {
  return join(directory, `${id}.${format}`);
}

/** Removes what attempts at an export left unfinished. */
export async function removePartials(directory: string, id: string): Promise<void> {
  const names = await readdir(directory).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  });
  for (const name of names)
    if (name.startsWith(`${id}.`) && name.endsWith(partialSuffix))
      await rm(join(directory, name), { force: true });
}

/** Bytes of a file; null where there is none. */
export async function sizeOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
