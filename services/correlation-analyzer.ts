import { correlateFeatures } from '../analytics/feature-correlation.js';
import type { CorrelationResult } from '../contracts/models.js';
import { observedContents } from '../store/engagement.js';
import { readContentFeatures } from '../store/features.js';
import type { AnalyticsDeps } from './analytics-deps.js';
import { tabulate } from './correlate-features.js';
import { requirePlatform } from './engagement-tracker.js';
import { requireContents } from './known-contents.js';
import { readingFilter } from './reading-period.js';
import { lastDays } from './timeframe.js';

/** How features of contents go with their outcomes. */
export class CorrelationAnalyzer {
  constructor(private readonly deps: AnalyticsDeps) {}

  /**
   * Correlations over the contents of approved releases that were observed in the last days, with outcomes at
   * equal age; the tests are one family. Possibly empty.
   * @param contentIds none given means all.
   * @throws StoreError `notFound` for an unknown content, BadInputError for an unknown platform.
   */
  async analyzeFeatureCorrelations(
    contentIds?: readonly string[],
    platforms?: readonly string[],
    timePeriodDays = 90,
  ): Promise<CorrelationResult[]> {
    const key = `correlations ${JSON.stringify([contentIds, platforms, timePeriodDays])}`;
    return this.deps.cache.remember(key, async () => {
      const { pool, clock, settings } = this.deps;
      const chosen = contentIds === undefined ? null : await requireContents(pool, contentIds);
      const observed = await observedContents(
        pool,
        readingFilter(lastDays(timePeriodDays, clock.now()), {
          platforms: platforms?.map(requirePlatform) ?? null,
          contentIds: chosen?.map(({ contentId }) => contentId) ?? null,
        }),
      );
      const contents = await readContentFeatures(pool, { artistId: null, contentIds: observed });
      const table = await tabulate(pool, contents, settings, new AbortController().signal);
      const { results } = correlateFeatures(table, { significanceLevel: settings.significanceLevel });
      return results;
    });
  }

  clearCache(): void {
    this.deps.cache.clear();
  }
}
