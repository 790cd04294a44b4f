/** What makes an A/B test and its observations, and what does not. */
import { faultOfAims, planSample, type AbTestAims } from '../analytics/ab-test-plan.js';
import type { Experiment, NewExperiment } from '../store/experiments.js';
import { BadInputError } from './bad-input.js';
import type { ExperimentDefinition, ExperimentObservation } from './experiment-models.js';

/** The test of a definition with its planned sample. @throws BadInputError where it makes none */
export function plannedExperiment(
  definition: ExperimentDefinition,
  by: string,
  startedAt: Date,
): NewExperiment {
  const { kind, variants, ageDays = null, standardDeviation = null, hypothesis = null } = definition;
  const { goal = 'increase', alpha = 0.05, power = 0.8, baseline, minimumEffect, artistId } = definition;
  const names = variants.map((variant) => requireText(variant.name, 'A variant has a name.'));
  if (names.length < 2) throw new BadInputError('A test has a control and at least one variant beside it.');
  if (new Set(names).size < names.length) throw new BadInputError('Two variants have the same name.');
  if (!variants.every(({ share = 1 }) => share > 0 && Number.isFinite(share))) {
    throw new BadInputError('The share of a variant is a number above 0.');
  }
  if (ageDays !== null && (kind !== 'mean' || !Number.isInteger(ageDays) || ageDays < 1)) {
    throw new BadInputError('Values at equal age are means, at a whole number of days from 1 on.');
  }
  const aims: AbTestAims = { kind, goal, alpha, power, baseline, standardDeviation, minimumEffect };
  const fault = faultOfAims(aims);
  if (fault !== null) throw new BadInputError(`No test can be planned: ${fault}.`);
  return {
    ...{ ...aims, artistId, hypothesis, ageDays, startedAt },
    name: requireText(definition.name, 'A test has a name.'),
    metric: requireText(definition.metric, 'A test is of a metric.'),
    createdBy: requireText(by, 'A test names whoever defined it.'),
    outcome: ageDays === null ? 'recorded' : 'equal_age',
    plannedPerVariant: samplePlanned(aims, names.length - 1),
    variants: variants.map(({ share = 1, description = null }, i) => ({
      ...{ name: names[i]!, isControl: i === 0, share, description },
    })),
  };
}

/** The text without the blanks around it. @throws BadInputError, in the words given, where nothing is left */
export function requireText(text: string, otherwise: string): string {
  const trimmed = text.trim();
  if (trimmed === '') throw new BadInputError(otherwise);
  return trimmed;
}

/** @throws BadInputError for a variant that the test lacks */
export function requireVariant(test: Experiment, variant: string): void {
  const names = test.variants.map(({ name }) => name);
  if (!names.includes(variant)) {
    throw new BadInputError(`“${test.name}” has no variant “${variant}”: give one of ${names.join(', ')}.`);
  }
}

function samplePlanned(aims: AbTestAims, comparisons: number): number {
  try {
    return planSample(aims, comparisons).perVariant;
  } catch (error) {
    throw new BadInputError(`No test can be planned: ${(error as Error).message}.`, { cause: error });
  }
}

/** Why totals make no observation of the kind; null where they do. */
export function faultOfObservation(
  kind: Experiment['kind'],
  { trials, successes = -1, mean = Number.NaN, variance = -1 }: ExperimentObservation,
): string | null {
  if (kind === 'proportion') {
    const counted = Number.isSafeInteger(trials) && Number.isSafeInteger(successes);
    return counted && successes >= 0 && successes <= trials
      ? null
      : 'A proportion has whole trials and successes, the latter no more than the former.';
  }
  if (!Number.isSafeInteger(trials) || trials < 1) return 'A mean is of one observation or more.';
  return Number.isFinite(mean) && Number.isFinite(variance) && variance >= 0
    ? null
    : 'A mean comes with its variance, which is not negative.';
}
