/** From what score on a release does well or badly. */

export interface ScoreThresholds {
  /** Scores at or below it are low. */
  low: number;
  /** Scores at or above it are high. */
  high: number;
}

export interface PerformanceThresholds extends ScoreThresholds {
  /** Where a platform has others than these. */
  byPlatform: Readonly<Partial<Record<string, ScoreThresholds>>>;
}

export type PerformanceBand = 'low' | 'typical' | 'high';

/** Scores have three digits, and so have thresholds that are weighted out. */
const thousandths = 1_000;

/**
 * The thresholds that a score is held against: those of the platforms that it is made of, each by the share of the
 * score that it decides. A score of one platform alone has that platform's.
 * @param contributions their weights add up to 1.
 */
export function thresholdsOfScore(
  { low, high, byPlatform }: PerformanceThresholds,
  contributions: readonly { platform: string; weight: number }[],
): ScoreThresholds {
  const weighted = (general: number, of: (own: ScoreThresholds) => number): number => {
    const moved = contributions.reduce((sum, { platform, weight }) => {
      const own = byPlatform[platform];
      return own === undefined ? sum : sum + weight * (of(own) - general);
    }, 0);
    return moved === 0 ? general : Math.round((general + moved) * thousandths) / thousandths;
  };
  return { low: weighted(low, (own) => own.low), high: weighted(high, (own) => own.high) };
}

/** What a score is worth; thresholds belong to the bands that they open. */
export function performanceBand(score: number, { low, high }: ScoreThresholds): PerformanceBand {
  if (score >= high) return 'high';
  return score <= low ? 'low' : 'typical';
}
