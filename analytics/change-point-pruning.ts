/** The places at which the last level may still begin, and when one of them is out of the question. */
import type { SegmentCosts } from './change-point-costs.js';

/** Rounding of the costs, which must not drop a start: 1e-9 of a standardised value's square. */
const rounding = 1e-9;

/**
 * Candidates for the start of the last level. Each is kept with the box of levels (an interval a dimension) for
 * which no later start is as cheap, and the ball of those for which the segment before, gone on, is cheaper than
 * a change: once the box is empty or within the ball, the start cannot become best again, whatever follows
 * (functional pruning: Maidstone, Hocking, Rigaill & Fearnhead 2017; boxes: Pishchagina, Rigaill & Runge 2024).
 * PELT's own rule alone drops nothing where nothing changes, and its time grows with the square of the length.
 */
export class LevelStarts {
  readonly starts: Int32Array;
  /** Cheapest cost up to the start, and of the segment from there to the end at hand. */
  readonly totals: Float64Array;
  private count = 0;
  /** End at which others proved as cheap at any level; 0 while they did not. */
  private readonly beatenAt: Int32Array;
  // By dimension, then by candidate. The box of levels, and the level of the segment to the end at hand.
  private readonly low: Float64Array;
  private readonly high: Float64Array;
  private readonly level: Float64Array;
  /** Level and length of the segment before. */
  private readonly centre: Float64Array;
  private readonly before: Int32Array;
  private readonly dimensions: number;
  private readonly room: number;

  constructor(
    private readonly costs: SegmentCosts,
    private readonly shortest: number,
    private readonly penalty: number,
  ) {
    this.room = costs.length + 1;
    this.dimensions = costs.dimensions.length;
    this.starts = new Int32Array(this.room);
    this.totals = new Float64Array(this.room);
    this.beatenAt = new Int32Array(this.room);
    this.before = new Int32Array(this.room);
    this.low = new Float64Array(this.room * this.dimensions);
    this.high = new Float64Array(this.room * this.dimensions);
    this.level = new Float64Array(this.room * this.dimensions);
    this.centre = new Float64Array(this.room * this.dimensions);
  }

  /** A start, and the one of the segment that ends there in the best segmentation up to it. */
  add(start: number, previous: number): void {
    const k = this.count++;
    this.starts[k] = start;
    this.beatenAt[k] = 0;
    this.before[k] = start - previous;
    for (let d = 0, at = k; d < this.dimensions; d++, at += this.room) {
      this.low[at] = Number.NEGATIVE_INFINITY;
      this.high[at] = Number.POSITIVE_INFINITY;
      if (start === 0) continue;
      const { values } = this.costs.dimensions[d]!;
      this.centre[at] = (values[start]! - values[previous]!) / (start - previous);
    }
  }

  /** Fills in the totals at the end `to` and tells which candidate has the least. */
  cheapest(to: number, best: Float64Array): number {
    const { squares, dimensions, perPoint } = this.costs;
    const { starts, totals, level, count } = this;
    const squaresTo = squares[to]!;
    for (let d = 0; d < dimensions.length; d++) {
      const { values } = dimensions[d]!;
      const sumTo = values[to]!;
      const offset = d * this.room;
      for (let k = 0; k < count; k++) {
        const from = starts[k]!;
        const sum = sumTo - values[from]!;
        const mean = sum * perPoint[to - from]!;
        level[offset + k] = mean;
        const before = d === 0 ? best[from]! + squaresTo - squares[from]! : totals[k]!;
        totals[k] = before - sum * mean;
      }
    }
    let least = 0;
    for (let k = 1; k < count; k++) if (totals[k]! < totals[least]!) least = k;
    return least;
  }

  /**
   * Narrows the boxes by what a segment that starts at `to`, reached at `cost`, does as well, and drops the
   * candidates that are beaten once the segments of those that beat them are long enough to end.
   */
  prune(to: number, cost: number): void {
    const { starts, totals, beatenAt, shortest, count } = this;
    let kept = 0;
    for (let k = 0; k < count; k++) {
      if (beatenAt[k] === 0) {
        const spare = cost - totals[k]! + rounding;
        const standing = spare < 0 ? beaten : this.narrow(k, to - starts[k]!, spare);
        if (standing === beaten || (standing === narrowed && this.isWithinBall(k))) beatenAt[k] = to;
      }
      if (beatenAt[k] !== 0 && to + 1 >= beatenAt[k]! + shortest) continue;
      if (kept < k) this.move(k, kept);
      kept++;
    }
    this.count = kept;
  }

  private move(from: number, to: number): void {
    this.starts[to] = this.starts[from]!;
    this.beatenAt[to] = this.beatenAt[from]!;
    this.before[to] = this.before[from]!;
    for (let offset = 0; offset < this.room * this.dimensions; offset += this.room) {
      this.low[offset + to] = this.low[offset + from]!;
      this.high[offset + to] = this.high[offset + from]!;
      this.centre[offset + to] = this.centre[offset + from]!;
    }
  }

  /** Meets the box with the one about the ball of `spare` cost; squares tell whether it matters, mostly not. */
  private narrow(
    k: number,
    length: number,
    spare: number,
  ): typeof untouched | typeof narrowed | typeof beaten {
    const { low, high, level } = this;
    const limit = spare * this.costs.perPoint[length]!;
    let standing: typeof untouched | typeof narrowed = untouched;
    for (let d = 0, at = k; d < this.dimensions; d++, at += this.room) {
      const mean = level[at]!;
      const above = mean - low[at]!;
      const under = high[at]! - mean;
      const isLowNear = above > 0 && above * above > limit;
      const isHighNear = under > 0 && under * under > limit;
      if (!isLowNear && !isHighNear) continue;
      const reach = Math.sqrt(limit);
      if (isLowNear) low[at] = mean - reach;
      if (isHighNear) high[at] = mean + reach;
      if (low[at]! > high[at]!) return beaten;
      standing = narrowed;
    }
    return standing;
  }

  /** Whether the box lies where the segment before, gone on, is cheaper than a change. */
  private isWithinBall(k: number): boolean {
    let farthest = 0;
    for (let d = 0, at = k; d < this.dimensions; d++, at += this.room) {
      const reach = Math.max(this.centre[at]! - this.low[at]!, this.high[at]! - this.centre[at]!);
      farthest += reach * reach;
    }
    return this.before[k]! > 0 && farthest * this.before[k]! < this.penalty - rounding;
  }
}

/** What an end does to a candidate. */
const untouched = 0;
const narrowed = 1;
const beaten = 2;
