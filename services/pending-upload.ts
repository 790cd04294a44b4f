/** An uploaded file between the look at it and its loading: under a name of our own, for a day at most. */
import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Pool } from 'pg';
import type { Clock } from '../contracts/ports.js';
import type { ImportFileInput } from '../contracts/runs.js';
import { StoreError } from '../store/errors.js';
import {
  commitUpload,
  previewUpload,
  rejectsCsv,
  type CommittedUpload,
  type UploadedFile,
  type UploadPreview,
} from './csv-upload.js';

export interface PendingUpload {
  id: string;
  /** As whoever sent it called it; nothing on the disk is called so. */
  name: string;
  format: ImportFileInput['format'];
  /** As `youtube/main`; null for none. */
  account: string | null;
  /** Whoever sent it: nobody else is shown it. */
  actor: string;
  /** RFC 3339. */
  kept_at: string;
  preview: UploadPreview;
  /** Null until it was loaded; its rejects are all that is kept then. */
  committed: CommittedUpload | null;
}

export type NewUpload = Pick<PendingUpload, 'name' | 'format' | 'account' | 'actor'> & { content: Readable };

const keptMs = 86_400_000;
const shownRows = 20;
const noteName = 'upload.json';
const rejectsName = 'rejects.csv';

/**
 * Keeps the file and looks through it; those that were kept for longer than a day are removed.
 * @param directory made where it is missing
 * @throws BadInputError for a file of another form; nothing is kept of it
 */
export async function keepPendingUpload(
  directory: string,
  { content, ...upload }: NewUpload,
  now: Date,
): Promise<PendingUpload> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await removeOldPendingUploads(directory, now, false);
  const id = randomUUID();
  const folder = join(directory, id);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  try {
    // First of all, so that one that is broken off is removed some day.
    await writeFile(join(folder, noteName), JSON.stringify({ kept_at: now.toISOString() }));
    const file = fileIn(folder, upload);
    await pipeline(content, createWriteStream(file.path, { mode: 0o600 }));
    const preview = await previewUpload(file, shownRows);
    const name = upload.name.slice(-200);
    const pending = { ...upload, id, name, kept_at: now.toISOString(), preview, committed: null };
    await writeFile(join(folder, noteName), JSON.stringify(pending));
    return pending;
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** @throws StoreError `notFound` for one that is none, was kept for its day, or is somebody else's */
export async function findPendingUpload(
  directory: string,
  id: string,
  { actor, now }: { actor: string; now: Date },
): Promise<PendingUpload> {
  const note = /^[\da-f-]{36}$/.test(id) ? await noteOf(join(directory, id)) : null;
  if (note?.preview === undefined || note.actor !== actor || isOld(note, now))
    throw new StoreError('notFound', `There is no upload ${id}, or its day is over`);
  return note as PendingUpload;
}

/**
 * Loads the file and removes it; its rejects stay for the rest of its day. One that was loaded stays as it is.
 * @param pool of the worker's rights, as `commitUpload` asks
 * @throws BadInputError; StoreError
 */
export async function commitPendingUpload(
  deps: { pool: Pool; clock: Clock },
  directory: string,
  pending: PendingUpload,
): Promise<CommittedUpload> {
  if (pending.committed !== null) return pending.committed;
  const folder = join(directory, pending.id);
  const file = fileIn(folder, pending);
  const committed = await commitUpload(deps, file, { account: pending.account });
  await pipeline(rejectsCsv(file), createWriteStream(join(folder, rejectsName), { mode: 0o600 }));
  await writeFile(join(folder, noteName), JSON.stringify({ ...pending, committed }));
  await rm(file.path, { force: true });
  return committed;
}

/** Its bad rows as `rejectsCsv` gives them, before it is loaded and after. */
export function rejectsOfPending(directory: string, pending: PendingUpload): Readable {
  const folder = join(directory, pending.id);
  return pending.committed === null
    ? Readable.from(rejectsCsv(fileIn(folder, pending)))
    : createReadStream(join(folder, rejectsName));
}

/** Removes those that were kept for longer than a day, or says how many there are. */
export async function removeOldPendingUploads(
  directory: string,
  now: Date,
  dryRun: boolean,
): Promise<number> {
  let removed = 0;
  for (const id of await idsIn(directory)) {
    // One whose process went down before its note was whole is as old as its folder.
    const folder = join(directory, id);
    const note = (await noteOf(folder)) ?? { kept_at: (await stat(folder)).mtime.toISOString() };
    if (!isOld(note, now)) continue;
    removed += 1;
    if (!dryRun) await dropPendingUpload(directory, { id });
  }
  return removed;
}

async function idsIn(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

/** @throws Error only where the directory cannot be written */
export async function dropPendingUpload(directory: string, { id }: { id: string }): Promise<void> {
  await rm(join(directory, id), { recursive: true, force: true });
}

/** The name of a daily file tells its day, so that much is taken over: digits at their places. */
function fileIn(folder: string, { name, format }: Pick<PendingUpload, 'name' | 'format'>): UploadedFile {
  const day =
    format === 'daily-streams' ? /(?:^|[\\/])STREAMS_(\d{4}_\d{2}_\d{2})\.csv$/i.exec(name)?.[1] : undefined;
  return { path: join(folder, day === undefined ? 'upload.csv' : `STREAMS_${day}.csv`), format };
}

type Note = Partial<PendingUpload> & Pick<PendingUpload, 'kept_at'>;

/** Null where there is none, or one that was being written when its process went down. */
async function noteOf(folder: string): Promise<Note | null> {
  try {
    return JSON.parse(await readFile(join(folder, noteName), 'utf8')) as Note;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

function isOld({ kept_at: keptAt }: Note, now: Date): boolean {
  return now.getTime() - Date.parse(keptAt) > keptMs;
}
