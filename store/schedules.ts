/** What operators did to schedules; Temporal holds the schedules themselves. */
import { execute, queryRows, type Queryable } from './queryable.js';

export interface ScheduleMark {
  name: string;
  paused: boolean;
  pauseReason: string | null;
  changedAt: Date;
}

/** The schedules that were ever paused or resumed, in order of name. @throws StoreError */
export async function listScheduleMarks(db: Queryable): Promise<ScheduleMark[]> {
  return queryRows<ScheduleMark>(
    db,
    `select name, paused, pause_reason as "pauseReason", changed_at as "changedAt" from schedules order by name`,
  );
}

/** Notes a schedule as paused for a reason, or as resumed (null). @throws StoreError */
export async function markSchedule(
  db: Queryable,
  name: string,
  pausedFor: string | null,
  at: Date,
): Promise<void> {
  await execute(
    db,
    `insert into schedules (name, paused, pause_reason, changed_at) values ($1, $2, $3, $4)
     on conflict on constraint schedules_pkey do update set
       paused = excluded.paused, pause_reason = excluded.pause_reason, changed_at = excluded.changed_at`,
    [name, pausedFor !== null, pausedFor, at],
  );
}
