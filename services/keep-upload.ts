import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ImportFileInput } from '../contracts/runs.js';
import { readDailyStreams } from '../sources/files/daily-streams.js';
import { FileFormatError } from '../sources/files/file-format-error.js';
import { readLongCsv } from '../sources/files/long-csv.js';
import { BadInputError } from './bad-input.js';

/** What a file is called while it is sent. */
export const incomingPrefix = 'incoming-';

/**
 * Keeps an uploaded file where a run of the import finds it, once its header is that of the format. The path follows
 * from the content, so the same file again is the same import.
 * @param directory made where it is missing
 * @returns the absolute path
 * @throws BadInputError for a file of another form; nothing is kept of it
 */
export async function keepUpload(
  directory: string,
  upload: { name: string; content: Readable; format: ImportFileInput['format'] },
): Promise<string> {
  await mkdir(directory, { recursive: true });
  const incoming = join(directory, `${incomingPrefix}${randomUUID()}`);
  try {
    const digest = createHash('sha256');
    await pipeline(
      upload.content,
      async function* (chunks: AsyncIterable<Buffer>) {
        for await (const chunk of chunks) {
          digest.update(chunk);
          yield chunk;
        }
      },
      createWriteStream(incoming, { mode: 0o600 }),
    );
    const folder = join(directory, digest.digest('hex').slice(0, 32));
    await mkdir(folder, { recursive: true });
    const kept = join(folder, safeName(upload.name));
    await rename(incoming, kept);
    await requireForm(kept, upload.format);
    return kept;
  } finally {
    await rm(incoming, { force: true });
  }
}

/** The name tells the day of a daily file, so it is kept, less what paths and terminals take for something else. */
function safeName(told: string): string {
  const name = basename(told.replaceAll('\\', '/'))
    .replaceAll(/[^\p{L}\p{N}._ -]/gu, '_')
    .replace(/^\.+/, '')
    .slice(-100);
  return name === '' ? 'upload.csv' : name;
}

async function requireForm(path: string, format: ImportFileInput['format']): Promise<void> {
  try {
    if (format === 'daily-streams') await readDailyStreams(path);
    else await readLongCsv(path, { chunkRows: 1 }).next();
  } catch (error) {
    await rm(path, { force: true });
    if (!(error instanceof FileFormatError)) throw error;
    // The place where it was kept is of no concern to whoever sent it.
    throw new BadInputError(error.message.replaceAll(path, basename(path)), { cause: error });
  }
}
