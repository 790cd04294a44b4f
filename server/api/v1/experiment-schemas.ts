import { z } from 'zod';
import { instant } from '../schemas/fields.js';

const figure = z.number().nullable();
const interval = z.tuple([z.number(), z.number()]);

export const experimentStatuses = ['running', 'decided', 'closed'] as const;
export const experimentSchema = z
  .object({
    id: z.int(),
    artist_id: z.int(),
    name: z.string(),
    hypothesis: z.string().nullable(),
    metric: z.string(),
    kind: z.enum(['proportion', 'mean']),
    outcome: z.enum(['recorded', 'equal_age']),
    age_days: z.int().nullable(),
    goal: z.enum(['increase', 'decrease']),
    alpha: z.number(),
    power: z.number(),
    baseline: z.number(),
    standard_deviation: figure,
    minimum_effect: z.number(),
    planned_per_variant: z.number(),
    status: z.enum(experimentStatuses),
    variants: z
      .array(
        z.object({
          name: z.string(),
          is_control: z.boolean(),
          share: z.number(),
          description: z.string().nullable(),
        }),
      )
      .describe('The control first.'),
    created_by: z.string(),
    started_at: instant,
    ended_at: instant.nullable(),
    decision: z.string().nullable().describe('The variant that was chosen.'),
    decision_note: z.string().nullable(),
    decided_by: z.string().nullable(),
  })
  .meta({ id: 'Experiment' });

export const evaluationSchema = z
  .object({
    experiment_id: z.int(),
    evaluated_at: instant,
    pending: z.int().describe('Assigned contents without a value at the age yet.'),
    method: z.string(),
    version: z.int(),
    parameters: z.record(z.string(), z.unknown()),
    points: z.number(),
    variants: z.array(
      z.object({
        variant: z.string(),
        is_control: z.boolean(),
        points: z.number(),
        estimate: figure,
        interval: interval.nullable(),
      }),
    ),
    comparisons: z.array(
      z.object({
        variant: z.string(),
        test: z.string(),
        difference: z.number(),
        interval,
        lift: figure,
        lift_interval: interval.nullable(),
        p_value: z.number(),
        always_valid_p: z.number().describe('Holds at any number of looks.'),
        adjusted_p: z.number().describe('It decides.'),
        significant: z.boolean(),
        information_fraction: z.number(),
        power: z.number(),
      }),
    ),
    sample_ratio: z.object({ statistic: z.number(), p_value: z.number(), mismatch: z.boolean() }).nullable(),
    verdict: z.enum(['winner', 'control', 'inconclusive', 'undecided', 'withheld']),
    winner: z.string().nullable(),
    needed_per_variant: z.number(),
    withheld: z.string().nullable(),
    interpretation: z.string(),
  })
  .meta({
    id: 'ExperimentEvaluation',
    description: 'The test as it stands; looking at it as often as one likes costs nothing.',
  });
