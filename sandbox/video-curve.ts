import { msPerDay, weekdayOf } from './calendar.js';
import { keyOf, normal } from './random.js';

const curveMetrics = [
  'views',
  'engagedViews',
  'likes',
  'comments',
  'shares',
  'minutesWatched',
  'subscribersGained',
  'subscribersLost',
] as const;
export type CurveMetric = (typeof curveMetrics)[number];

/** What a content has gathered by an instant. */
export interface Curve {
  /** Whole, never falling, 0 before publication. */
  total(metric: CurveMetric, atMs: number): number;
}

/** A factor on a day's gain; days since 1970-01-01, `to` exclusive. */
export interface Effect {
  from: number;
  to: number;
  factor: number;
}

export interface LaunchShape {
  /** Views of the first days' surge and of the long tail, per day. */
  surge: number;
  tail: number;
  /** Exponent of the tail's decline over months: 0 keeps it level. */
  tailDecay: number;
  /** Monday first; the mean is about 1. */
  weekdays: readonly number[];
  /** Standard deviation of the daily noise's logarithm. */
  noise: number;
}

/** Gains per engaged view. */
interface Rates {
  likes: number;
  comments: number;
  shares: number;
  subscribersGained: number;
  subscribersLost: number;
  /** Mean minutes watched a view. */
  minutes: number;
}

/** The audience's day, hour by hour in UTC: a European one, which sleeps while Los Angeles' day turns. */
const hourly = [
  1, 0.6, 0.5, 0.4, 0.4, 0.6, 0.9, 1.4, 2.2, 3, 3.6, 4, 4.6, 4.8, 5, 5.4, 6, 7, 8, 8.5, 8.2, 6.8, 4.6, 2.4,
];
const hourlyTotals = hourly.reduce<number[]>((totals, value) => [...totals, totals.at(-1)! + value], [0]);

/** Share of a UTC day's gain that has come in by a fraction of the day. */
function shareByTime(fraction: number): number {
  const hour = Math.min(23, Math.floor(fraction * 24));
  return (hourlyTotals[hour]! + hourly[hour]! * (fraction * 24 - hour)) / hourlyTotals[24]!;
}

/**
 * Launch decay × week × noise × planted effects, in whole units a UTC day, spread over the day by the
 * audience's hours. Days are worked out once, in order, and kept.
 */
export class VideoCurve implements Curve {
  private readonly firstDay: number;
  private readonly firstShare: number;
  /** Sums of all days before the index-th one. */
  private readonly sums = new Map<CurveMetric, number[]>(curveMetrics.map((metric) => [metric, [0]]));
  private readonly keys: Readonly<Record<CurveMetric, number>>;

  constructor(
    seed: number,
    id: string,
    private readonly publishedAtMs: number,
    private readonly shape: LaunchShape,
    private readonly rates: Rates,
    private readonly effects: readonly Effect[],
    /** Factors on views alone, over engaged views. */
    private readonly viewEffects: readonly Effect[],
  ) {
    this.firstDay = Math.floor(publishedAtMs / msPerDay);
    this.firstShare = shareByTime(publishedAtMs / msPerDay - this.firstDay);
    this.keys = Object.fromEntries(
      curveMetrics.map((metric) => [metric, keyOf(seed, 'curve', id, metric)]),
    ) as Record<CurveMetric, number>;
  }

  total(metric: CurveMetric, atMs: number): number {
    if (atMs <= this.publishedAtMs) return 0;
    const day = Math.floor(atMs / msPerDay);
    const index = day - this.firstDay;
    const sums = this.sumsThrough(metric, index);
    let share = shareByTime(atMs / msPerDay - day);
    // On its first day a video gathers from publication on.
    if (index === 0) share = (share - this.firstShare) / (1 - this.firstShare);
    const before = sums[index]!;
    return Math.floor(before + (sums[index + 1]! - before) * share);
  }

  private sumsThrough(metric: CurveMetric, index: number): readonly number[] {
    const sums = this.sums.get(metric)!;
    while (sums.length <= index + 1) this.addDay(this.sums.get('views')!.length - 1);
    return sums;
  }

  private addDay(index: number): void {
    const day = this.firstDay + index;
    const { surge, tail, tailDecay, weekdays, noise } = this.shape;
    const level = surge * (1 + index) ** -1.25 + tail * (1 + index / 120) ** -tailDecay;
    // A launch draws its audience whatever the weekday; habits show once it has settled.
    const settled = Math.min(1, (1 + index) / 8);
    const engaged = Math.round(
      level *
        weekdays[weekdayOf(day)]! ** settled *
        Math.exp(settled * noise * normal(this.keys.engagedViews, index)) *
        factorOn(this.effects, day),
    );
    this.push('engagedViews', engaged);
    this.push('views', Math.round(engaged * factorOn(this.viewEffects, day)));
    for (const metric of ['likes', 'comments', 'shares', 'subscribersGained', 'subscribersLost'] as const) {
      this.push(metric, Math.round(engaged * this.rates[metric] * this.wobble(metric, index)));
    }
    this.push('minutesWatched', engaged * this.rates.minutes * this.wobble('minutesWatched', index));
  }

  private wobble(metric: CurveMetric, index: number): number {
    return Math.exp(0.06 * normal(this.keys[metric], index));
  }

  private push(metric: CurveMetric, gain: number): void {
    const sums = this.sums.get(metric)!;
    sums.push(sums.at(-1)! + gain);
  }
}

function factorOn(effects: readonly Effect[], day: number): number {
  let factor = 1;
  for (const effect of effects) if (day >= effect.from && day < effect.to) factor *= effect.factor;
  return factor;
}

/** A long-settled video's slow growth in closed form: thousands of them cost no memory. */
export class SettledCurve implements Curve {
  constructor(
    private readonly publishedAtMs: number,
    private readonly scale: number,
    private readonly rates: Rates,
  ) {}

  total(metric: CurveMetric, atMs: number): number {
    if (atMs <= this.publishedAtMs) return 0;
    const views = this.scale * ((atMs - this.publishedAtMs) / msPerDay) ** 0.8;
    if (metric === 'views' || metric === 'engagedViews') return Math.floor(views);
    if (metric === 'minutesWatched') return Math.floor(views * this.rates.minutes);
    return Math.floor(views * this.rates[metric]);
  }
}
