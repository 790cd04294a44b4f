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
  /** End at which a later start proved as cheap; 0 while none did. */
  private readonly beatenAt: Int32Array;
  private readonly low: Float64Array;
  private readonly high: Float64Array;
  /** Level and length of the segment before. */
  private readonly centre: Float64Array;
  private readonly before: Int32Array;
  private readonly dimensions: number;

  constructor(
    private readonly costs: SegmentCosts,
    private readonly shortest: number,
    private readonly penalty: number,
  ) {
    const room = costs.length + 1;
    this.dimensions = costs.dimensions.length;
    this.starts = new Int32Array(room);
    this.totals = new Float64Array(room);
    this.beatenAt = new Int32Array(room);
    this.before = new Int32Array(room);
    this.low = new Float64Array(room * this.dimensions);
    this.high = new Float64Array(room * this.dimensions);
    this.centre = new Float64Array(room * this.dimensions);
  }

  /** A start, and the one of the segment that ends there in the best segmentation up to it. */
  add(start: number, previous: number): void {
    const k = this.count++;
    const at = k * this.dimensions;
    this.starts[k] = start;
    this.beatenAt[k] = 0;
    this.before[k] = start - previous;
    this.low.fill(Number.NEGATIVE_INFINITY, at, at + this.dimensions);
    this.high.fill(Number.POSITIVE_INFINITY, at, at + this.dimensions);
    for (let d = 0; d < this.dimensions && start > 0; d++) {
      const { values } = this.costs.dimensions[d]!;
      this.centre[at + d] = (values[start]! - values[previous]!) / (start - previous);
    }
  }

  /** Fills in the totals at the end `to` and tells which candidate has the least. */
  cheapest(to: number, best: Float64Array): number {
    const { squares, dimensions, perPoint } = this.costs;
    const squaresTo = squares[to]!;
    const { starts, totals, count } = this;
    let least = 0;
    for (let k = 0; k < count; k++) {
      const from = starts[k]!;
      let total = best[from]! + squaresTo - squares[from]!;
      for (let d = 0; d < dimensions.length; d++) {
        const { values } = dimensions[d]!;
        const sum = values[to]! - values[from]!;
        total -= sum * sum * perPoint[to - from]!;
      }
      totals[k] = total;
      if (total < totals[least]!) least = k;
    }
    return least;
  }

  /**
   * Narrows the boxes by what a segment that starts at `to`, reached at `cost`, does as well, and drops the
   * candidates that are beaten: by an earlier start at once, by a later one when its segment is long enough.
   */
  prune(to: number, cost: number): void {
    let kept = 0;
    for (let k = 0; k < this.count; k++) {
      if (this.beatenAt[k] === 0) {
        const spare = cost - this.totals[k]! + rounding;
        if (spare < 0 || !this.narrow(k, to, spare)) this.beatenAt[k] = to;
        else if (this.isWithinBall(k)) continue;
      }
      if (this.beatenAt[k] !== 0 && to + 1 >= this.beatenAt[k]! + this.shortest) continue;
      if (kept < k) this.move(k, kept);
      kept++;
    }
    this.count = kept;
  }

  private move(from: number, to: number): void {
    this.starts[to] = this.starts[from]!;
    this.beatenAt[to] = this.beatenAt[from]!;
    this.before[to] = this.before[from]!;
    for (let d = 0; d < this.dimensions; d++) {
      const source = from * this.dimensions + d;
      const target = to * this.dimensions + d;
      this.low[target] = this.low[source]!;
      this.high[target] = this.high[source]!;
      this.centre[target] = this.centre[source]!;
    }
  }

  /** Meets the box with the one about the ball of `spare` cost; false once nothing is left of it. */
  private narrow(k: number, to: number, spare: number): boolean {
    const { low, high } = this;
    const from = this.starts[k]!;
    const length = to - from;
    const reach = Math.sqrt(spare / length);
    for (let d = 0; d < this.dimensions; d++) {
      const { values } = this.costs.dimensions[d]!;
      const at = k * this.dimensions + d;
      const level = (values[to]! - values[from]!) / length;
      if (level - reach > low[at]!) low[at] = level - reach;
      if (level + reach < high[at]!) high[at] = level + reach;
      if (low[at]! > high[at]!) return false;
    }
    return true;
  }

  /** Whether the box lies where the segment before, gone on, is cheaper than a change. */
  private isWithinBall(k: number): boolean {
    let farthest = 0;
    for (let at = k * this.dimensions; at < (k + 1) * this.dimensions; at++) {
      const reach = Math.max(this.centre[at]! - this.low[at]!, this.high[at]! - this.centre[at]!);
      farthest += reach * reach;
    }
    return this.before[k]! > 0 && farthest * this.before[k]! < this.penalty - rounding;
  }
}
