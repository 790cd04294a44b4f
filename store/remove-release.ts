/** Taking a release out: for good where nothing hangs on it, out of sight where something does. */
import { queryRow, queryRows, type Queryable } from './queryable.js';
import { showRelease, type Release } from './releases.js';

/** Tables that speak of a release, with what their rows are called. */
const dependents = [
  ['contents', 'contents'],
  ['stock_clip_usages', 'clip usages'],
  ['stock_performance_events', 'performance scores'],
  ['release_scores', 'computed scores'],
  ['ab_test_performance', 'test observations'],
  ['annotations', 'annotations'],
] as const;

export interface RemovedRelease {
  release: Release;
  outcome: 'deleted' | 'withdrawn' | 'withdrawn_before';
  /** What hangs on it: how many rows, by what they are called. */
  hanging: Record<string, number>;
}

/**
 * Deletes a release on which nothing hangs; withdraws any other, whose figures and history stay.
 * @throws StoreError `notFound`
 */
export async function removeRelease(db: Queryable, id: number): Promise<RemovedRelease> {
  const release: Release = await showRelease(db, id);
  const rows = await queryRows<{ what: string; rows: number }>(
    db,
    dependents
      .map(
        ([table, what]) =>
          `select '${what}' as what, count(*)::integer as rows from ${table} where release_id = $1`,
      )
      .join(' union all '),
    [id],
  );
  const hanging = Object.fromEntries(
    rows.flatMap(({ what, rows: n }) => (n > 0 ? [[what, n] as const] : [])),
  );
  if (Object.keys(hanging).length === 0) {
    await queryRow(db, 'delete from releases where id = $1', [id]);
    return { release, outcome: 'deleted', hanging };
  }
  if (release.state === 'withdrawn') return { release, outcome: 'withdrawn_before', hanging };
  await queryRow(db, `update releases set state = 'withdrawn' where id = $1`, [id]);
  return { release: { ...release, state: 'withdrawn' }, outcome: 'withdrawn', hanging };
}
