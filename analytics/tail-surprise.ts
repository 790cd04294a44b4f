/**
 * How rare a figure is among all before it: −log10 of its upper tail probability, by peaks over threshold with an
 * exponential tail (Pickands 1975; for streams Siffer et al. 2017). The threshold is the 98 % quantile of
 * everything so far, exactly, told anew whenever a tenth more is known.
 */
import { selectInPlace } from './summary.js';

/** Share of the figures that are the tail. */
const tailShare = 0.02;
/**
 * Share that is kept: what lies below is among the upper 2 % again only once there are twelve times as many figures
 * of which none has come so high.
 */
const keptShare = 0.25;
const growth = 1.1;
const fewestPeaks = 3;
const decade = Math.LN10;
const atThreshold = -Math.log10(tailShare);

export class TailSurprise {
  /** 98 % quantile so far; infinite before the first telling. */
  threshold = Number.POSITIVE_INFINITY;
  private excess = 1;
  private known = 0;
  private kept: Float64Array;
  private keptCount = 0;
  private floor = Number.NEGATIVE_INFINITY;
  private next: number;

  /** @param warmUp figures before the first one is judged, at least 3. */
  constructor(warmUp: number) {
    this.next = warmUp;
    this.kept = new Float64Array(2 * warmUp);
  }

  /**
   * 0 in the lower 98 %, from 1.7 on above; then learns the figure.
   * @param unit least size of an excess that means anything, in the figure's own unit.
   */
  take(figure: number, unit: number): number {
    let surprise = 0;
    if (figure > this.threshold) {
      const scale = Math.max(this.excess, unit, Number.MIN_VALUE);
      surprise = Math.min(Number.MAX_VALUE, atThreshold + (figure - this.threshold) / scale / decade);
    }
    this.learn(figure);
    return surprise;
  }

  private learn(figure: number): void {
    this.known++;
    if (figure >= this.floor) {
      if (this.keptCount === this.kept.length) {
        const larger = new Float64Array(2 * this.keptCount);
        larger.set(this.kept);
        this.kept = larger;
      }
      this.kept[this.keptCount++] = figure;
    }
    if (this.known >= this.next) this.tell();
  }

  private tell(): void {
    const { kept, keptCount, known } = this;
    this.next = Math.ceil(known * growth);
    const peaks = Math.max(fewestPeaks, Math.floor(tailShare * known));
    // Figures that have fallen for good: the threshold stays where it is.
    if (keptCount <= peaks) return;
    const rank = keptCount - 1 - peaks;
    this.threshold = selectInPlace(kept, rank, keptCount);
    let sum = 0;
    for (let i = rank + 1; i < keptCount; i++) sum += kept[i]! - this.threshold;
    this.excess = sum / peaks;
    const remaining = Math.max(peaks + 1, Math.ceil(keptShare * known));
    if (keptCount > remaining) this.prune(selectInPlace(kept, keptCount - remaining, keptCount));
  }

  /** Ties with the floor stay. */
  private prune(floor: number): void {
    const { kept, keptCount } = this;
    let count = 0;
    for (let i = 0; i < keptCount; i++) if (kept[i]! >= floor) kept[count++] = kept[i]!;
    this.keptCount = count;
    this.floor = floor;
  }
}
