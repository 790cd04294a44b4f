import { describe, expect, it } from 'vitest';
import { crossProducts, elasticNet, penaltyPath, without } from '../../../analytics/elastic-net.js';
import { designOf, normalScores, standardised } from '../../../analytics/feature-design.js';
import { featureImportance } from '../../../analytics/feature-importance.js';
import type { FeatureTable } from '../../../analytics/feature-table.js';
import { expectClose, readGolden } from './golden.js';
import { gaussian, seeded } from './random.js';

interface Golden {
  x: number[][];
  y: number[];
  fits: { penalty: number; beta: number[] }[];
}
const golden = readGolden('elastic-net') as Golden;

/** Of eleven features `strong` matters most, `weak` a little, the rest not at all. */
function generated(n: number, seed: number): FeatureTable {
  const uniform = seeded(seed);
  const normal = gaussian(uniform);
  const column = (): Float64Array => Float64Array.from({ length: n }, () => normal());
  const numeric = new Map([
    ['strong', column()],
    ['weak', column()],
    ['publish_hour', Float64Array.from({ length: n }, () => Math.floor(24 * uniform()))],
  ]);
  for (let i = 0; i < 7; i++) numeric.set(`null ${i}`, column());
  const format = Array.from({ length: n }, () => (uniform() < 0.4 ? 'short' : 'long'));
  const views = Float64Array.from({ length: n }, (_, i) =>
    Math.exp(7 + 1.1 * numeric.get('strong')![i]! + 0.5 * numeric.get('weak')![i]! + 0.6 * normal()),
  );
  return {
    contentIds: Array.from({ length: n }, (_, i) => i),
    numeric,
    categorical: new Map([['format', format]]),
    circular: new Map([['publish_hour', 24]]),
    outcomes: new Map([['views', views]]),
    ageDays: Float64Array.from({ length: n }, () => 400 * uniform()),
  };
}

describe('the elastic net against scikit-learn', () => {
  it('finds the same coefficients', () => {
    const columns = golden.x.map((column) => Float64Array.from(column));
    const y = Float64Array.from(golden.y);
    const products = crossProducts(columns, y, Int32Array.from(y.keys()));
    for (const { penalty, beta } of golden.fits) {
      elasticNet(products, penalty).forEach((value, i) => expectClose(value, beta[i]!, 1e-10, 1));
    }
  });

  it('leaves everything out at the head of the path, and less and less along it', () => {
    const columns = golden.x.map((column) => Float64Array.from(column));
    const y = Float64Array.from(golden.y);
    const products = crossProducts(columns, y, Int32Array.from(y.keys()));
    const counts = penaltyPath(products).map(
      (penalty) => elasticNet(products, penalty).filter((value) => value !== 0).length,
    );
    expect(counts[0]).toBe(0);
    expect(counts.at(-1)).toBeGreaterThan(3);
  });

  it('takes rows out of products as if they had never been in', () => {
    const columns = golden.x.map((column) => Float64Array.from(column));
    const y = Float64Array.from(golden.y);
    const rows = Int32Array.from(y.keys());
    const rest = without(
      crossProducts(columns, y, rows),
      crossProducts(
        columns,
        y,
        rows.filter((row) => row % 4 === 0),
      ),
    );
    const straight = crossProducts(
      columns,
      y,
      rows.filter((row) => row % 4 !== 0),
    );
    expect(rest.rows).toBe(straight.rows);
    rest.xx.forEach((value, i) => expectClose(value, straight.xx[i]!, 1e-10, 1));
  });
});

describe('feature importance', () => {
  it('orders features by what the model loses without them', () => {
    const { results, withheld } = featureImportance(generated(120, 5));
    expect(withheld).toEqual([]);
    expect(results.slice(0, 2).map(({ feature }) => feature)).toEqual(['strong', 'weak']);
    const [strong, weak] = results;
    expect(strong!.important).toBe(true);
    expect(weak!.important).toBe(true);
    expect(strong!.parameters.model_r_squared).toBeGreaterThan(0.6);
    for (const { importance, confidence_interval, sample_size } of results) {
      expect(confidence_interval[0]).toBeLessThanOrEqual(importance);
      expect(confidence_interval[1]).toBeGreaterThanOrEqual(importance);
      expect(sample_size).toBe(120);
    }
  });

  it('is the same with the same seed, and with any increasing scale of the outcome', () => {
    const table = generated(60, 8);
    const once = featureImportance(table, { seed: 4 });
    expect(featureImportance(table, { seed: 4 })).toEqual(once);
    const logs = new Map([['views', table.outcomes.get('views')!.map(Math.log)]]);
    expect(featureImportance({ ...table, outcomes: logs }, { seed: 4 })).toEqual(once);
    const other = featureImportance(table, { seed: 5 }).results[0]!;
    expect(other.importance).not.toBe(once.results[0]!.importance);
    expect(other.feature).toBe(once.results[0]!.feature);
  });

  it('calls few of the features important that are not', () => {
    let called = 0;
    for (let seed = 1; seed <= 20; seed++) {
      const { results } = featureImportance(generated(40, seed));
      called += results.filter(({ feature, important }) => important && feature.startsWith('null')).length;
    }
    // 140 in all; an interval of 95 % on one side would let 3 or 4 through.
    expect(called).toBeLessThanOrEqual(7);
  });

  it('is withheld with too few contents, a constant outcome, and where nothing is predicted', () => {
    const reason = (table: FeatureTable): string => featureImportance(table).withheld[0]!.withheld;
    expect(reason(generated(19, 1))).toBe('needs 1 more content');
    const flat = generated(30, 1);
    flat.outcomes.set('views', new Float64Array(30).fill(7));
    expect(reason(flat)).toBe('the outcome is the same in all 30 contents');
    const chance = generated(40, 3);
    const normal = gaussian(seeded(1234));
    chance.outcomes.set(
      'views',
      Float64Array.from({ length: 40 }, () => normal()),
    );
    expect(reason(chance)).toMatch(
      /^the features together do not predict it \(R² -?0\.\d\d ± 0\.\d\d out of sample\)$/,
    );
    expect(featureImportance({ ...generated(0, 1), outcomes: new Map() })).toEqual({
      results: [],
      withheld: [],
    });
  });
});

describe('the design of a regression', () => {
  it('has a column a level, two an hour and none for what does not vary', () => {
    const table = generated(30, 2);
    table.numeric.set('constant', new Float64Array(30).fill(3));
    const design = designOf(
      table,
      Int32Array.from({ length: 30 }, (_, i) => i),
    );
    const columnsOf = (feature: string): number | undefined =>
      design.find((group) => group.feature === feature)?.columns.length;
    expect(columnsOf('format')).toBe(2);
    expect(columnsOf('publish_hour')).toBe(2);
    expect(columnsOf('constant')).toBeUndefined();
    expect(columnsOf('content_age')).toBe(2);
  });

  it('scores ranks as normal and puts gaps at the mean', () => {
    const scores = normalScores(new Float64Array([3, 1, NaN, 2, 2]));
    expectClose(scores[0]!, 1.0491313979639725, 1e-12);
    expect(scores[2]).toBeNaN();
    expect(scores[3]).toBe(scores[4]);
    const unit = standardised(new Float64Array([1e8 + 1, 1e8 + 2, NaN, 1e8 + 3]))!;
    expect(Array.from(unit)).toEqual([-1, 0, 0, 1]);
    expect(standardised(new Float64Array([5, 5, 5]))).toBeNull();
  });
});
