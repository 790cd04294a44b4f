/** A/B tests as the library takes and tells them. */
import type { AbTestEvaluation } from '../analytics/ab-test.js';
import type { Experiment, ExperimentStatus } from '../store/experiments.js';

export interface ExperimentDefinition {
  artistId: number;
  name: string;
  hypothesis?: string | null;
  metric: string;
  kind: 'proportion' | 'mean';
  /** The first is the control; shares are relative to each other, 1 unless told. */
  variants: readonly { name: string; share?: number; description?: string | null }[];
  /** The control's share or mean, as far as it is known. */
  baseline: number;
  /** Of a single observation; a mean needs it. */
  standardDeviation?: number | null;
  /** The smallest difference that matters, in the metric's unit. */
  minimumEffect: number;
  goal?: 'increase' | 'decrease';
  /** 0.05 unless told. */
  alpha?: number;
  /** 0.8 unless told. */
  power?: number;
  /** Takes the outcome from the assigned contents' values at this age; none takes recorded totals. */
  ageDays?: number | null;
}

/** Totals of a variant so far, of all trials or of one release's or content's. */
export interface ExperimentObservation {
  /** Trials, or observations behind a mean. */
  trials: number;
  /** Of a proportion. */
  successes?: number;
  /** Of a mean. */
  mean?: number;
  variance?: number;
  releaseId?: number;
  /** A content by its key or the platform's id. */
  contentId?: string;
}

export interface ToldExperiment {
  id: number;
  artist_id: number;
  name: string;
  hypothesis: string | null;
  metric: string;
  kind: 'proportion' | 'mean';
  outcome: 'recorded' | 'equal_age';
  age_days: number | null;
  goal: 'increase' | 'decrease';
  alpha: number;
  power: number;
  baseline: number;
  standard_deviation: number | null;
  minimum_effect: number;
  planned_per_variant: number;
  status: ExperimentStatus;
  /** The control first. */
  variants: { name: string; is_control: boolean; share: number; description: string | null }[];
  created_by: string;
  /** ISO instants. */
  started_at: string;
  ended_at: string | null;
  /** The variant that was chosen. */
  decision: string | null;
  decision_note: string | null;
  /** Who ended it, with or without a decision. */
  decided_by: string | null;
}

export interface ExperimentEvaluation extends AbTestEvaluation {
  experiment_id: number;
  /** ISO instant. */
  evaluated_at: string;
  /** Assigned contents without a value at the age yet. */
  pending: number;
}

export function toldExperiment(test: Experiment): ToldExperiment {
  const { id, name, hypothesis, metric, kind, outcome, goal, alpha, power, baseline, status, decision } =
    test;
  return {
    ...{ id, artist_id: test.artistId, name, hypothesis, metric, kind, outcome, age_days: test.ageDays },
    ...{ goal, alpha, power, baseline, standard_deviation: test.standardDeviation },
    ...{ minimum_effect: test.minimumEffect, planned_per_variant: test.plannedPerVariant, status },
    variants: test.variants.map(({ isControl, ...variant }) => ({ ...variant, is_control: isControl })),
    created_by: test.createdBy,
    started_at: test.startedAt.toISOString(),
    ended_at: test.endedAt?.toISOString() ?? null,
    ...{ decision, decision_note: test.decisionNote, decided_by: test.decidedBy },
  };
}
