/** Power of a comparison, and how many observations a power needs. */
import { normalQuantile, normalSf, studentQuantile } from './distributions.js';
import { noncentralTTwoSided } from './noncentral-t.js';

/** Past it no test of anybody's ends, and whole numbers lose their steps. */
const mostPerArm = 1e12;

export interface ProportionDesign {
  control: number;
  variant: number;
  /** Two-sided. */
  level: number;
}

/**
 * Power of the pooled z test of two proportions, the error pooled where there is no difference and apart where
 * there is one (Fleiss, Levin & Paik 2003, 4.2), both tails counted.
 */
export function powerOfProportions(design: ProportionDesign, nControl: number, nVariant: number): number {
  const { control, variant, level } = design;
  const pooled = (control * nControl + variant * nVariant) / (nControl + nVariant);
  const none = Math.sqrt(pooled * (1 - pooled) * (1 / nControl + 1 / nVariant));
  const some = Math.sqrt((control * (1 - control)) / nControl + (variant * (1 - variant)) / nVariant);
  const reach = -normalQuantile(level / 2) * none;
  const difference = variant - control;
  if (!(some > 0)) return Math.abs(difference) > reach ? 1 : level;
  return normalSf((reach - difference) / some) + normalSf((reach + difference) / some);
}

export interface MeanDesign {
  /** Difference of the means over the standard deviation within an arm (Cohen's d). */
  effectSize: number;
  /** Two-sided. */
  level: number;
}

/**
 * Power of the t test of two means of equal variance, by the noncentral t distribution; arms of two or more,
 * whole or not.
 */
export function powerOfMeans({ effectSize, level }: MeanDesign, nControl: number, nVariant: number): number {
  const df = nControl + nVariant - 2;
  const shift = effectSize / Math.sqrt(1 / nControl + 1 / nVariant);
  return noncentralTTwoSided(-studentQuantile(level / 2, df), df, shift);
}

/** The smallest whole number an arm, equal arms, at which the power is reached. @throws RangeError past 10^12 */
export function sampleSizeOfProportions(design: ProportionDesign, power: number): number {
  return smallestReaching((n) => powerOfProportions(design, n, n) >= power);
}

/** The smallest whole number an arm, equal arms, at which the power is reached. @throws RangeError past 10^12 */
export function sampleSizeOfMeans(design: MeanDesign, power: number): number {
  // Student's and the normal quantile differ by nothing there, and the series would be long.
  const z = -normalQuantile(design.level / 2) + normalQuantile(power);
  const large = 2 * (z / design.effectSize) ** 2;
  if (large > 1e6) return Math.ceil(large + normalQuantile(design.level / 2) ** 2 / 4);
  return smallestReaching((n) => powerOfMeans(design, n, n) >= power);
}

function smallestReaching(reaches: (n: number) => boolean): number {
  let low = 1;
  let high = 2;
  while (!reaches(high)) {
    low = high;
    high *= 2;
    if (high > mostPerArm) throw new RangeError('No number of observations that anybody collects tells this');
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (reaches(middle)) high = middle;
    else low = middle;
  }
  return high;
}
