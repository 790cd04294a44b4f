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
  test(y: Float64Array, rows: Int32Array): FeatureTest | null;
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
      test: (y, rows) => testNumber(kept(x, rows), kept(y, rows), byRank),
    });
    yield ofPairs(false);
    yield ofPairs(true);
    const period = table.circular.get(feature);
    if (period === undefined) continue;
    yield {
      ...{ feature, method: 'circular-linear', columns: circle(x, (2 * Math.PI) / period), levels: [] },
      test: (y, rows) => testCircle(kept(x, rows), kept(y, rows), period),
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
    test: (y, rows) => testLevel(kept(x, rows), kept(y, rows), [level, `not ${level}`]),
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
    test(y, rows) {
      return testLevels(
        counted,
        indicators.map((x) =>
          kept(
            y,
            rows.filter((row) => x[row] === 1),
          ),
        ),
      );
    },
  };
}

/** The contents of which both the feature and the outcome are known. */
export function rowsOf({ columns }: Question, y: Float64Array): Int32Array {
  const rows = new Int32Array(y.length);
  let count = 0;
  for (let i = 0; i < y.length; i++) {
    if (Number.isFinite(y[i]!) && columns.every((column) => Number.isFinite(column[i]!))) rows[count++] = i;
  }
  return rows.slice(0, count);
}

function kept(values: Float64Array, rows: Int32Array): Float64Array {
  const result = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) result[i] = values[rows[i]!]!;
  return result;
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
  rows: Int32Array,
  minContents: number,
): string | null {
  const outcomes = kept(y, rows);
  const n = outcomes.length;
  if (n < minContents) {
    const missing = minContents - n;
    return `needs ${missing} more ${missing === 1 ? 'content' : 'contents'}`;
  }
  const isConstant = (values: Float64Array): boolean => values.every((value) => value === values[0]);
  if (columns.every((column) => isConstant(kept(column, rows)))) {
    return `the feature is the same in all ${n} contents`;
  }
  if (isConstant(outcomes)) return `the outcome is the same in all ${n} contents`;
  const fewest = Math.min(...levels.map((x) => kept(x, rows).reduce((sum, value) => sum + value, 0)));
  if (fewest >= leastPerLevel) return null;
  return levels.length === 2
    ? `only ${fewest} of ${n} contents on one side`
    : `only ${fewest} of ${n} contents of one level`;
}
