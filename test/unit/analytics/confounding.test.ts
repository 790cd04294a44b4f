import { describe, expect, it } from 'vitest';
import { confoundersOf } from '../../../analytics/confounding.js';
import { correlateFeatures, type FeatureAssociation } from '../../../analytics/feature-correlation.js';
import type { FeatureTable } from '../../../analytics/feature-table.js';
import type { Confounder, PartialCorrelation } from '../../../contracts/correlation-models.js';
import { gaussian, seeded } from './random.js';

type Kind = 'age' | 'format' | 'both' | 'true';

/** A feature that goes with age or format or neither, and an outcome that age and format multiply. */
function generated(kind: Kind, n: number, seed: number): FeatureTable {
  const uniform = seeded(seed);
  const normal = gaussian(uniform);
  const ageDays = Float64Array.from({ length: n }, () => 10 + 700 * uniform());
  const format = Array.from({ length: n }, () => (uniform() < 0.4 ? 'short' : 'long'));
  const ofAge = ageDays.map((age) => (Math.log(age) - 5.4) / 0.9);
  const ofFormat = Float64Array.from(format, (one) => (one === 'short' ? 1.2 : -0.8));
  const [a, f] = { age: [1, 0], format: [0, 1], both: [0.8, 0.8], true: [0, 0] }[kind] as [number, number];
  const x = Float64Array.from({ length: n }, (_, i) => a * ofAge[i]! + f * ofFormat[i]! + 0.6 * normal());
  const views = x.map((value, i) =>
    Math.exp(7 + 0.6 * (ofAge[i]! + ofFormat[i]! + (kind === 'true' ? 2 * value : 0)) + 0.4 * normal()),
  );
  return {
    contentIds: Array.from({ length: n }, (_, i) => i),
    numeric: new Map([['x', x]]),
    categorical: new Map([['format', format]]),
    circular: new Map(),
    outcomes: new Map([['views', views]]),
    ageDays,
  };
}

const bySpearman = (table: FeatureTable): FeatureAssociation =>
  correlateFeatures(table).results.find(({ feature, method }) => feature === 'x' && method === 'spearman')!;

describe('what accounts for an association', () => {
  const runs = 60;
  const found = (kind: Kind, n: number): FeatureAssociation[] =>
    Array.from({ length: runs }, (_, seed) => bySpearman(generated(kind, n, 100 * n + seed)));
  const markedWith = (all: readonly FeatureAssociation[], ...names: Confounder[]): number =>
    all.filter(({ confounded_by }) => names.every((name) => confounded_by.includes(name))).length;

  it('is marked where age, format or both make it, in at least 9 of 10 tables', () => {
    expect(markedWith(found('age', 100), 'age')).toBeGreaterThanOrEqual(0.9 * runs);
    expect(markedWith(found('format', 100), 'format')).toBeGreaterThanOrEqual(0.9 * runs);
    expect(markedWith(found('both', 100), 'age', 'format')).toBeGreaterThanOrEqual(0.9 * runs);
    for (const one of found('age', 100)) {
      if (one.confounded_by.length === 0) continue;
      expect(one.significant).toBe(false);
      expect(one.adjusted_p_value).toBeLessThan(0.05);
      expect(one.interpretation).toContain('does not hold among contents of like age');
    }
  });

  it('is not seen in what holds by itself', () => {
    for (const n of [30, 100]) {
      const all = found('true', n);
      expect(all.filter(({ confounded_by }) => confounded_by.length > 0)).toEqual([]);
      expect(all.filter(({ significant }) => significant).length).toBeGreaterThanOrEqual(0.95 * runs);
    }
  });

  it('is a control that the association does not outlive, or turns its sign under', () => {
    const partial = (given: Confounder[], coefficient: number, p: number): PartialCorrelation => ({
      ...{
        given,
        coefficient,
        p_value: p,
        adjusted_p_value: p,
        confidence_interval: [-1, 1],
        sample_size: 40,
      },
    });
    const found = { coefficient: 0.6, p: 0.001, adjustedP: 0.01 };
    const of = (...partials: PartialCorrelation[]): Confounder[] => confoundersOf(found, partials, 0.05);
    expect(of(partial(['age'], 0.1, 0.5))).toEqual(['age']);
    // Less certain, but hardly smaller.
    expect(of(partial(['age'], 0.5, 0.06))).toEqual([]);
    expect(of(partial(['age'], 0.3, 0.04))).toEqual([]);
    expect(of(partial(['platform'], -0.4, 0.01))).toEqual(['platform']);
    expect(
      of(partial(['age'], 0.5, 0.01), partial(['format'], 0.5, 0.01), partial(['age', 'format'], 0.1, 0.6)),
    ).toEqual(['age', 'format']);
    expect(confoundersOf({ ...found, p: 0.05 }, [partial(['age'], 0.1, 0.5)], 0.05)).toEqual([]);
    expect(confoundersOf({ ...found, adjustedP: 0.3 }, [partial(['age'], 0.1, 0.5)], 0.05)).toEqual(['age']);
  });
});

describe('strata', () => {
  it('tell where the sign is another one within each of them', () => {
    const normal = gaussian(seeded(9));
    const format = Array.from({ length: 60 }, (_, i) => (i % 2 === 0 ? 'short' : 'long'));
    const x = Float64Array.from(format, (one) => (one === 'short' ? 5 : 0) + normal());
    const views = x.map((value, i) => 50 + (format[i] === 'short' ? 40 : 0) - 4 * value + normal());
    const table: FeatureTable = {
      ...generated('true', 60, 1),
      numeric: new Map([['x', x]]),
      categorical: new Map([['format', format]]),
      outcomes: new Map([['views', views]]),
    };
    const one = correlateFeatures(table).results.find(
      ({ feature, method }) => feature === 'x' && method === 'pearson',
    )!;
    expect(one.correlation_coefficient).toBeGreaterThan(0.5);
    const byFormat = one.detail.strata.find(({ by }) => by === 'format')!;
    expect(byFormat.agreement).toBe('reverse');
    expect(byFormat.strata.map(({ level }) => level).sort()).toEqual(['long', 'short']);
    expect(byFormat.pooled_coefficient).toBeLessThan(-0.9);
    expect(one.confounded_by).toContain('format');
    expect(one.significant).toBe(false);
    const byAge = one.detail.strata.find(({ by }) => by === 'age')!;
    expect(byAge.strata).toHaveLength(3);
    expect(byAge.strata.map(({ sample_size }) => sample_size)).toEqual([20, 20, 20]);
  });
});
