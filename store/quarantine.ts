/** Rows that could not be taken, with the place where they stand and the reason. */
import type { QuarantinedRow } from '../contracts/records.js';
import { execute, queryRows, type Queryable } from './queryable.js';

export interface StoredQuarantinedRow extends QuarantinedRow {
  id: string;
  runId: string | null;
  state: 'open' | 'replayed' | 'dismissed';
  quarantinedAt: Date;
}

export interface QuarantineFilter {
  state?: StoredQuarantinedRow['state'];
  origin?: string;
  /** Rows with a greater id: the last one of the page before. */
  afterId?: string;
  /** 100 unless told. */
  limit?: number;
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
    `insert into quarantined_rows (origin, line, raw, field, reason, run_id)
     select t.origin, t.line, t.raw, t.field, t.reason, $6::bigint
     from unnest($1::text[], $2::integer[], $3::text[], $4::text[], $5::text[]) as t (origin, line, raw, field, reason)
     order by t.origin, t.line
     on conflict on constraint quarantined_rows_key do nothing`,
    [
      rows.map(({ origin }) => text(origin)),
      rows.map(({ line }) => line),
      rows.map(({ raw }) => text(raw)),
      rows.map(({ field }) => (field === null ? null : text(field))),
      rows.map(({ reason }) => text(reason)),
      runId,
    ],
  );
}

/** In the order in which they were quarantined. @throws StoreError */
export async function listQuarantined(
  db: Queryable,
  filter: QuarantineFilter = {},
): Promise<StoredQuarantinedRow[]> {
  return queryRows<StoredQuarantinedRow>(
    db,
    `select id::text, origin, line, raw, field, reason, run_id::text as "runId", state,
       quarantined_at as "quarantinedAt"
     from quarantined_rows
     where ($1::text is null or state = $1) and ($2::text is null or origin = $2) and id > $3::bigint
     order by id
     limit $4`,
    [filter.state ?? null, filter.origin ?? null, filter.afterId ?? '0', filter.limit ?? 100],
  );
}
