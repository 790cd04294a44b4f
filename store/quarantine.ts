/** Rows that could not be taken, with the place where they stand and the reason. */
import type { QuarantinedRow } from '../contracts/records.js';
import { StoreError } from './errors.js';
import { execute, queryRow, queryRows, type Queryable } from './queryable.js';

export type QuarantineState = 'open' | 'replayed' | 'dismissed';

export interface StoredQuarantinedRow extends Omit<QuarantinedRow, 'header'> {
  id: string;
  /** Null where it was not kept. */
  header: string | null;
  runId: string | null;
  /** The account that its run was for. */
  accountId: number | null;
  state: QuarantineState;
  quarantinedAt: Date;
  /** The line that was loaded in its place. */
  mended: string | null;
  note: string | null;
  resolvedBy: string | null;
  resolvedAt: Date | null;
}

export interface QuarantineFilter {
  state?: QuarantineState | undefined;
  origin?: string | undefined;
  runId?: string | undefined;
  /** Rows with a greater id: the last one of the page before. */
  afterId?: string | undefined;
  /** 100 unless told. */
  limit?: number | undefined;
}

/** Postgres's text holds any character but this one. */
const nul = String.fromCharCode(0);
const replacement = '\uFFFD';

/**
 * Keeps the rows and returns how many are new: a file that is read again brings none.
 * @throws StoreError
 */
export async function quarantineRows(
  db: Queryable,
  rows: readonly QuarantinedRow[],
  runId: string | null,
): Promise<number> {
  if (rows.length === 0) return 0;
  const text = (value: string): string => value.replaceAll(nul, replacement);
  return execute(
    db,
    `insert into quarantined_rows (origin, line, raw, field, reason, header, run_id)
     select t.origin, t.line, t.raw, t.field, t.reason, t.header, $7::bigint
     from unnest($1::text[], $2::integer[], $3::text[], $4::text[], $5::text[], $6::text[])
       as t (origin, line, raw, field, reason, header)
     order by t.origin, t.line
     on conflict on constraint quarantined_rows_key do nothing`,
    [
      rows.map(({ origin }) => text(origin)),
      rows.map(({ line }) => line),
      rows.map(({ raw }) => text(raw)),
      rows.map(({ field }) => (field === null ? null : text(field))),
      rows.map(({ reason }) => text(reason)),
      rows.map(({ header }) => (header === undefined ? null : text(header))),
      runId,
    ],
  );
}

const rowColumns = `id::text, origin, line, raw, field, reason, header, run_id::text as "runId", state,
  (select r.account_id from runs r where r.id = run_id) as "accountId",
  quarantined_at as "quarantinedAt", mended, note, resolved_by as "resolvedBy", resolved_at as "resolvedAt"`;

/** In the order in which they were quarantined. @throws StoreError */
export async function listQuarantined(
  db: Queryable,
  filter: QuarantineFilter = {},
): Promise<StoredQuarantinedRow[]> {
  return queryRows<StoredQuarantinedRow>(
    db,
    `select ${rowColumns}
     from quarantined_rows
     where ($1::text is null or state = $1) and ($2::text is null or origin = $2)
       and ($3::bigint is null or run_id = $3) and id > $4::bigint
     order by id
     limit $5`,
    [
      filter.state ?? null,
      filter.origin ?? null,
      filter.runId ?? null,
      filter.afterId ?? '0',
      filter.limit ?? 100,
    ],
  );
}

/** @throws StoreError `notFound`, also for an id that is no number */
export async function getQuarantined(db: Queryable, id: string): Promise<StoredQuarantinedRow> {
  const row = /^\d{1,18}$/.test(id)
    ? await queryRow<StoredQuarantinedRow>(db, `select ${rowColumns} from quarantined_rows where id = $1`, [
        id,
      ])
    : null;
  if (row === null) throw new StoreError('notFound', `There is no quarantined row ${id}`);
  return row;
}

export interface QuarantineResolution {
  state: Exclude<QuarantineState, 'open'>;
  mended: string | null;
  note: string | null;
  by: string;
  at: Date;
}

/** Closes a row that is open; returns whether it was. @throws StoreError */
export async function resolveQuarantined(
  db: Queryable,
  id: string,
  { state, mended, note, by, at }: QuarantineResolution,
): Promise<boolean> {
  const changed = await execute(
    db,
    `update quarantined_rows set state = $2, mended = $3, note = $4, resolved_by = $5, resolved_at = $6
     where id = $1 and state = 'open'`,
    [id, state, mended, note, by, at],
  );
  return changed > 0;
}

/** How many rows there are of each state. @throws StoreError */
export async function countQuarantined(db: Queryable): Promise<Record<QuarantineState, number>> {
  const rows = await queryRows<{ state: QuarantineState; rows: number }>(
    db,
    'select state, count(*)::integer as rows from quarantined_rows group by state',
  );
  const counts = { open: 0, replayed: 0, dismissed: 0 };
  for (const { state, rows: n } of rows) counts[state] = n;
  return counts;
}
