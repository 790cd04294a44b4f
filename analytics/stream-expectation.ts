/**
 * What the next point of a dense stream should be: its long level, the same time of the day, or the same time of
 * the week, whichever has been nearer of late.
 */

/** Days that the level and the recent errors remember. */
const levelDays = 7;
const errorDays = 3;
/** Weight of the latest day and week in a slot's mean. */
const dayWeight = 0.3;
const weekWeight = 0.4;
/** A season speaks only after two turns, and where its errors are this share of the plainer one's or less. */
const dayGain = 0.9;
const weekGain = 0.95;

export type Basis = 'level' | 'day' | 'week';

export class StreamExpectation {
  /** What the last expectation rests on. */
  basis: Basis = 'level';
  /** Mean distance from the long level: the stream's own unit. */
  unit = 0;
  private level: number;
  private known = 0;
  private dayError = 0;
  private weekError = 0;
  private readonly day: Float64Array;
  private readonly week: Float64Array;

  constructor(
    first: number,
    private readonly period: number,
  ) {
    this.level = first;
    this.day = new Float64Array(period).fill(Number.NaN);
    this.week = new Float64Array(7 * period).fill(Number.NaN);
  }

  /** What was expected at `index`, the value then being learnt. */
  take(value: number, index: number): number {
    const { period, day, week } = this;
    const slot = index % period;
    const weekSlot = index % (7 * period);
    const byLevel = this.level;
    const byDay = Number.isNaN(day[slot]!) ? byLevel : day[slot]!;
    const byWeek = Number.isNaN(week[weekSlot]!) ? byDay : week[weekSlot]!;
    const plain = dayGain * this.unit;
    this.basis = 'level';
    if (index > 2 * period && this.dayError < plain) this.basis = 'day';
    if (index > 14 * period && this.weekError < weekGain * Math.min(this.dayError, plain)) {
      this.basis = 'week';
    }
    const expected = { level: byLevel, day: byDay, week: byWeek }[this.basis];
    this.known++;
    const recent = Math.max(1 / (errorDays * period), 1 / this.known);
    this.unit += recent * (Math.abs(value - byLevel) - this.unit);
    this.dayError += recent * (Math.abs(value - byDay) - this.dayError);
    this.weekError += recent * (Math.abs(value - byWeek) - this.weekError);
    this.level += Math.max(1 / (levelDays * period), 1 / this.known) * (value - byLevel);
    day[slot] = Number.isNaN(day[slot]!) ? value : byDay + dayWeight * (value - byDay);
    week[weekSlot] = Number.isNaN(week[weekSlot]!) ? value : byWeek + weekWeight * (value - byWeek);
    return expected;
  }
}
