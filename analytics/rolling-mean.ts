/** Mean and variance of the last figures; NaN until there are enough. */
export class RollingMean {
  private readonly ring: Float64Array;
  private count = 0;
  private sum = 0;

  constructor(private readonly window: number) {
    this.ring = new Float64Array(window);
  }

  take(figure: number): void {
    const at = this.count++ % this.window;
    this.sum += figure - this.ring[at]!;
    this.ring[at] = figure;
    // Once a turn the sum is taken anew, so that no rounding adds up.
    if (at === this.window - 1) this.sum = this.ring.reduce((sum, one) => sum + one, 0);
  }

  clear(): void {
    this.count = 0;
    this.sum = 0;
    this.ring.fill(0);
  }

  mean(): number {
    return this.count < this.window ? Number.NaN : this.sum / this.window;
  }

  variance(): number {
    const centre = this.mean();
    let squares = 0;
    for (const figure of this.ring) squares += (figure - centre) ** 2;
    return squares / this.window;
  }
}
