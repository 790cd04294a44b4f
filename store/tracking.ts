/** Bounds within which a content is followed. */
import { execute, type Queryable } from './queryable.js';

export interface Tracking {
  contentKey: string;
  /** First instant at which it is asked for; null is open. */
  from: Date | null;
  /** First instant at which it is asked for no longer; null is open. */
  until: Date | null;
}

/** Sets the bounds of contents; one that is unknown is passed over. @throws StoreError */
export async function setTracking(db: Queryable, bounds: readonly Tracking[]): Promise<void> {
  await execute(
    db,
    `update contents c set tracked_from = b.tracked_from, tracked_until = b.tracked_until
     from unnest($1::text[], $2::timestamptz[], $3::timestamptz[]) as b (content_key, tracked_from, tracked_until)
     where c.content_key = b.content_key`,
    [bounds.map((b) => b.contentKey), bounds.map((b) => b.from), bounds.map((b) => b.until)],
  );
}
