/** Whether the same outcome at the same age differs between platforms, and between which. */
import { platformName } from '../contracts/vocabulary.js';
import type {
  AssociationGroup,
  CorrelationMethod,
  EffectSize,
  TestStatistic,
} from '../contracts/correlation-models.js';
import { adjustPValues, formatP, spoken } from './correlation.js';
import { studentQuantile, studentTwoSided } from './distributions.js';
import { leastPerLevel, testLevel, testLevels, type FeatureTest } from './feature-tests.js';
import { mean, variance } from './summary.js';

const differenceVersion = 1;

export interface PlatformValue {
  platform: string;
  /** Contents of the same release are paired; null for none. */
  releaseId: number | null;
  metric: string;
  value: number;
}

/** The same releases on both platforms: the mean ratio of their values (geometric), and its t test. */
export interface PairedRatio {
  releases: number;
  /** 1.3: the first platform has 30 % more. */
  ratio: number;
  confidence_interval: [low: number, high: number];
  p_value: number;
}

export interface PlatformPair {
  platforms: [first: string, second: string];
  method: CorrelationMethod;
  statistic: TestStatistic;
  p_value: number;
  /** Holm's over the metric's pairs. */
  adjusted_p_value: number;
  significant: boolean;
  effect_sizes: EffectSize[];
  /** Null where fewer than ten releases have a positive value on both. */
  paired: PairedRatio | null;
}

export interface PlatformDifference {
  metric: string;
  method: CorrelationMethod;
  version: number;
  statistic: TestStatistic;
  parameters: Record<string, number | string>;
  p_value: number;
  /** Benjamini and Hochberg's over the metrics. */
  adjusted_p_value: number;
  significance_level: number;
  significant: boolean;
  sample_size: number;
  groups: AssociationGroup[];
  effect_sizes: EffectSize[];
  pairs: PlatformPair[];
  interpretation: string;
}

export interface WithheldDifference {
  metric: string;
  version: number;
  sample_size: number;
  withheld: string;
}

export interface PlatformDifferences {
  /** By adjusted p. */
  results: PlatformDifference[];
  withheld: WithheldDifference[];
}

/** Releases on both platforms below which their ratio is not told. */
const leastPaired = 10;

/**
 * Compares each metric between the platforms with at least three contents: two by Welch's t, more by Welch's
 * analysis of variance, small or unequal ones by Kruskal and Wallis; every pair besides, adjusted by Holm (1979).
 */
export function platformDifferences(
  values: readonly PlatformValue[],
  options: { minContents?: number; significanceLevel?: number } = {},
): PlatformDifferences {
  const minContents = options.minContents ?? 10;
  const level = options.significanceLevel ?? 0.05;
  const withheld: WithheldDifference[] = [];
  const asked: { metric: string; of: PlatformValue[]; platforms: string[]; test: FeatureTest }[] = [];
  for (const metric of Array.from(new Set(values.map((one) => one.metric))).sort()) {
    const known = values.filter((one) => one.metric === metric && Number.isFinite(one.value));
    const platforms = Array.from(new Set(known.map(({ platform }) => platform)))
      .filter((platform) => valuesOn(known, platform).length >= leastPerLevel)
      .sort();
    const of = known.filter(({ platform }) => platforms.includes(platform));
    const withhold = (reason: string): void => {
      withheld.push({ metric, version: differenceVersion, sample_size: of.length, withheld: reason });
    };
    if (platforms.length < 2) withhold(`fewer than two platforms have ${leastPerLevel} contents`);
    else if (of.length < minContents) {
      const missing = minContents - of.length;
      withhold(`needs ${missing} more ${missing === 1 ? 'content' : 'contents'}`);
    } else {
      const groups = platforms.map((platform) => valuesOn(of, platform));
      const test = platforms.length === 2 ? testPair(platforms, groups) : testLevels(platforms, groups);
      if (test === null) withhold(`the outcome is the same in all ${of.length} contents`);
      else asked.push({ metric, of, platforms, test });
    }
  }
  const adjusted = adjustPValues(asked.map(({ test }) => Math.exp(test.ln_p)));
  const results = asked.map(({ metric, of, platforms, test }, i): PlatformDifference => {
    const significant = adjusted[i]! < level;
    return {
      ...{ metric, method: test.method, version: differenceVersion, statistic: test.statistic },
      ...{ parameters: test.parameters, p_value: Math.exp(test.ln_p), adjusted_p_value: adjusted[i]! },
      ...{ significance_level: level, significant, sample_size: test.n, groups: test.groups },
      effect_sizes: test.effectSizes,
      pairs: pairsOf(of, platforms, level),
      interpretation: interpret(metric, test, adjusted[i]!, significant),
    };
  });
  results.sort((a, b) => a.adjusted_p_value - b.adjusted_p_value || (a.metric < b.metric ? -1 : 1));
  return { results, withheld };
}

function valuesOn(values: readonly PlatformValue[], platform: string): Float64Array {
  return Float64Array.from(
    values.filter((one) => one.platform === platform),
    ({ value }) => value,
  );
}

function testPair(names: readonly string[], [a, b]: readonly Float64Array[]): FeatureTest | null {
  const indicator = Float64Array.from([...a!.map(() => 1), ...b!.map(() => 0)]);
  return testLevel(indicator, Float64Array.from([...a!, ...b!]), [names[0]!, names[1]!]);
}

function pairsOf(of: readonly PlatformValue[], platforms: readonly string[], level: number): PlatformPair[] {
  const found = platforms.flatMap((first, i) =>
    platforms.slice(i + 1).flatMap((second) => {
      const test = testPair([first, second], [valuesOn(of, first), valuesOn(of, second)]);
      return test === null ? [] : [{ first, second, test }];
    }),
  );
  const adjusted = holm(found.map(({ test }) => Math.exp(test.ln_p)));
  return found.map(({ first, second, test }, i) => ({
    platforms: [first, second],
    ...{ method: test.method, statistic: test.statistic, p_value: Math.exp(test.ln_p) },
    ...{ adjusted_p_value: adjusted[i]!, significant: adjusted[i]! < level },
    effect_sizes: test.effectSizes,
    paired: pairedRatio(of, first, second),
  }));
}

/** Holm's (1979) step-down adjustment: the chance of one false finding among all of them. */
export function holm(p: readonly number[]): number[] {
  const order = Array.from(p.keys()).sort((i, j) => p[i]! - p[j]!);
  const adjusted = p.map(() => Number.NaN);
  let greatest = 0;
  order.forEach((index, position) => {
    greatest = Math.min(1, Math.max(greatest, p[index]! * (order.length - position)));
    adjusted[index] = greatest;
  });
  return adjusted;
}

/** What differs between releases drops out: each is compared with itself. */
function pairedRatio(of: readonly PlatformValue[], first: string, second: string): PairedRatio | null {
  const byRelease = (platform: string): Map<number, number> => {
    const largest = new Map<number, number>();
    for (const one of of) {
      if (one.platform !== platform || one.releaseId === null || !(one.value > 0)) continue;
      largest.set(one.releaseId, Math.max(one.value, largest.get(one.releaseId) ?? 0));
    }
    return largest;
  };
  const others = byRelease(second);
  const logs = Float64Array.from(
    Array.from(byRelease(first)).flatMap(([release, value]) => {
      const other = others.get(release);
      return other === undefined ? [] : [Math.log(value / other)];
    }),
  );
  const n = logs.length;
  const error = Math.sqrt(variance(logs) / n);
  if (n < leastPaired || !(error > 0)) return null;
  const centre = mean(logs);
  const reach = studentQuantile(0.975, n - 1) * error;
  return {
    releases: n,
    ratio: Math.exp(centre),
    confidence_interval: [Math.exp(centre - reach), Math.exp(centre + reach)],
    p_value: studentTwoSided(centre / error, n - 1),
  };
}

function interpret(metric: string, test: FeatureTest, adjustedP: number, significant: boolean): string {
  const figures = `(n = ${test.n}, adjusted p ${formatP(adjustedP)})`;
  const subject = spoken(metric);
  if (!significant) return `No clear difference in ${subject} between platforms ${figures}.`;
  const ordered = [...test.groups].sort((a, b) => b.median - a.median);
  const [best, last] = [ordered[0]!, ordered.at(-1)!];
  return `The median of ${subject} is highest on ${platformName(best.level)} and lowest on ${platformName(last.level)} ${figures}; the contents may differ in more than the platform.`;
}
