/** A/B tests: their plans, what each variant got, and how they ended. */
import { StoreError } from './errors.js';
import { execute, queryRow, queryRows, type Queryable } from './queryable.js';

export type ExperimentStatus = 'running' | 'decided' | 'closed';

export interface ExperimentVariant {
  name: string;
  isControl: boolean;
  share: number;
  description: string | null;
}

export interface NewExperiment {
  artistId: number;
  name: string;
  hypothesis: string | null;
  metric: string;
  kind: 'proportion' | 'mean';
  /** `recorded`: totals told for each variant; `equal_age`: the assigned contents' values at `ageDays`. */
  outcome: 'recorded' | 'equal_age';
  ageDays: number | null;
  goal: 'increase' | 'decrease';
  alpha: number;
  power: number;
  baseline: number;
  standardDeviation: number | null;
  minimumEffect: number;
  plannedPerVariant: number;
  createdBy: string;
  startedAt: Date;
  variants: readonly ExperimentVariant[];
}

export interface Experiment extends NewExperiment {
  id: number;
  status: ExperimentStatus;
  endedAt: Date | null;
  decision: string | null;
  decisionNote: string | null;
  decidedBy: string | null;
  /** The evaluation as it stood at the end. */
  evaluation: unknown;
}

/** @throws StoreError `conflict` for a name that the artist has a test of, `notFound` for a missing artist */
export async function addExperiment(db: Queryable, test: NewExperiment): Promise<number> {
  const row = await queryRow<{ id: number }>(
    db,
    `insert into ab_tests (artist_id, name, hypothesis, metric, kind, outcome, age_days, goal, alpha, power, baseline,
       standard_deviation, minimum_effect, planned_per_variant, created_by, started_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
     on conflict on constraint ab_tests_key do nothing returning id`,
    [
      ...[test.artistId, test.name, test.hypothesis, test.metric, test.kind, test.outcome, test.ageDays],
      ...[test.goal, test.alpha, test.power, test.baseline, test.standardDeviation, test.minimumEffect],
      ...[test.plannedPerVariant, test.createdBy, test.startedAt],
    ],
  );
  if (row === null)
    throw new StoreError('conflict', `The artist has an experiment called “${test.name}” already.`, {
      hint: 'Give this one another name.',
    });
  const { id } = row;
  // A statement of its own: row security judges a variant by its test, which it must see by then.
  await execute(
    db,
    `insert into ab_test_variants (ab_test_id, name, is_control, share, description)
     select $1, v.name, v.is_control, v.share, v.description
     from unnest($2::text[], $3::boolean[], $4::float8[], $5::text[]) as v (name, is_control, share, description)`,
    [
      id,
      test.variants.map(({ name }) => name),
      test.variants.map(({ isControl }) => isControl),
      test.variants.map(({ share }) => share),
      test.variants.map(({ description }) => description),
    ],
  );
  return id;
}

const columns = `t.id, t.artist_id as "artistId", t.name, t.hypothesis, t.metric, t.kind, t.outcome,
  t.age_days as "ageDays", t.goal, t.alpha, t.power, t.baseline, t.standard_deviation as "standardDeviation",
  t.minimum_effect as "minimumEffect", t.planned_per_variant::float8 as "plannedPerVariant", t.status,
  t.created_by as "createdBy", t.started_at as "startedAt", t.ended_at as "endedAt", t.decision,
  t.decision_note as "decisionNote", t.decided_by as "decidedBy", t.evaluation,
  (select jsonb_agg(jsonb_build_object('name', v.name, 'isControl', v.is_control, 'share', v.share,
     'description', v.description) order by v.is_control desc, v.name)
   from ab_test_variants v where v.ab_test_id = t.id) as variants`;

/** Null where there is none, or none to be seen. @throws StoreError */
export async function findExperiment(db: Queryable, id: number): Promise<Experiment | null> {
  return queryRow<Experiment>(db, `select ${columns} from ab_tests t where t.id = $1`, [id]);
}

export interface ExperimentFilter {
  artistId: number | null;
  status: ExperimentStatus | null;
  /** The id of the last one of the page before. */
  beforeId?: number | undefined;
  /** Every one unless told. */
  limit?: number | undefined;
}

/** The newest first. @throws StoreError */
export async function listExperiments(db: Queryable, filter: ExperimentFilter): Promise<Experiment[]> {
  return queryRows<Experiment>(
    db,
    `select ${columns} from ab_tests t
     where ($1::int is null or t.artist_id = $1) and ($2::text is null or t.status = $2)
       and ($3::int is null
         or (t.started_at, t.id) < (select b.started_at, b.id from ab_tests b where b.id = $3))
     order by t.started_at desc, t.id desc
     limit $4`,
    [filter.artistId, filter.status, filter.beforeId ?? null, filter.limit ?? null],
  );
}

export interface Observation {
  variant: string;
  /** What it is of; null for a total that is of neither. */
  releaseId: number | null;
  contentId: number | null;
  trials: number;
  /** Of a proportion. */
  successes: number | null;
  /** Of a mean. */
  mean: number | null;
  variance: number | null;
}

/** Puts the totals of a variant and subject in the place of the former ones. @throws StoreError */
export async function putObservation(
  db: Queryable,
  test: Pick<Experiment, 'id' | 'name' | 'metric'>,
  observation: Observation,
  record: { by: string; at: Date },
): Promise<void> {
  const { variant, releaseId, contentId, trials, successes, mean, variance } = observation;
  await execute(
    db,
    `insert into ab_test_performance as p (ab_test_id, test_name, variant, release_id, content_id, metric, trials,
       successes, mean, variance, recorded_by, recorded_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
     on conflict on constraint ab_test_performance_key do update
     set trials = excluded.trials, successes = excluded.successes, mean = excluded.mean, variance = excluded.variance,
       recorded_by = excluded.recorded_by, recorded_at = excluded.recorded_at
     where (p.trials, p.successes, p.mean, p.variance)
       is distinct from (excluded.trials, excluded.successes, excluded.mean, excluded.variance)`,
    [
      ...[test.id, test.name, variant, releaseId, contentId, test.metric, trials, successes, mean, variance],
      ...[record.by, record.at],
    ],
  );
}

/** Every variant's totals, one a subject. @throws StoreError */
export async function readObservations(db: Queryable, id: number): Promise<Observation[]> {
  return queryRows<Observation>(
    db,
    `select p.variant, p.release_id as "releaseId", p.content_id as "contentId", p.trials, p.successes, p.mean,
       p.variance
     from ab_test_performance p where p.ab_test_id = $1 order by p.variant, p.id`,
    [id],
  );
}

/** Gives contents to a variant; those that have one in this test already keep it. @throws StoreError */
export async function assignToVariant(
  db: Queryable,
  id: number,
  variant: string,
  contentIds: readonly number[],
  record: { by: string; at: Date },
): Promise<void> {
  await execute(
    db,
    `insert into ab_test_assignments (ab_test_id, content_id, variant, assigned_at, assigned_by)
     select $1, c, $2, $4, $5 from unnest($3::int[]) as c
     on conflict on constraint ab_test_assignments_pkey do nothing`,
    [id, variant, contentIds, record.at, record.by],
  );
}

/** Who has which content, in order of content. @throws StoreError */
export async function readAssignments(
  db: Queryable,
  id: number,
): Promise<{ contentId: number; variant: string }[]> {
  return queryRows<{ contentId: number; variant: string }>(
    db,
    `select a.content_id as "contentId", a.variant from ab_test_assignments a where a.ab_test_id = $1 order by 1`,
    [id],
  );
}

/** Ends a running test; false where it was not running any more. @throws StoreError */
export async function endExperiment(
  db: Queryable,
  id: number,
  end: { decision: string | null; note: string | null; by: string; at: Date; evaluation: unknown },
): Promise<boolean> {
  const ended = await execute(
    db,
    `update ab_tests
     set status = case when $2::text is null then 'closed' else 'decided' end, decision = $2, decision_note = $3,
       decided_by = $4, decided_at = $5, ended_at = $5, evaluation = $6
     where id = $1 and status = 'running'`,
    [id, end.decision, end.note, end.by, end.at, JSON.stringify(end.evaluation)],
  );
  return ended > 0;
}
