/** The choice among optimal segmentations: into levels or lines, and how many. */
import { segmentCosts, type SegmentModel } from './change-point-costs.js';
import { criteriaOf, parametersOfChange, residualsOf, squaresOf } from './change-point-criterion.js';
import { independentVariance } from './change-point-preparation.js';
import { segmentationPath } from './change-point-segmentation.js';

/**
 * What persists more than this is told as levels, as people see it, though a random walk could do it too;
 * the confidence, which knows of random walks, is low then. From .5 to .85 annotators agreed equally well.
 */
export const mostAutocorrelation = 0.8;

/** A penalty beyond the one for this autocorrelation is not asked about. */
const searchedAutocorrelation = 0.95;

export interface ChosenSegmentation {
  starts: number[];
  model: SegmentModel;
  penalty: number;
  /** Its criterion; less is better. */
  criterion: number;
  /** Of the segmentations seen, the best one where noise may be as persistent as a random walk. */
  overWalk: { starts: number[]; doubt: number };
}

/**
 * Of the optimal segmentations into levels and into lines the one of the least criterion. The least penalty is
 * the one for independent noise, and no less than log n of what one segment leaves: a change has to be seen
 * in the whole, too.
 */
export function chooseSegmentation(
  standard: readonly Float64Array[],
  minSegment: number,
  models: readonly SegmentModel[],
): ChosenSegmentation {
  const n = standard[0]!.length;
  const costs = segmentCosts(standard);
  const independent = standard.reduce((sum, one) => sum + independentVariance(one), 0) / standard.length;
  const inflation =
    (1 + searchedAutocorrelation) / (1 - searchedAutocorrelation) / (1 - searchedAutocorrelation);
  let best = { starts: [] as number[], model: models[0]!, penalty: 0, overWalk: 0 };
  let least = Number.POSITIVE_INFINITY;
  let onWalk = { starts: [] as number[], criterion: Number.POSITIVE_INFINITY };
  for (const model of models) {
    const whole = standard.reduce((sum, one) => sum + squaresOf(residualsOf(one, [], model)), 0);
    const perChange = independent * parametersOfChange(model, standard.length) * Math.log(n);
    const penalty = Math.max(perChange, (whole / n) * Math.log(n));
    const unchanged = { starts: [], cost: whole };
    const range = { low: penalty, high: perChange * inflation, unchanged, toBeat: least };
    segmentationPath(costs, model, minSegment, range, ({ starts }) => {
      const { told, overWalk } = criteriaOf(standard, starts, model, mostAutocorrelation);
      if (told < least) {
        least = told;
        best = { starts, model, penalty, overWalk };
      }
      if (overWalk < onWalk.criterion) onWalk = { starts, criterion: overWalk };
      return told;
    });
  }
  const { starts, model, penalty, overWalk } = best;
  const doubt = Math.exp((onWalk.criterion - overWalk) / 2);
  return { starts, model, penalty, criterion: least, overWalk: { starts: onWalk.starts, doubt } };
}
