/** The figures reached beside what they are to reach and what others reach on the same series. */
import type { AccuracyBenchResult } from './accuracy.js';

export interface AimRow {
  measure: string;
  reached: number | null;
  aim: string;
  /** The best of the peers' published figures, or the plain methods' of this run; null where there is none. */
  others: string | null;
  met: boolean;
}

/** Highest OWA that is aimed at, the best peer's, and AutoETS's MSIS (MSTL+ETS's of hours) and series a second. */
const forecastAims: Readonly<
  Record<string, { owa: number; peer: number; msis: number; speed: number | null }>
> = {
  m3_monthly: { owa: 0.8, peer: 0.825, msis: 6.99, speed: 13 },
  nn5_daily: { owa: 0.69, peer: 0.715, msis: 7.66, speed: 5 },
  tourism_monthly: { owa: 0.8, peer: 0.834, msis: 14.3, speed: 6 },
  m4_weekly: { owa: 0.74, peer: 0.924, msis: 21.3, speed: 20 },
  m4_hourly: { owa: 0.46, peer: 0.648, msis: 12.9, speed: null },
  wp_daily: { owa: 0.99, peer: 0.995, msis: 34.6, speed: null },
};
/** One series in forty windows: its coverage is told, and held to nothing. */
const uncounted = 'wp_daily';

interface Bounds {
  atLeast?: number;
  atMost?: number;
}

function row(measure: string, reached: number | null, bounds: Bounds, others: string | null = null): AimRow {
  const { atLeast = Number.NEGATIVE_INFINITY, atMost = Number.POSITIVE_INFINITY } = bounds;
  const told = [
    ...(Number.isFinite(atLeast) ? [`≥ ${atLeast}`] : []),
    ...(Number.isFinite(atMost) ? [`≤ ${atMost}`] : []),
  ];
  const met = reached !== null && reached >= atLeast && reached <= atMost;
  return { measure, reached, aim: told.join(', '), others, met };
}

function ofForecasts(forecasts: AccuracyBenchResult['forecasts']): AimRow[] {
  return forecasts.flatMap((one) => {
    const aims = forecastAims[one.set];
    if (one.method !== 'tidemark' || aims === undefined) return [];
    const { owa, peer, msis, speed } = aims;
    return [
      row(`${one.set}: OWA`, one.owa, { atMost: owa }, `${peer}`),
      row(`${one.set}: MSIS`, one.msis, { atMost: msis }, `${msis}`),
      ...(one.set === uncounted
        ? []
        : [
            row(`${one.set}: coverage at 95 %`, one.cov95, { atLeast: 93, atMost: 97 }),
            row(`${one.set}: coverage at 80 %`, one.cov80, { atLeast: 76, atMost: 84 }),
          ]),
      ...(speed === null
        ? []
        : [row(`${one.set}: series a second`, one.seriesPerSecond, { atLeast: 10 * speed }, `${speed}`)]),
    ];
  });
}

function ofChangePoints(rows: AccuracyBenchResult['changePoints']): AimRow[] {
  const peers: Readonly<Record<string, { f1: number; covering: number }>> = {
    annotated: { f1: 0.807, covering: 0.692 },
  };
  const sets = [...new Set(rows.map(({ set }) => set))].filter((set) => set !== 'generated, no change');
  return sets.flatMap((set) => {
    const own = rows.find((one) => one.set === set && one.method === 'tidemark')!;
    const plain = rows.filter((one) => one.set === set && one.method !== 'tidemark');
    const most = (key: 'f1' | 'covering'): number =>
      peers[set]?.[key] ?? Math.max(...plain.map((one) => one[key] ?? 0));
    return [
      row(`changes, ${set}: F1`, own.f1, { atLeast: most('f1') }, `${most('f1')}`),
      row(`changes, ${set}: covering`, own.covering, { atLeast: most('covering') }, `${most('covering')}`),
      // A dozen series are over before the engine has compiled the analysis.
      ...(set === 'annotated'
        ? []
        : [row(`changes, ${set}: points a second`, own.pointsPerSecond, { atLeast: 100_000 }, '80000')]),
    ];
  });
}

function ofAnomalies({ streams, events }: Pick<AccuracyBenchResult, 'streams' | 'events'>): AimRow[] {
  const stream = streams?.find(({ method }) => method === 'tidemark');
  const event = events.find(({ method }) => method === 'tidemark')!;
  const plain = events.filter(({ method }) => method !== 'tidemark');
  const bestOf = (key: 'precision' | 'recall'): string => `${Math.max(...plain.map((one) => one[key] ?? 0))}`;
  const lost =
    stream === undefined || stream.standard === null || stream.standardAtHalf === null
      ? null
      : Number((stream.standard - stream.standardAtHalf).toFixed(2));
  return [
    ...(stream === undefined
      ? []
      : [
          row('streams: standard profile', stream.standard, { atLeast: 62 }, '75.2'),
          row('streams: window F1', stream.windowF1, { atLeast: 0.58 }, '0.615'),
          row('streams: lost at a threshold of .5', lost, { atMost: 4 }),
          row('streams: points a second', stream.pointsPerSecond, { atLeast: 400_000 }),
        ]),
    row('content: precision', event.precision, { atLeast: 0.93 }, bestOf('precision')),
    row('content: recall', event.recall, { atLeast: 0.93 }, bestOf('recall')),
    row('content: false alerts a series-year', event.falsePerSeriesYear, { atMost: 0.1 }),
  ];
}

function ofPeriods(rows: AccuracyBenchResult['periods']): AimRow[] {
  const of = (
    set: string,
  ): { own: AccuracyBenchResult['periods'][number]; plain: (typeof rows)[number] } => ({
    own: rows.find((one) => one.set === set && one.method === 'tidemark')!,
    plain: rows.find((one) => one.set === set && one.method !== 'tidemark')!,
  });
  const [daily, hourly, none] = [of('daily'), of('hourly'), of('none')];
  return [
    row('periods of days: exact, %', daily.own.exact, { atLeast: 95 }, `${daily.plain.exact}`),
    row('periods of hours: exact, %', hourly.own.exact, { atLeast: 90 }, `${hourly.plain.exact}`),
    row('periods in noise and walks: named, %', none.own.withFalse, { atMost: 2 }, `${none.plain.withFalse}`),
  ];
}

export function aimsOf(result: Omit<AccuracyBenchResult, 'aims'>): AimRow[] {
  return [
    ...ofForecasts(result.forecasts),
    ...ofChangePoints(result.changePoints),
    ...ofAnomalies(result),
    ...ofPeriods(result.periods),
  ];
}
