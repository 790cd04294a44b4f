/** The run ledger, which outlives Temporal's retention. */
import type { LoadCounts } from '../contracts/records.js';
import type { RunKind, RunState } from '../contracts/runs.js';
import { StoreError } from './errors.js';
import { execute, queryRow, queryRows, type Queryable } from './queryable.js';

/** Stands in the place of a Temporal run's id for what runs in the process that was asked. */
export const outsideTemporal = 'outside';

export interface NewRun {
  kind: RunKind;
  workflowId: string;
  temporalRunId: string;
  startedAt: Date;
  platform?: string | null;
  accountId?: number | null;
  report?: string | null;
  /** Half-open range of ISO days. */
  windowFrom?: string | null;
  windowTo?: string | null;
  planId?: number | null;
}

export interface Run {
  id: string;
  kind: RunKind;
  state: RunState;
  workflowId: string;
  temporalRunId: string;
  platform: string | null;
  accountId: number | null;
  account: string | null;
  report: string | null;
  windowFrom: string | null;
  windowTo: string | null;
  planId: number | null;
  counts: Partial<LoadCounts>;
  failureKind: string | null;
  failureMessage: string | null;
  warnings: string[];
  startedAt: Date;
  finishedAt: Date | null;
}

export interface RunOutcome {
  state: Exclude<RunState, 'running' | 'failed'>;
  /** Null where the run loaded nothing. */
  counts: LoadCounts | null;
  warnings: readonly string[];
  finishedAt: Date;
}

export interface RunFailure {
  kind: string;
  message: string;
  finishedAt: Date;
}

export interface RunFilter {
  kind?: RunKind;
  state?: RunState;
  platform?: string;
  /** Runs that started before this one: the last one of the page before. */
  beforeId?: string;
  /** 50 unless told. */
  limit?: number;
}

const runColumns = `r.id::text, r.kind, r.state, r.workflow_id as "workflowId",
  r.temporal_run_id as "temporalRunId", r.platform, r.account_id as "accountId", a.name as account, r.report,
  r.window_from::text as "windowFrom", r.window_to::text as "windowTo", r.plan_id::integer as "planId", r.counts,
  r.failure_kind as "failureKind", r.failure_message as "failureMessage", r.warnings,
  r.started_at as "startedAt", r.finished_at as "finishedAt"`;

/**
 * Opens a run and returns its id; the same Temporal run opens it once, however often it is asked.
 * @throws StoreError
 */
export async function beginRun(db: Queryable, run: NewRun): Promise<string> {
  const row = await queryRow<{ id: string }>(
    db,
    `insert into runs as r (kind, workflow_id, temporal_run_id, platform, account_id, report, window_from,
       window_to, plan_id, started_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     on conflict on constraint runs_workflow_key do update set kind = r.kind
     returning id::text`,
    [
      run.kind,
      run.workflowId,
      run.temporalRunId,
      run.platform ?? null,
      run.accountId ?? null,
      run.report ?? null,
      run.windowFrom ?? null,
      run.windowTo ?? null,
      run.planId ?? null,
      run.startedAt,
    ],
  );
  if (row === null) throw new StoreError('internal', 'A run that was opened did not come back');
  return row.id;
}

/** @throws StoreError `notFound` */
export async function finishRun(db: Queryable, id: string, outcome: RunOutcome): Promise<void> {
  const changed = await execute(
    db,
    `update runs set state = $2, counts = coalesce($3, counts), warnings = $4, finished_at = $5,
       failure_kind = null, failure_message = null
     where id = $1`,
    [id, outcome.state, outcome.counts, outcome.warnings, outcome.finishedAt],
  );
  requireRun(changed, id);
}

/** @throws StoreError `notFound` */
export async function failRun(db: Queryable, id: string, failure: RunFailure): Promise<void> {
  const changed = await execute(
    db,
    `update runs set state = 'failed', failure_kind = $2, failure_message = $3, finished_at = $4 where id = $1`,
    [id, failure.kind, failure.message, failure.finishedAt],
  );
  requireRun(changed, id);
}

/**
 * Closes runs outside Temporal that nobody closes any more, since the process that worked on them went down, and
 * returns how many. One that is worked on all the same closes itself once more, with how it ended.
 * @param lost those whose workflow id begins so and that began before the moment.
 * @throws StoreError
 */
export async function failLostRuns(
  db: Queryable,
  lost: { idPrefix: string; startedBefore: Date; finishedAt: Date },
): Promise<number> {
  return execute(
    db,
    `update runs set state = 'failed', failure_kind = 'internal', finished_at = $4,
       failure_message = 'The process that worked on it went down; what it had loaded stays, and may be loaded again'
     where state = 'running' and temporal_run_id = $1 and starts_with(workflow_id, $2) and started_at <= $3`,
    [outsideTemporal, lost.idPrefix, lost.startedBefore, lost.finishedAt],
  );
}

/** Newest first. @throws StoreError */
export async function listRuns(db: Queryable, filter: RunFilter = {}): Promise<Run[]> {
  return queryRows<Run>(
    db,
    `select ${runColumns} from runs r left join accounts a on a.id = r.account_id
     where ($1::text is null or r.kind = $1) and ($2::text is null or r.state = $2)
       and ($3::text is null or r.platform = $3)
       and ($4::bigint is null
         or (r.started_at, r.id) < (select b.started_at, b.id from runs b where b.id = $4))
     order by r.started_at desc, r.id desc
     limit $5`,
    [
      filter.kind ?? null,
      filter.state ?? null,
      filter.platform ?? null,
      filter.beforeId ?? null,
      filter.limit ?? 50,
    ],
  );
}

/** @throws StoreError `notFound`, also for an id that is no number */
export async function getRun(db: Queryable, id: string): Promise<Run> {
  const run = /^\d{1,18}$/.test(id)
    ? await queryRow<Run>(
        db,
        `select ${runColumns} from runs r left join accounts a on a.id = r.account_id where r.id = $1`,
        [id],
      )
    : null;
  if (run === null) throw new StoreError('notFound', `There is no run ${id}`);
  return run;
}

/** Notes contents as touched by the run: what the analyses after it are over. @throws StoreError */
export async function touchContents(
  db: Queryable,
  runId: string,
  contentIds: readonly number[],
): Promise<void> {
  await execute(
    db,
    `insert into run_contents (run_id, content_id)
     select $1::bigint, c.id from unnest($2::integer[]) as c (id) group by c.id order by c.id
     on conflict on constraint run_contents_pkey do nothing`,
    [runId, contentIds],
  );
}

function requireRun(changed: number, id: string): void {
  if (changed === 0) throw new StoreError('notFound', `There is no run ${id}`);
}
