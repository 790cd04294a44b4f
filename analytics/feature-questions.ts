/** The questions that a table's features ask of each outcome, and when there is too little to ask. */
import type { CorrelationMethod } from '../contracts/correlation-models.js';
import { indicatorOf } from './confounding.js';
import type { FeatureTable } from './feature-table.js';
import {
  circle,
  leastPerLevel,
  testCircle,
  testLevel,
  testLevels,
  testNumber,
  type FeatureTest,
} from './feature-tests.js';

/** A question put to every outcome. */
export interface Question {
  feature: string;
  /** The method that it is withheld under where nothing was tested. */
  method: CorrelationMethod;
  /** The feature's columns in a regression. */
  columns: Float64Array[];
  /** An indicator a level that must have enough contents; none for numbers. */
  levels: readonly Float64Array[];
  test(y: Float64Array, used: readonly boolean[]): FeatureTest | null;
}

/** Every question of every feature; a level of a category is `format=short`. */
export function* questionsOf(table: FeatureTable): Generator<Question> {
  for (const [feature, x] of table.numeric) {
    if (isBinary(x)) {
      yield levelQuestion(feature, x);
      continue;
    }
    const ofPairs = (byRank: boolean): Question => ({
      ...{ feature, method: byRank ? 'spearman' : 'pearson', columns: [x], levels: [] },
      test: (y, used) => testNumber(kept(x, used), kept(y, used), byRank),
    });
    yield ofPairs(false);
    yield ofPairs(true);
    const period = table.circular.get(feature);
    if (period === undefined) continue;
    yield {
      ...{ feature, method: 'circular-linear', columns: circle(x, (2 * Math.PI) / period), levels: [] },
      test: (y, used) => testCircle(kept(x, used), kept(y, used), period),
    };
  }
  for (const [feature, levels] of table.categorical) {
    const distinct = Array.from(new Set(levels.filter((level) => level !== null))).sort();
    const counted = distinct.filter((level) => levels.filter((one) => one === level).length >= leastPerLevel);
    if (distinct.length > 2 && counted.length > 2) yield levelsQuestion(feature, levels, counted);
    // One level of two: the other asks the same.
    for (const level of distinct.length === 2 ? distinct.slice(1) : distinct) {
      yield levelQuestion(`${feature}=${level}`, indicatorOf(levels, level));
    }
  }
}

function levelQuestion(feature: string, x: Float64Array): Question {
  const level = feature.split('=').slice(1).join('=') || feature;
  return {
    ...{ feature, method: 'welch-t', columns: [x], levels: [x, x.map((value) => 1 - value)] },
    test: (y, used) => testLevel(kept(x, used), kept(y, used), [level, `not ${level}`]),
  };
}

/** All levels at once; contents of rarer levels take no part. */
function levelsQuestion(
  feature: string,
  levels: readonly (string | null)[],
  counted: readonly string[],
): Question {
  const known = levels.map((level) => (level !== null && counted.includes(level) ? level : null));
  const indicators = counted.map((level) => indicatorOf(known, level));
  return {
    ...{ feature, method: 'welch-anova', columns: indicators.slice(1), levels: indicators },
    test(y, used) {
      return testLevels(
        counted,
        indicators.map((x) => y.filter((_, i) => used[i]! && x[i] === 1)),
      );
    },
  };
}

/** Whether the feature of a row is known. */
export function isKnown({ columns }: Question, row: number): boolean {
  return columns.every((column) => Number.isFinite(column[row]!));
}

function kept(values: Float64Array, used: readonly boolean[]): Float64Array {
  return values.filter((_, i) => used[i]!);
}

/** Both 0 and 1 occur, and nothing else. */
function isBinary(x: Float64Array): boolean {
  return (
    x.includes(0) && x.includes(1) && x.every((value) => Number.isNaN(value) || value === 0 || value === 1)
  );
}

/** Why a question is not put to an outcome; null where it is. */
export function reasonToWithhold(
  { columns, levels }: Question,
  y: Float64Array,
  used: readonly boolean[],
  minContents: number,
): string | null {
  const outcomes = kept(y, used);
  const n = outcomes.length;
  if (n < minContents) {
    const missing = minContents - n;
    return `needs ${missing} more ${missing === 1 ? 'content' : 'contents'}`;
  }
  const isConstant = (values: Float64Array): boolean => values.every((value) => value === values[0]);
  if (columns.every((column) => isConstant(kept(column, used)))) {
    return `the feature is the same in all ${n} contents`;
  }
  if (isConstant(outcomes)) return `the outcome is the same in all ${n} contents`;
  const fewest = Math.min(...levels.map((x) => kept(x, used).reduce((sum, value) => sum + value, 0)));
  if (fewest >= leastPerLevel) return null;
  return levels.length === 2
    ? `only ${fewest} of ${n} contents on one side`
    : `only ${fewest} of ${n} contents of one level`;
}
