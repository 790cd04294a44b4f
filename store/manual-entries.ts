/** Values that people entered, as entries of a ledger: who, when, and whether it was taken back. */
import { StoreError } from './errors.js';
import { queryRow, queryRows, type Queryable } from './queryable.js';

export interface ManualEntry {
  id: string;
  content_id: string;
  /** Null once its content is unlinked. */
  release_id: number | null;
  release_title: string | null;
  platform: string;
  metric_name: string;
  metric_value: number;
  /** The manual value that it replaced; null where there was none. */
  former_value: number | null;
  recorded_at: Date;
  entered_by: string;
  entered_at: Date;
  undone_by: string | null;
  undone_at: Date | null;
}

export interface NewEntry {
  release_id: number;
  /** In any case; `x` is twitter. */
  platform: string;
  metric_name: string;
  metric_value: number;
  recorded_at: Date;
}

export interface EntryFilter {
  release_id?: number | undefined;
  platform?: string | undefined;
  /** Entries with a smaller id: the last one of the page before. */
  after?: string | undefined;
  /** 20 unless told. */
  limit?: number | undefined;
}

const entrySelect = `
select e.id::text, c.content_key as content_id, c.release_id, r.title as release_title, c.platform,
  e.metric as metric_name, e.value as metric_value, e.former_value, e.recorded_at, e.entered_by, e.entered_at,
  e.undone_by, e.undone_at
from manual_entries e
join contents c on c.id = e.content_id
left join releases r on r.id = c.release_id`;

/**
 * Writes a manual value in somebody's name.
 * @returns its entry, and whether it is new: the value that an entry stands for already is not entered again
 * @throws StoreError as `insertPerformanceRecord`
 */
export async function addManualEntry(
  db: Queryable,
  entry: NewEntry,
  by: string,
): Promise<{ entry: ManualEntry; is_new: boolean }> {
  if (Number.isNaN(entry.recorded_at.getTime()))
    throw new StoreError('rejected', 'The instant of the value is not a valid date');
  const added = await queryRow<{ entry_id: string; is_new: boolean }>(
    db,
    'select entry_id::text, is_new from enter_manual_value($1, $2, $3, $4, $5, $6)',
    [entry.release_id, entry.platform, entry.metric_name, entry.metric_value, entry.recorded_at, by],
  );
  return { entry: await getManualEntry(db, added!.entry_id), is_new: added!.is_new };
}

/** @throws StoreError `notFound`, also for an id that is no number */
export async function getManualEntry(db: Queryable, id: string): Promise<ManualEntry> {
  const entry = /^\d{1,18}$/.test(id)
    ? await queryRow<ManualEntry>(db, `${entrySelect} where e.id = $1`, [id])
    : null;
  if (entry === null) throw new StoreError('notFound', `There is no entry ${id}`);
  return entry;
}

/** Newest first. @throws StoreError */
export async function listManualEntries(db: Queryable, filter: EntryFilter = {}): Promise<ManualEntry[]> {
  return queryRows<ManualEntry>(
    db,
    `${entrySelect}
     where ($1::integer is null or c.release_id = $1) and ($2::text is null or c.platform = $2)
       and ($3::bigint is null or e.id < $3)
     order by e.id desc
     limit $4`,
    [filter.release_id ?? null, filter.platform ?? null, filter.after ?? null, filter.limit ?? 20],
  );
}

/**
 * Takes an entry back; what it had replaced comes back, or what the platform told.
 * @returns whether that changed anything: false for one that was undone already
 * @throws StoreError `notFound`, or `conflict` where something else replaced the value since
 */
export async function undoManualEntry(db: Queryable, id: string, by: string): Promise<boolean> {
  await getManualEntry(db, id);
  const row = await queryRow<{ undone: boolean }>(db, 'select undo_manual_entry($1, $2) as undone', [id, by]);
  return row!.undone;
}
