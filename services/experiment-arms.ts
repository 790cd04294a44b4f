/** What each variant of an A/B test has shown so far, as the evaluation takes it. */
import type { Pool } from 'pg';
import { poolMoments } from '../analytics/ab-test-mean.js';
import type { AbTestArm } from '../analytics/ab-test.js';
import { mean, variance as varianceOf } from '../analytics/summary.js';
import {
  readAssignments,
  readObservations,
  type Experiment,
  type Observation,
} from '../store/experiments.js';
import { withEngagementRate } from './age-figures.js';
import { readEqualAgeValues } from './equal-age-values.js';

export interface ExperimentArms {
  arms: AbTestArm[];
  /** Assigned contents without a value at the age yet. */
  pending: number;
}

/** Recorded totals added up over their subjects, or the assigned contents' values at the age. */
export async function readArms(pool: Pool, test: Experiment): Promise<ExperimentArms> {
  if (test.ageDays !== null) return armsAtAge(pool, test, test.ageDays);
  const observations = await readObservations(pool, test.id);
  const arms = test.variants.map(({ name, isControl, share }): AbTestArm => {
    const variant = { name, isControl, share };
    const own = observations.filter(({ variant: other }) => other === name);
    return { ...variant, observed: test.kind === 'proportion' ? sharesOf(own) : meansOf(own) };
  });
  return { arms, pending: 0 };
}

function sharesOf(own: readonly Observation[]): AbTestArm['observed'] {
  if (own.length === 0) return null;
  const trials = own.reduce((sum, one) => sum + one.trials, 0);
  const successes = own.reduce((sum, one) => sum + (one.successes ?? 0), 0);
  return { kind: 'proportion', counts: { trials, successes } };
}

function meansOf(own: readonly Observation[]): AbTestArm['observed'] {
  const moments = poolMoments(
    own.map((one) => ({ trials: one.trials, mean: one.mean ?? 0, variance: one.variance ?? 0 })),
  );
  return moments === null ? null : { kind: 'mean', moments };
}

async function armsAtAge(pool: Pool, test: Experiment, ageDays: number): Promise<ExperimentArms> {
  const assignments = await readAssignments(pool, test.id);
  const ids = assignments.map(({ contentId }) => contentId);
  const values = await readEqualAgeValues(pool, ids, [ageDays], new AbortController().signal);
  const outcome = new Map(
    withEngagementRate(values)
      .filter(({ metric }) => metric === test.metric)
      .map(({ contentId, value }) => [contentId, value]),
  );
  const arms = test.variants.map(({ name, isControl, share }): AbTestArm => {
    const variant = { name, isControl, share };
    const own = Float64Array.from(
      assignments
        .filter(({ variant: other }) => other === name)
        .flatMap(({ contentId }) => outcome.get(contentId) ?? []),
    );
    if (own.length === 0) return { ...variant, observed: null };
    const moments = { trials: own.length, mean: mean(own), variance: own.length > 1 ? varianceOf(own) : 0 };
    return { ...variant, observed: { kind: 'mean', moments } };
  });
  return { arms, pending: ids.filter((id) => !outcome.has(id)).length };
}
