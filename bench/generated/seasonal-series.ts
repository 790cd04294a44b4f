/**
 * Series with known periods, and series with none: noise, noise that remembers and random walks. What a search
 * for periods finds, and what it finds where there is nothing, can be counted.
 */
import { keyOf, uniform } from '../../sandbox/random.js';
import { normalOf, type Draw } from './draws.js';

export type SeasonalNoise = 'white' | 'ar' | 'walk' | 'heavy' | 'counts';

export interface SeasonalSeries {
  id: string;
  values: Float64Array;
  samplesPerDay: number;
  /** Periods in points, the shortest first; empty where there is none. */
  periods: number[];
  noise: SeasonalNoise;
}

export interface SeasonalSeriesOptions {
  seed: number;
  count: number;
  /** `daily`: weeks in days; `hourly`: days, and in half of them weeks, in hours; `none`: nothing repeats. */
  kind: 'daily' | 'hourly' | 'any' | 'none';
}

const noises: readonly SeasonalNoise[] = ['white', 'ar', 'walk', 'heavy', 'counts'];
/** Lengths that no calendar suggests. */
const otherPeriods = [3, 5, 6, 9, 10, 12, 14, 20, 28, 30];

/** Seeded: the same options give the same series. */
export function generateSeasonalSeries({ seed, count, kind }: SeasonalSeriesOptions): SeasonalSeries[] {
  return Array.from({ length: count }, (_, index) => {
    const key = keyOf(seed, index);
    let position = 0;
    const draw: Draw = () => uniform(key, position++);
    return seriesOf(`${kind}-${index}`, kind, draw);
  });
}

function seriesOf(id: string, kind: SeasonalSeriesOptions['kind'], draw: Draw): SeasonalSeries {
  const noise = noises[Math.floor(noises.length * draw())]!;
  const samplesPerDay = kind === 'hourly' ? 24 : 1;
  const periods = periodsOf(kind, draw);
  const length =
    kind === 'none'
      ? Math.round(50 * 40 ** draw())
      : kind === 'hourly'
        ? 24 * (14 + Math.floor(28 * draw()))
        : Math.max(84, 10 * periods.at(-1)!) + Math.floor(280 * draw());
  const values = noiseOf(noise, length, draw);
  const spread = noise === 'walk' || noise === 'counts' ? stepSpread(values) : 1;
  for (const period of periods) {
    // The pattern's variance against the noise's own: from half of it to four times.
    const pattern = patternOf(period, draw);
    const size = spread * Math.sqrt(0.5 * 8 ** draw());
    for (let i = 0; i < length; i++) values[i] = values[i]! + size * pattern[i % period]!;
  }
  const drift = (draw() - 0.5) * 4 * spread;
  for (let i = 0; i < length; i++) values[i] = values[i]! + (drift * i) / length;
  return { id, values, samplesPerDay, periods, noise };
}

function periodsOf(kind: SeasonalSeriesOptions['kind'], draw: Draw): number[] {
  if (kind === 'none') return [];
  if (kind === 'daily') return [7];
  if (kind === 'hourly') return draw() < 0.5 ? [24] : [24, 168];
  return [otherPeriods[Math.floor(otherPeriods.length * draw())]!];
}

/** One value a phase, mean 0 and variance 1: a smooth wave, a block of high phases, or any. */
function patternOf(period: number, draw: Draw): Float64Array {
  const shape = period < 5 ? 2 : Math.floor(3 * draw());
  const shift = 2 * Math.PI * draw();
  const high = Math.max(1, Math.round(period * (0.15 + 0.3 * draw())));
  const raw = Float64Array.from({ length: period }, (_, phase) => {
    if (shape === 0) return Math.sin((2 * Math.PI * phase) / period + shift);
    return shape === 1 ? Number(phase < high) : normalOf(draw);
  });
  const mean = raw.reduce((sum, value) => sum + value, 0) / period;
  const spread = Math.sqrt(raw.reduce((sum, value) => sum + (value - mean) ** 2, 0) / period);
  return raw.map((value) => (value - mean) / spread);
}

function noiseOf(noise: SeasonalNoise, length: number, draw: Draw): Float64Array {
  const memory = noise === 'ar' ? 0.2 + 0.7 * draw() : 0;
  const level = Math.exp(1 + 4 * draw());
  let state = 0;
  return Float64Array.from({ length }, () => {
    const shock = normalOf(draw);
    if (noise === 'walk') return (state += shock);
    if (noise === 'ar') return (state = memory * state + Math.sqrt(1 - memory * memory) * shock);
    if (noise === 'counts') return Math.max(0, Math.round(level + Math.sqrt(level) * shock));
    // Student's t with 4 degrees of freedom, of variance 1.
    if (noise === 'heavy') return (shock / Math.sqrt(meanSquare(draw, 4))) * Math.SQRT1_2;
    return shock;
  });
}

function meanSquare(draw: Draw, count: number): number {
  let sum = 0;
  for (let k = 0; k < count; k++) sum += normalOf(draw) ** 2;
  return sum / count;
}

function stepSpread(values: Float64Array): number {
  let squares = 0;
  for (let i = 1; i < values.length; i++) squares += (values[i]! - values[i - 1]!) ** 2;
  return Math.sqrt(squares / (2 * (values.length - 1)));
}
