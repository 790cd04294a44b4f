/** From the comparisons of an A/B test to what they say. */
import type { AbTestEvaluation, VariantComparison } from './ab-test.js';
import type { AbTestPlan } from './ab-test-plan.js';

/**
 * `winner`: a variant beats the control; `control`: every variant does worse; `inconclusive`: the planned sample
 * is reached and decides nothing; `undecided`: it goes on; `withheld`: there is nothing to go by.
 */
export type Verdict = 'winner' | 'control' | 'inconclusive' | 'undecided' | 'withheld';

interface Standing {
  plan: AbTestPlan;
  control: string;
  /** Observations of the smallest arm. */
  fewest: number;
  leastPerArm: number;
  comparisons: readonly VariantComparison[];
  /** Variants beside the control; more than there are comparisons where nothing varies. */
  expectedComparisons: number;
  mismatch: boolean;
}

type Told = Pick<
  AbTestEvaluation,
  'verdict' | 'winner' | 'needed_per_variant' | 'withheld' | 'interpretation'
>;

export function verdictOf(standing: Standing): Told {
  const { plan, control, fewest, leastPerArm, comparisons } = standing;
  const needed = Math.max(0, Math.ceil(plan.plannedPerVariant - fewest));
  const withheld = (reason: string): Told => ({
    verdict: 'withheld',
    winner: null,
    needed_per_variant: needed,
    withheld: reason,
    interpretation: `No answer: ${reason}.`,
  });
  if (fewest < leastPerArm) return withheld(`needs ${leastPerArm - fewest} more for the smallest variant`);
  if (standing.mismatch) return withheld('the trials are not split as planned; find out why first');
  if (comparisons.length < standing.expectedComparisons) return withheld('the values do not vary');
  const sign = plan.goal === 'increase' ? 1 : -1;
  const told = { needed_per_variant: needed, withheld: null };
  const better = comparisons
    .filter(({ significant, difference }) => significant && sign * difference > 0)
    .sort((a, b) => sign * (b.difference - a.difference));
  const [best, second] = better;
  if (best !== undefined) {
    const others =
      second === undefined ? '' : ` So does “${second.variant}”; the two were not tested against each other.`;
    return {
      ...told,
      verdict: 'winner',
      winner: best.variant,
      interpretation: `“${best.variant}” beats the control by ${spokenInterval(best)}, however often one looked.${others}`,
    };
  }
  if (comparisons.every(({ significant, difference }) => significant && sign * difference < 0)) {
    return {
      ...told,
      verdict: 'control',
      winner: control,
      interpretation: `The control stands: every variant does worse than “${control}”.`,
    };
  }
  if (needed > 0) {
    return {
      ...told,
      verdict: 'undecided',
      winner: null,
      interpretation: `No winner yet: needs ${needed} more a variant.`,
    };
  }
  return {
    ...told,
    verdict: 'inconclusive',
    winner: null,
    interpretation: `No winner: the planned sample is reached, and a difference of ${spoken(plan.minimumEffect)} or more would probably have shown.`,
  };
}

function spokenInterval({ difference, interval: [low, high] }: VariantComparison): string {
  return `${spoken(difference)} (${spoken(low)} to ${spoken(high)})`;
}

function spoken(value: number): string {
  return String(Number(value.toPrecision(3)));
}
