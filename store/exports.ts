/** Exports that are made in the background. */
import type { ExportDataset, ExportFormat, ExportRequest, ExportState } from '../contracts/exports.js';
import { StoreError } from './errors.js';
import { execute, queryRow, queryRows, type Queryable } from './queryable.js';

export interface StoredExport {
  id: string;
  dataset: ExportDataset;
  format: ExportFormat;
  timeframe: string;
  platforms: string[] | null;
  contentIds: string[] | null;
  includeMetadata: boolean;
  /** Where the timeframe ends. */
  asOf: Date;
  /** Null: every artist's rows. */
  artistIds: number[] | null;
  state: ExportState;
  rows: number;
  /** Null before it is ready. */
  bytes: number | null;
  fileName: string;
  tokenSha256: Buffer;
  requestedBy: string;
  runId: string | null;
  failure: string | null;
  createdAt: Date;
  finishedAt: Date | null;
  expiresAt: Date;
}

export interface NewExport {
  request: ExportRequest;
  /** The name of the request that asks for it, which has one export; null for none. */
  requestedAs: string | null;
  fileName: string;
  tokenSha256: Buffer;
  requestedBy: string;
  createdAt: Date;
  expiresAt: Date;
}

const columns = `e.id::text, e.dataset, e.format, e.parameters ->> 'timeframe' as timeframe,
  nullif(e.parameters -> 'platforms', 'null') as platforms,
  nullif(e.parameters -> 'content_ids', 'null') as "contentIds",
  (e.parameters ->> 'include_metadata')::boolean as "includeMetadata", e.as_of as "asOf",
  e.artist_ids as "artistIds", e.state, e.rows::float8 as rows, e.bytes::float8 as bytes,
  e.file_name as "fileName", e.token_sha256 as "tokenSha256", e.requested_by as "requestedBy",
  e.run_id::text as "runId", e.failure, e.created_at as "createdAt", e.finished_at as "finishedAt",
  e.expires_at as "expiresAt"`;

/**
 * Notes an export for the artists that the session may see.
 * @throws StoreError `rejected` where that is none
 */
export async function insertExport(db: Queryable, told: NewExport): Promise<StoredExport> {
  const { request } = told;
  const parameters = {
    timeframe: request.timeframe,
    platforms: request.platforms,
    content_ids: request.contentIds,
    include_metadata: request.includeMetadata,
  };
  const row = await queryRow<StoredExport>(
    db,
    `insert into exports as e (dataset, format, parameters, as_of, artist_ids, file_name, token_sha256,
       requested_by, created_at, expires_at, requested_as)
     values ($1, $2, $3, $4, case when session_reads_rollups_of_all() then null else session_artists() end,
       $5, $6, $7, $4, $8, $9)
     returning ${columns}`,
    [
      ...[request.dataset, request.format, JSON.stringify(parameters), told.createdAt, told.fileName],
      ...[told.tokenSha256, told.requestedBy, told.expiresAt, told.requestedAs],
    ],
  );
  return row!;
}

/** @throws StoreError `notFound`, also for an id that is no number */
export async function getExport(db: Queryable, id: string): Promise<StoredExport> {
  const row = /^\d{1,18}$/.test(id)
    ? await queryRow<StoredExport>(db, `select ${columns} from exports e where e.id = $1::bigint`, [id])
    : null;
  if (row === null) throw new StoreError('notFound', `There is no export ${id}, or it has expired`);
  return row;
}

/**
 * Gives the export that a request of this name has asked for a new link, since whoever asks again has not got the
 * old one; null where there is no such export.
 */
export async function renewRequestedExport(
  db: Queryable,
  name: string,
  tokenSha256: Buffer,
): Promise<StoredExport | null> {
  return queryRow<StoredExport>(
    db,
    `update exports e set token_sha256 = $2 where e.requested_as = $1 returning ${columns}`,
    [name, tokenSha256],
  );
}

/** Newest first; those before the id given, which is the last one of the page before. */
export async function readExports(
  db: Queryable,
  { before, limit }: { before: string | null; limit: number },
): Promise<StoredExport[]> {
  return queryRows<StoredExport>(
    db,
    `select ${columns} from exports e where $1::bigint is null or e.id < $1::bigint order by e.id desc limit $2`,
    [before, limit],
  );
}

/** @throws StoreError `notFound` */
export async function beginExport(
  db: Queryable,
  id: string,
  { runId, expiresAt }: { runId: string | null; expiresAt: Date },
): Promise<void> {
  await change(db, id, `state = 'running', run_id = $2::bigint, expires_at = $3, failure = null`, [
    runId,
    expiresAt,
  ]);
}

/** @throws StoreError `notFound` */
export async function finishExport(
  db: Queryable,
  id: string,
  told: { rows: number; bytes: number; finishedAt: Date; expiresAt: Date },
): Promise<void> {
  await change(
    db,
    id,
    `state = 'ready', rows = $2, bytes = $3, finished_at = $4, expires_at = $5, failure = null`,
    [told.rows, told.bytes, told.finishedAt, told.expiresAt],
  );
}

/** @throws StoreError `notFound` */
export async function endExport(
  db: Queryable,
  id: string,
  told: { state: 'failed' | 'cancelled'; failure: string | null; finishedAt: Date },
): Promise<void> {
  await change(db, id, `state = $2, failure = $3, finished_at = $4`, [
    told.state,
    told.failure,
    told.finishedAt,
  ]);
}

/** Exports whose link has expired. */
export async function expiredExports(
  db: Queryable,
  now: Date,
): Promise<{ id: string; format: ExportFormat }[]> {
  return queryRows(db, `select id::text, format from exports where expires_at <= $1 order by id`, [now]);
}

export async function deleteExport(db: Queryable, id: string): Promise<void> {
  await execute(db, `delete from exports where id = $1::bigint`, [id]);
}

async function change(db: Queryable, id: string, set: string, values: readonly unknown[]): Promise<void> {
  const changed = await execute(db, `update exports set ${set} where id = $1::bigint`, [id, ...values]);
  if (changed === 0) throw new StoreError('notFound', `There is no export ${id}, or it has expired`);
}
