/**
 * Daily content series with planted events: launch decay × week × trend × noise of three families, with the
 * things that look like events and are none (gaps, corrections, slow promotions, the late launch). The truth is
 * known by construction, so precision, recall and false alerts a series-year can be counted.
 */
import { keyOf, uniform } from '../../sandbox/random.js';
import { gammaOf, normalOf, poissonOf, type Draw } from './draws.js';

export type PlantedKind = 'spike' | 'drop' | 'level' | 'silence';
export type NoiseFamily = 'poisson' | 'negative-binomial' | 'lognormal-ar';

export interface PlantedEvent {
  kind: PlantedKind;
  direction: 'up' | 'down';
  /** First and last day (indices) on which the event itself can be seen; a level's first three days. */
  from: number;
  to: number;
}

export interface ContentSeries {
  id: string;
  /** One value a day, whole counts; NaN where there is a gap or a correction. */
  values: Float64Array;
  events: PlantedEvent[];
  family: NoiseFamily;
  /** Whether day 0 is the publication; otherwise the content is an old one. */
  launched: boolean;
}

export interface ContentSeriesOptions {
  /** Days a series; 365 unless told. */
  days?: number;
  /** First day that may hold an event; 45 unless told. */
  firstEvent?: number;
}

/** @param seed the same seed and index give the same series, however many are asked for. */
export function generateContentSeries(
  seed: number,
  count: number,
  options: ContentSeriesOptions = {},
): ContentSeries[] {
  return Array.from({ length: count }, (_, index) => generateOne(seed, index, options));
}

function drawsOf(seed: number, index: number): Draw {
  const key = keyOf('content series', seed, index);
  let next = 0;
  return () => uniform(key, next++);
}

const families: readonly NoiseFamily[] = ['poisson', 'negative-binomial', 'lognormal-ar'];

function generateOne(seed: number, index: number, options: ContentSeriesOptions): ContentSeries {
  const { days = 365, firstEvent = 45 } = options;
  const draw = drawsOf(seed, index);
  const within = (low: number, high: number): number => low + (high - low) * draw();
  const family = families[Math.floor(3 * draw())]!;
  const launched = draw() < 0.6;
  const expected = expectedLevels(draw, days, launched, family);
  addPromotions(draw, expected);
  const events = plantEvents(draw, expected, firstEvent);
  const values = withNoise(draw, expected, family, within(0.05, 0.25));
  for (const event of events) if (event.kind === 'silence') values.fill(0, event.from, event.to + 1);
  addGaps(draw, values, events);
  return { id: `content-${seed}-${index}`, values, events, family, launched };
}

/** Level × launch × week × trend, without noise. */
function expectedLevels(draw: Draw, days: number, launched: boolean, family: NoiseFamily): Float64Array {
  const within = (low: number, high: number): number => low + (high - low) * draw();
  // From about 5 to a million a day; plain Poisson counts have nothing to tell above a few thousand.
  const base = 7 * Math.exp(within(0, family === 'poisson' ? 6 : 11.9));
  const peak = within(2, 30);
  const steepness = within(0.5, 1.3);
  const halfLife = within(3, 20);
  const isPower = draw() < 0.6;
  const week = Array.from({ length: 7 }, () => Math.exp(0.18 * normalOf(draw)));
  const growth = 0.0015 * normalOf(draw);
  return Float64Array.from({ length: days }, (_, day) => {
    const decay = isPower ? (1 + day / 2) ** -steepness : 2 ** (-day / halfLife);
    return base * (launched ? 1 + peak * decay : 1) * week[day % 7]! * Math.exp(growth * day);
  });
}

/** Nothing, or a promotion that rises and fades over weeks: no event, since no day of it is out of line. */
function addPromotions(draw: Draw, expected: Float64Array): void {
  if (draw() > 0.3) return;
  const at = Math.floor(expected.length * (0.2 + 0.7 * draw()));
  const width = 8 + 12 * draw();
  const height = 0.2 + 0.5 * draw();
  for (let day = 0; day < expected.length; day++) {
    expected[day] = expected[day]! * (1 + height * Math.exp(-(((day - at) / width) ** 2)));
  }
}

/** Up to four events, three weeks or more apart, written into the expected levels; a silence is left to the caller. */
function plantEvents(draw: Draw, expected: Float64Array, firstEvent: number): PlantedEvent[] {
  const events: PlantedEvent[] = [];
  const days = expected.length;
  const within = (low: number, high: number): number => low + (high - low) * draw();
  for (let wanted = poissonOf(draw, 1.9); wanted > 0; wanted--) {
    const from = firstEvent + Math.floor((days - 10 - firstEvent) * draw());
    const chance = draw();
    if (events.some((event) => Math.abs(event.from - from) < 25)) continue;
    if (chance < 0.35) {
      const length = 1 + Math.floor(3 * draw());
      const factor = Math.exp(within(0.9, 2.3));
      for (let day = from; day < from + length; day++) {
        expected[day] = expected[day]! * (1 + (factor - 1) * 0.6 ** (day - from));
      }
      events.push({ kind: 'spike', direction: 'up', from, to: from + length - 1 });
    } else if (chance < 0.6) {
      const length = 1 + Math.floor(3 * draw());
      const factor = within(0.08, 0.37);
      for (let day = from; day < from + length; day++) expected[day] = expected[day]! * factor;
      events.push({ kind: 'drop', direction: 'down', from, to: from + length - 1 });
    } else if (chance < 0.85) {
      const direction = draw() < 0.5 ? 'up' : 'down';
      const factor = Math.exp((direction === 'up' ? 1 : -1) * within(0.75, 1.6));
      for (let day = from; day < days; day++) expected[day] = expected[day]! * factor;
      events.push({ kind: 'level', direction, from, to: from + 2 });
    } else {
      events.push({ kind: 'silence', direction: 'down', from, to: from + 1 + Math.floor(4 * draw()) });
    }
  }
  return events.sort((a, b) => a.from - b.from);
}

function withNoise(draw: Draw, expected: Float64Array, family: NoiseFamily, spread: number): Float64Array {
  if (family === 'poisson') return expected.map((level) => poissonOf(draw, level));
  if (family === 'negative-binomial') {
    const shape = 1 / spread ** 2;
    return expected.map((level) => poissonOf(draw, (level * gammaOf(draw, shape)) / shape));
  }
  const memory = 0.6 * draw();
  let state = normalOf(draw);
  return expected.map((level) => {
    const value = poissonOf(draw, level * Math.exp(spread * state - (spread * spread) / 2));
    state = memory * state + Math.sqrt(1 - memory * memory) * normalOf(draw);
    return value;
  });
}

/** Up to three gaps of one to ten days and up to four corrections, none of which hides an event. */
function addGaps(draw: Draw, values: Float64Array, events: readonly PlantedEvent[]): void {
  const blank = (from: number, length: number): void => {
    if (events.some((event) => from + length > event.from - 1 && from <= event.to + 4)) return;
    values.fill(Number.NaN, from, from + length);
  };
  for (let gaps = Math.floor(4 * draw()); gaps > 0; gaps--) {
    blank(Math.floor(values.length * draw()), 1 + Math.floor(10 * draw()));
  }
  for (let corrections = Math.floor(5 * draw()); corrections > 0; corrections--) {
    blank(Math.floor(values.length * draw()), 1);
  }
}
