/** Who changed what, and when. */
import { execute, queryRows, type Queryable } from './queryable.js';

export interface AuditEntry {
  actor: string;
  /** What was asked for, such as `POST /api/v1/annotations`. */
  action: string;
  /** What it was done to, such as a path or an id; null where there is none. */
  subject: string | null;
  details: Record<string, unknown>;
}

export interface RecordedAuditEntry extends AuditEntry {
  id: string;
  at: Date;
}

export async function addAuditEntry(db: Queryable, entry: AuditEntry, at: Date): Promise<void> {
  await execute(
    db,
    'insert into audit_log (at, actor, action, subject, details) values ($1, $2, $3, $4, $5)',
    [at, entry.actor, entry.action, entry.subject, entry.details],
  );
}

/** Newest first; `before` is the id of the last one of the page before. */
export async function listAuditEntries(
  db: Queryable,
  { before = null, limit = 100 }: { before?: string | null; limit?: number } = {},
): Promise<RecordedAuditEntry[]> {
  return queryRows<RecordedAuditEntry>(
    db,
    `select id, at, actor, action, subject, details from audit_log
     where $1::bigint is null or id < $1::bigint
     order by id desc limit $2`,
    [before, limit],
  );
}
