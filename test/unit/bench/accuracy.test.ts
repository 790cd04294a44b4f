import { afterEach, describe, expect, it, vi } from 'vitest';
import { runAccuracyBench } from '../../../bench/accuracy.js';

afterEach(() => vi.restoreAllMocks());

describe('the accuracy bench', () => {
  it('tells ours beside its baselines, as data and as tables', () => {
    const printed: string[] = [];
    vi.spyOn(console, 'error').mockImplementation((text: string) => void printed.push(text));
    const { forecasts, changePoints, streams, events, periods, aims } = runAccuracyBench({
      series: 40,
      given: false,
    });
    expect(streams).toBeNull();
    for (const rows of [forecasts, changePoints, events, periods]) {
      expect(rows[0]).toMatchObject({ method: 'tidemark' });
      expect(rows.length).toBeGreaterThan(2);
    }
    const [ours, naive] = forecasts;
    expect(ours!.mase!).toBeLessThan(naive!.mase!);
    expect(events[0]!.precision!).toBeGreaterThan(events[1]!.precision!);
    expect(periods[0]!.exact!).toBeGreaterThan(periods[1]!.exact!);
    const [unchanged] = changePoints.filter(
      ({ set, method }) => set === 'generated, no change' && method === 'no change',
    );
    expect(unchanged).toMatchObject({ f1: 1, covering: 1 });
    for (const { reached, aim, met } of aims) {
      const [sign, bound] = aim.split(' ');
      expect(met).toBe(sign === '≥' ? reached! >= Number(bound) : reached! <= Number(bound));
    }
    expect(aims.find(({ measure }) => measure === 'content: recall')).toMatchObject({
      ...{ reached: events[0]!.recall, aim: '≥ 0.93', others: `${events[1]!.recall}` },
    });
    expect(printed).toHaveLength(5);
    expect(printed[4]).toMatch(/^\nAims\nmeasure +reached +aim +others +met/);
    expect(printed[0]).toMatch(/^\nForecasts\nset +method +series/);
  });
});
