/** When contents were silent or unavailable; derived from observations by the load path. */
import { queryPlanned, type Queryable } from './queryable.js';

export interface AvailabilityInterval {
  contentId: number;
  /** `silent` until enough observations confirm that the content is `unavailable`. */
  state: 'silent' | 'unavailable';
  from: Date;
  /** Null while it lasts. */
  to: Date | null;
  confirmations: number;
  lastConfirmedAt: Date;
}

/** In order of content and time; contents that always answered have none. @throws StoreError */
export async function availabilityOf(
  db: Queryable,
  contentIds: readonly number[],
): Promise<AvailabilityInterval[]> {
  return queryPlanned<AvailabilityInterval>(
    db,
    `select content_id as "contentId", state, from_at as "from", to_at as "to", confirmations,
       last_confirmed_at as "lastConfirmedAt"
     from content_availability where content_id = any ($1::integer[])
     order by content_id, from_at`,
    [contentIds],
  );
}
