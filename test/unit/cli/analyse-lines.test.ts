import { PassThrough, Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { analyseLines } from '../../../cli/analyse-lines.js';
import { Output } from '../../../cli/output.js';
import {
  lineAnalysis,
  type LineAnalysisKind,
  type LineAnalysisOptions,
} from '../../../services/series-lines/series-lines.js';

interface Answered {
  exitCode: number;
  answers: Record<string, unknown>[];
  stderr: string;
}

async function answers<Kind extends LineAnalysisKind>(
  kind: Kind,
  lines: readonly unknown[],
  options?: LineAnalysisOptions[Kind],
): Promise<Answered> {
  const [stdout, stderr] = [new PassThrough({ highWaterMark: 2 ** 24 }), new PassThrough()];
  const text = lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join('');
  const exitCode = await analyseLines({
    input: Readable.from([Buffer.from(text)]),
    stdout,
    output: new Output({ json: true, quiet: false, stdout, stderr }),
    analysis: lineAnalysis(kind, options ?? {}),
  });
  const written = String(stdout.read() ?? '');
  return {
    exitCode,
    answers: written
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>),
    stderr: String(stderr.read() ?? ''),
  };
}

const week = [0, 1, 4, 9, 16, 12, 6];
const weekly = Array.from({ length: 70 }, (_, day) => 100 + 5 * week[day % 7]! + ((day * 37) % 11));

describe('analyse forecast', () => {
  it('answers a series with mean, nested intervals, backtest and CPU time', async () => {
    const { exitCode, answers: given } = await answers('forecast', [
      { id: 'a', period: 7, h: 14, train: weekly },
    ]);
    expect(exitCode).toBe(0);
    const answer = given[0] as Record<'mean' | 'lo80' | 'hi80' | 'lo95' | 'hi95', number[]>;
    expect(given[0]).toMatchObject({ id: 'a', method: 'ensemble', n: 70, parameters: { h: 14, period: 7 } });
    expect(given[0]!['ms']).toBeGreaterThanOrEqual(0);
    expect(given[0]!['backtest']).toHaveProperty('mae');
    expect(answer.mean).toHaveLength(14);
    for (let k = 0; k < 14; k++) {
      const nested = [answer.lo95[k]!, answer.lo80[k]!, answer.mean[k]!, answer.hi80[k]!, answer.hi95[k]!];
      expect(nested).toEqual([...nested].sort((a, b) => a - b));
    }
  });

  it('takes horizon and period from the options before the line', async () => {
    const { answers: given } = await answers('forecast', [{ train: weekly, h: 3 }], {
      horizon: 5,
      period: 7,
    });
    expect(given[0]).toMatchObject({ parameters: { h: 5, period: 7 } });
    expect(given[0]!['mean']).toHaveLength(5);
    expect(given[0]).not.toHaveProperty('id');
  });

  it('keeps counts from falling below zero, unless a value does or it is allowed', async () => {
    const falling = Array.from({ length: 40 }, (_, day) => 400 - 10 * day);
    const below = falling.map((value) => value - 200);
    const line = { train: falling, h: 30, period: 1 };
    const lowest = ({ answers: given }: Answered): number => Math.min(...(given[0]!['lo95'] as number[]));
    expect(lowest(await answers('forecast', [line]))).toBe(0);
    expect(lowest(await answers('forecast', [line], { allowNegative: true }))).toBeLessThan(0);
    expect(lowest(await answers('forecast', [{ ...line, train: below }]))).toBeLessThan(0);
  });

  it('withholds what has too few points, with the reason', async () => {
    const { exitCode, answers: given } = await answers('forecast', [{ id: 1, h: 3, train: [5, null, 6] }]);
    expect(exitCode).toBe(0);
    expect(given[0]).toMatchObject({ id: 1, method: null, n: 2 });
    expect(given[0]!['withheld']).toMatch(/^needs \d+ more points$/);
  });
});

describe('analyse trend', () => {
  it('answers with direction, slope and the pattern from the day that the line tells', async () => {
    const rising = weekly.map((value, day) => value + 3 * day);
    const { answers: given } = await answers('trend', [{ id: 'r', values: rising, start: '2026-01-07' }]);
    expect(given[0]).toMatchObject({ id: 'r', direction: 'rising', n: 70 });
    const [low, high] = given[0]!['slope_interval'] as [number, number];
    expect(low).toBeLessThan(3);
    expect(high).toBeGreaterThan(3);
    const [pattern] = given[0]!['seasonality'] as { period: number; pattern: number[] }[];
    expect(pattern!.period).toBe(7);
    expect(pattern!.pattern).toHaveLength(7);
  });
});

describe('analyse change-points', () => {
  it('answers with the first index of each new segment', async () => {
    const values = Array.from({ length: 80 }, (_, i) => (i < 50 ? 10 : 20) + ((i * 37) % 11) / 11);
    const { answers: given } = await answers('change-points', [{ id: 'c', n: 80, dims: 1, values }]);
    expect(given[0]).toMatchObject({ id: 'c', cps: [50], n: 80 });
  });

  it('takes several dimensions as points or as dimensions', async () => {
    const step = (i: number, by: number): number => (i < 50 ? 10 : 10 + by) + ((i * 37) % 11) / 11;
    const dimensions = [10, -7].map((by) => Array.from({ length: 80 }, (_, i) => step(i, by)));
    const points = dimensions[0]!.map((value, i) => [value, dimensions[1]![i]!]);
    const lines = [
      { id: 'points', dims: 2, values: points },
      { id: 'dimensions', dims: 2, values: dimensions },
      { id: 'untold', values: points },
    ];
    const { answers: given } = await answers('change-points', lines);
    expect(given.map(({ id, cps }) => [id, cps])).toEqual(lines.map(({ id }) => [id, [50]]));
    const torn = await answers('change-points', [{ dims: 2, values: [[1, 2], [3], [4, 5]] }]);
    expect(torn.stderr).toMatch(/values\[1\] has 1 values where values\[0\] has 2/);
  });
});

describe('analyse anomalies', () => {
  const spiked = weekly.map((value, day) => (day === 50 ? 900 : value));
  const line = { id: 's', values: spiked, t: weekly.map((_, day) => dayAfter(day)) };

  it('answers with a score from 0 to 1 a point and flags what stands out', async () => {
    const { answers: given } = await answers('anomalies', [line]);
    const scores = given[0]!['scores'] as number[];
    expect(scores).toHaveLength(70);
    expect(scores.every((score) => score >= 0 && score <= 1)).toBe(true);
    expect(scores.indexOf(Math.max(...scores))).toBe(50);
    expect(given[0]).toMatchObject({ flags: [50] });
  });

  it('tells days from streams by the times, and takes a series without any for days', async () => {
    const times = (minutesAt: (i: number) => number): string[] =>
      Array.from({ length: 700 }, (_, i) => new Date(Date.UTC(2026, 0, 5, 0, minutesAt(i))).toISOString());
    const values = Array.from({ length: 700 }, (_, i) => 50 + ((i * 37) % 11) + (i === 600 ? 400 : 0));
    // A double entry and a gap of a day leave the median step where it is.
    const dense = times((i) => (i === 100 ? 495 : 5 * i + (i < 500 ? 0 : 1_440)));
    const { answers: given } = await answers('anomalies', [
      { id: 'stream', t: dense, values },
      { id: 'days', values },
      { id: 'twice', t: times((i) => 720 * i), values },
    ]);
    expect(given.map(({ id, method, parameters }) => ({ id, method, parameters }))).toMatchObject([
      { id: 'stream', method: 'causal', parameters: { mode: 'stream', samples_per_day: 288 } },
      { id: 'days', method: 'causal', parameters: { mode: 'seasonal', samples_per_day: 1 } },
      { id: 'twice', method: 'causal', parameters: { mode: 'seasonal', samples_per_day: 2 } },
    ]);
  });

  it('judges by the named mode and threshold', async () => {
    const { answers: given } = await answers('anomalies', [line], { mode: 'zscore', threshold: 9 });
    expect(given[0]).toMatchObject({ method: 'zscore', parameters: { threshold: 9 }, flags: [] });
  });
});

function dayAfter(days: number): string {
  return new Date(Date.UTC(2026, 0, 5 + days)).toISOString().slice(0, 10);
}

describe('a line that is wrong', () => {
  it('is answered in its place and told with its number, field and mend; the others go on', async () => {
    const lines = [
      { id: 'good', h: 2, train: weekly },
      '',
      { id: 'bad', h: 2, train: [1, 'x'] },
      '{"id": "nan", "h": 2, "train": [1, NaN]}',
      { id: 'later', h: 2, train: weekly },
    ];
    const { exitCode, answers: given, stderr } = await answers('forecast', lines);
    expect(exitCode).toBe(4);
    expect(given.map(({ id, line, error }) => ({ id, line, rejected: error !== undefined }))).toEqual([
      { id: 'good', line: undefined, rejected: false },
      { id: 'bad', line: 3, rejected: true },
      { id: undefined, line: 4, rejected: true },
      { id: 'later', line: undefined, rejected: false },
    ]);
    expect(stderr).toMatch(/^error: Line 3: train\[1\] is no number: "x"\nmend: .*null/);
    expect(stderr).toMatch(/error: Line 4: The line is no JSON: .*\nmend: .*NaN/);
  });

  it.each([
    ['forecast', {}, /no train and no values/],
    ['forecast', { train: 5, h: 1 }, /train is no array/],
    ['forecast', { train: [1] }, /h is missing/],
    ['forecast', { train: [1], h: 0 }, /h is 0/],
    ['forecast', { train: [1], h: 1.5 }, /h is 1\.5/],
    ['forecast', { train: [1], h: 1, period: '7' }, /period is "7"/],
    ['forecast', '{"train": [1e999], "h": 1}', /train\[0\] is too large/],
    ['forecast', { id: {}, train: [1], h: 1 }, /id is neither/],
    ['trend', [1, 2], /no JSON object/],
    ['trend', { values: [1], start: '2026-13-01' }, /start is no time/],
    ['anomalies', { values: [1, 2], t: ['2026-01-05'] }, /t has 1 times for 2 values/],
    ['anomalies', { values: [1], t: 5 }, /t is no array/],
    ['anomalies', { values: [1], t: ['soon'] }, /t\[0\] is no time: "soon"/],
    ['anomalies', { values: [1, 2], t: ['2026-01-06', '2026-01-05'] }, /t\[1\] is before/],
  ] as const)('for %s, %j, says what is wrong', async (kind, line, says) => {
    const { exitCode, answers: given, stderr } = await answers(kind, [line]);
    expect(exitCode).toBe(4);
    expect(given).toHaveLength(1);
    expect(given[0]!['error']).toMatch(says);
    expect(stderr).toMatch(/\nmend: {2}\S/);
  });
});

describe('an analysis that fails', () => {
  it('is told for its line, ends with 1, and lets the others go on', async () => {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const exitCode = await analyseLines({
      input: Readable.from([Buffer.from('{"id":1}\n{"id":"x","values":5}\n{"id":2}\n')]),
      stdout,
      output: new Output({ json: true, quiet: false, stdout, stderr }),
      analysis: (line) => () => {
        if (line['id'] === 1) throw new TypeError('a defect');
        return { n: 0 };
      },
    });
    const ids = String(stdout.read()).trim().split('\n');
    expect(ids[0]).toBe('{"id":1,"line":1,"error":"a defect"}');
    expect(ids).toHaveLength(3);
    expect(exitCode).toBe(1);
    expect(String(stderr.read())).toBe('error: Line 1: a defect\n');
  });
});

describe('degenerate series', () => {
  const shapes: Record<string, (number | null)[]> = {
    empty: [],
    single: [5],
    gaps: Array.from({ length: 60 }, () => null),
    zeros: Array.from({ length: 60 }, () => 0),
    constant: Array.from({ length: 60 }, () => 7),
    spike: Array.from({ length: 60 }, (_, i) => (i === 40 ? 1e6 : 0)),
    negative: Array.from({ length: 60 }, (_, i) => -1 - ((i * 37) % 11)),
    huge: Array.from({ length: 60 }, (_, i) => 1e300 * (1 + ((i * 37) % 11))),
    tiny: Array.from({ length: 60 }, (_, i) => 1e-310 * (1 + ((i * 37) % 11))),
  };

  it.each(Object.entries(shapes))('are answered by every analysis: %s', async (_, values) => {
    for (const kind of ['forecast', 'trend', 'change-points', 'anomalies'] as const) {
      const line = { id: kind, values, ...(kind === 'forecast' ? { train: values, h: 5 } : {}) };
      const { exitCode, answers: given } = await answers(kind, [line]);
      expect(exitCode).toBe(0);
      expect(given[0]).toMatchObject({ id: kind });
      expect(given[0]).toHaveProperty('n');
    }
  });
});

describe('a time', () => {
  it('without a zone is UTC, whatever the machine’s zone', async () => {
    const at = async (start: string): Promise<unknown> => {
      const { answers: given } = await answers('trend', [{ values: weekly, start }]);
      return { ...given[0], ms: 0 };
    };
    expect(await at('2026-01-06 23:30:00')).toEqual(await at('2026-01-06T23:30:00Z'));
    expect(await at('2026-01-06T23:30:00-02:00')).toEqual(await at('2026-01-07'));
    expect(await at('2026-01-06')).not.toEqual(await at('2026-01-07'));
  });
});
