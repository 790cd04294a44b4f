/** Exports that are asked for now and fetched later, by a link that expires. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { Pool } from 'pg';
import type { ExportRequest } from '../../contracts/exports.js';
import type { Clock, ExportStarter, StartedRun } from '../../contracts/ports.js';
import { StoreError } from '../../store/errors.js';
import {
  beginExport,
  deleteExport,
  endExport,
  expiredExports,
  finishExport,
  getExport,
  insertExport,
  readExports,
  renewRequestedExport,
  type StoredExport,
} from '../../store/exports.js';
import { fileOfExport, removePartials, sizeOf } from './export-directory.js';
import { exportView, type ExportView } from './export-view.js';
import { contentTypeOf, fileNameOf, streamDataset } from './stream-dataset.js';
import { writeWholeFile } from './write-whole-file.js';

export interface ExportDeps {
  pool: Pool;
  clock: Clock;
  /** Where the files are until their links expire; shared by whoever makes them and whoever hands them out. */
  directory: string;
  linkHours: number;
  halfLifeDays: number;
}

export interface RequestedExport extends ExportView {
  /** Fetches the file, together with the id; told this once. */
  token: string;
  /** Null where it was made in this process, and is ready. */
  run: StartedRun | null;
}

export interface OpenedExport {
  fileName: string;
  contentType: string;
  bytes: number;
  /** To be read to its end or destroyed. */
  stream: Readable;
}

const msPerHour = 3_600_000;

/**
 * Notes an export of what the pool's session may see and starts its run; without a starter it is made at once. A
 * request whose name has asked before is answered with that export and its run, under a new link.
 * @throws BadInputError, UnknownTimeframeError; StoreError `notFound` for an unknown content, `rejected` for a
 * session that sees no artist; ExportFileError
 */
export async function requestExport(
  deps: ExportDeps & { starter?: ExportStarter | null },
  request: ExportRequest,
  requestedBy: string,
  requestName: string | null = null,
): Promise<RequestedExport> {
  const now = deps.clock.now();
  // What makes no sense is told now and not by a run that fails.
  await streamDataset(deps.pool, request, { now });
  const token = randomBytes(32).toString('base64url');
  const tokenSha256 = sha256(token);
  const known = requestName === null ? null : await renewRequestedExport(deps.pool, requestName, tokenSha256);
  const { id } =
    known ??
    (await insertExport(deps.pool, {
      ...{ request, requestedBy, tokenSha256, requestedAs: requestName },
      fileName: fileNameOf(request, now),
      createdAt: now,
      expiresAt: expiry(deps),
    }));
  let run: StartedRun | null = null;
  try {
    if (deps.starter == null) await makeExport(deps, id, { runId: null });
    else
      run = await deps.starter.exportData({ exportId: id, dataset: request.dataset, format: request.format });
  } catch (error) {
    const failure = error instanceof Error ? error.message : String(error);
    await endExport(deps.pool, id, { state: 'failed', failure, finishedAt: deps.clock.now() });
    throw error;
  }
  return { ...exportView(await getExport(deps.pool, id)), token, run };
}

export interface MakeOptions {
  runId: string | null;
  signal?: AbortSignal;
  /** Told the rows so far. */
  onProgress?: (rows: number) => void;
}

/**
 * Makes the file of an export, for the artists of whoever asked. One that is ready stays as it is; what an attempt
 * before this one left unfinished is removed.
 * @throws StoreError, ExportFileError, the signal's reason
 */
export async function makeExport(
  deps: ExportDeps,
  id: string,
  { runId, signal, onProgress }: MakeOptions,
): Promise<{ rows: number; bytes: number }> {
  const stored = await getExport(deps.pool, id);
  const target = fileOfExport(deps.directory, stored);
  const present = await sizeOf(target);
  if (stored.state === 'ready' && present !== null) return { rows: stored.rows, bytes: present };
  await removePartials(deps.directory, id);
  await beginExport(deps.pool, id, { runId, expiresAt: expiry(deps) });
  const stream = await streamDataset(deps.pool, stored, {
    now: stored.asOf,
    artistIds: stored.artistIds,
    halfLifeDays: deps.halfLifeDays,
    ...(signal === undefined ? {} : { signal }),
  });
  const told = async function* (): AsyncGenerator<Uint8Array> {
    for await (const chunk of stream) {
      yield chunk;
      onProgress?.(stream.rows());
    }
  };
  const bytes = await writeWholeFile(target, told());
  const rows = stream.rows();
  await finishExport(deps.pool, id, {
    ...{ rows, bytes },
    finishedAt: deps.clock.now(),
    expiresAt: expiry(deps),
  });
  return { rows, bytes };
}

/**
 * The file of an export, for whoever has its link; the pool must see the export.
 * @throws StoreError `notFound` for an unknown id, another token or a link that has expired, `conflict` while it is
 * not ready
 */
export async function openExport(
  deps: Pick<ExportDeps, 'pool' | 'clock' | 'directory'>,
  id: string,
  token: string,
): Promise<OpenedExport> {
  const stored = await getExport(deps.pool, id);
  // One answer to all: who guesses learns nothing.
  if (!timingSafeEqual(sha256(token), stored.tokenSha256)) throw noExport(id);
  return openStored(deps, stored);
}

/**
 * The file of an export for whoever may see it, without its link; it expires all the same.
 * @throws StoreError like `openExport`
 */
export async function openSeenExport(
  deps: Pick<ExportDeps, 'pool' | 'clock' | 'directory'>,
  id: string,
): Promise<OpenedExport> {
  return openStored(deps, await getExport(deps.pool, id));
}

async function openStored(
  deps: Pick<ExportDeps, 'clock' | 'directory'>,
  stored: StoredExport,
): Promise<OpenedExport> {
  const { id } = stored;
  if (stored.expiresAt <= deps.clock.now()) throw noExport(id);
  if (stored.state !== 'ready')
    throw new StoreError(
      'conflict',
      `Export ${id} is not ready: it is ${stored.state}${stored.failure === null ? '' : ` (${stored.failure})`}`,
    );
  const path = fileOfExport(deps.directory, stored);
  const bytes = await sizeOf(path);
  if (bytes === null)
    throw new StoreError('notFound', `The file of export ${id} is gone`, {
      hint: 'Export again; EXPORT_DIRECTORY has to be the same for the worker and the site.',
    });
  const { fileName, format } = stored;
  return { fileName, contentType: contentTypeOf(format), bytes, stream: createReadStream(path) };
}

function noExport(id: string): StoreError {
  return new StoreError('notFound', `There is no export ${id}, or it has expired`);
}

/** One export, without its token. @throws StoreError `notFound` */
export async function showExport({ pool }: Pick<ExportDeps, 'pool'>, id: string): Promise<ExportView> {
  return exportView(await getExport(pool, id));
}

/**
 * Exports that the pool's session may see, the newest first.
 * @param page `before` is the id of the last one of the page before; 50 a page unless told.
 */
export async function listExports(
  { pool }: Pick<ExportDeps, 'pool'>,
  { before = null, limit = 50 }: { before?: string | null; limit?: number } = {},
): Promise<ExportView[]> {
  return (await readExports(pool, { before, limit })).map(exportView);
}

/** Removes exports whose links have expired, with their files, or says how many there are. @throws StoreError */
export async function removeExpiredExports(
  deps: Pick<ExportDeps, 'pool' | 'clock' | 'directory'>,
  dryRun: boolean,
): Promise<number> {
  const expired = await expiredExports(deps.pool, deps.clock.now());
  if (dryRun) return expired.length;
  for (const stored of expired) {
    // First the file: a row without one can be removed again, a file without a row would stay for good.
    await rm(fileOfExport(deps.directory, stored), { force: true });
    await removePartials(deps.directory, stored.id);
    await deleteExport(deps.pool, stored.id);
  }
  return expired.length;
}

function expiry({ clock, linkHours }: Pick<ExportDeps, 'clock' | 'linkHours'>): Date {
  return new Date(clock.now().getTime() + linkHours * msPerHour);
}

function sha256(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
