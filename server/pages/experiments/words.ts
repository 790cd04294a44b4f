/** Experiments in words and units. */
import type { ExperimentEvaluation, ToldExperiment } from '../../../services/experiment-models.js';
import { figure, percent, signed } from '../parts/figures.js';

export const statusWords: Readonly<Record<ToldExperiment['status'], string>> = {
  running: 'Running',
  decided: 'Decided',
  closed: 'Closed',
};

export const kindWords: Readonly<Record<ToldExperiment['kind'], string>> = {
  proportion: 'A share, such as clicks of impressions',
  mean: 'A mean, such as minutes watched',
};

export const goalWords: Readonly<Record<ToldExperiment['goal'], string>> = {
  increase: 'More is better',
  decrease: 'Less is better',
};

export const verdictWords: Readonly<Record<ExperimentEvaluation['verdict'], string>> = {
  winner: 'A variant wins',
  control: 'The control stands',
  inconclusive: 'No winner',
  undecided: 'No winner yet',
  withheld: 'No answer',
};

/** A share as a percentage; a mean with as many decimals as it is small. */
export function estimateText(kind: ToldExperiment['kind'], value: number | null): string {
  return kind === 'proportion' ? percent(value, 2) : figure(value, decimalsOf(value));
}

/** A difference with its sign; of shares in percentage points. */
export function differenceText(kind: ToldExperiment['kind'], value: number): string {
  return kind === 'proportion' ? `${signed(value * 100, 2)} points` : signed(value, decimalsOf(value));
}

/** A difference of shares without its sign. */
export function pointsText(difference: number): string {
  const points = figure(difference * 100, 3);
  return `${points} percentage ${points === '1' ? 'point' : 'points'}`;
}

export function signedPercent(fraction: number | null): string {
  return fraction !== null && fraction > 0 ? `+${percent(fraction)}` : percent(fraction);
}

function decimalsOf(value: number | null): number {
  const size = Math.abs(value ?? 0);
  return size >= 100 ? 1 : size >= 1 ? 2 : 4;
}
