import {
  correlateFeatures,
  type CorrelationFamily,
  type FeatureAssociation,
} from '../analytics/feature-correlation.js';
import { featureImportance, type ImportanceAnalysis } from '../analytics/feature-importance.js';
import type { FeatureTable } from '../analytics/feature-table.js';
import { platformDifferences, type PlatformDifferences } from '../analytics/platform-differences.js';
import { observedContents } from '../store/engagement.js';
import { readContentFeatures, type ContentFeatures } from '../store/features.js';
import type { AnalyticsDeps } from './analytics-deps.js';
import { tabulate } from './correlate-features.js';
import { requirePlatform } from './engagement-tracker.js';
import { outcomeName, readEqualAgeValues } from './equal-age-values.js';
import { requireContents } from './known-contents.js';
import { readingFilter } from './reading-period.js';
import { lastDays } from './timeframe.js';

/** How features of contents go with their outcomes. */
export class CorrelationAnalyzer {
  constructor(private readonly deps: AnalyticsDeps) {}

  /**
   * Correlations over the contents of approved releases that were observed in the last days, with outcomes at
   * equal age and lifetime totals; the tests are one family, each held against age, platform and format.
   * Possibly empty.
   * @param contentIds none given means all.
   * @throws StoreError `notFound` for an unknown content, BadInputError for an unknown platform.
   */
  async analyzeFeatureCorrelations(
    contentIds?: readonly string[],
    platforms?: readonly string[],
    timePeriodDays = 90,
  ): Promise<FeatureAssociation[]> {
    return (await this.explainFeatureCorrelations(contentIds, platforms, timePeriodDays)).results;
  }

  /**
   * The same, with the tests that have no answer and the reason of each.
   * @throws StoreError `notFound` for an unknown content, BadInputError for an unknown platform.
   */
  async explainFeatureCorrelations(
    contentIds?: readonly string[],
    platforms?: readonly string[],
    timePeriodDays = 90,
  ): Promise<CorrelationFamily> {
    const key = `correlations ${JSON.stringify([contentIds, platforms, timePeriodDays])}`;
    return this.deps.cache.remember(key, async () => {
      const table = await this.tableOf(await this.observed(contentIds, platforms, timePeriodDays));
      const { significanceLevel, minContents } = this.deps.settings;
      return correlateFeatures(table, { significanceLevel, minContents });
    });
  }

  /**
   * What a model of all features loses without each of them, for every outcome, with intervals; withheld ones
   * with the reason. Contents are chosen as for the correlations.
   * @param contentIds none given means all.
   * @throws StoreError `notFound` for an unknown content, BadInputError for an unknown platform.
   */
  async getFeatureImportance(
    contentIds?: readonly string[],
    platforms?: readonly string[],
    timePeriodDays = 90,
  ): Promise<ImportanceAnalysis> {
    const key = `importance ${JSON.stringify([contentIds, platforms, timePeriodDays])}`;
    return this.deps.cache.remember(key, async () =>
      featureImportance(await this.tableOf(await this.observed(contentIds, platforms, timePeriodDays))),
    );
  }

  /**
   * Whether each metric differs between platforms at each age, over all contents of approved releases observed
   * in the last days; withheld ones with the reason.
   * @param metrics none given means those whose series are analysed.
   * @param platforms none given means all.
   * @throws BadInputError for an unknown platform.
   */
  async analyzePlatformDifferences(
    metrics?: readonly string[],
    platforms?: readonly string[],
    timePeriodDays = 90,
  ): Promise<PlatformDifferences> {
    const key = `platform differences ${JSON.stringify([metrics, platforms, timePeriodDays])}`;
    return this.deps.cache.remember(key, async () => {
      const { pool, settings } = this.deps;
      const contents = await this.observed(undefined, platforms, timePeriodDays);
      const known = new Map(contents.map((content) => [content.contentId, content]));
      const signal = new AbortController().signal;
      const values = await readEqualAgeValues(pool, Array.from(known.keys()), settings.scoreAges, signal);
      const asked = metrics ?? settings.seriesMetrics;
      return platformDifferences(
        values
          .filter(({ metric }) => asked.includes(metric))
          .map(({ contentId, metric, ageDays, value }) => {
            const { platform, releaseId } = known.get(contentId)!;
            return { platform, releaseId, metric: outcomeName(metric, ageDays), value };
          }),
        { significanceLevel: settings.significanceLevel, minContents: settings.minContents },
      );
    });
  }

  clearCache(): void {
    this.deps.cache.clear();
  }

  private async observed(
    contentIds: readonly string[] | undefined,
    platforms: readonly string[] | undefined,
    timePeriodDays: number,
  ): Promise<ContentFeatures[]> {
    const { pool, clock } = this.deps;
    const chosen = contentIds === undefined ? null : await requireContents(pool, contentIds);
    const observed = await observedContents(
      pool,
      readingFilter(lastDays(timePeriodDays, clock.now()), {
        platforms: platforms?.map(requirePlatform) ?? null,
        contentIds: chosen?.map(({ contentId }) => contentId) ?? null,
      }),
    );
    return readContentFeatures(pool, { artistId: null, contentIds: observed });
  }

  private tableOf(contents: readonly ContentFeatures[]): Promise<FeatureTable> {
    const { pool, clock, settings } = this.deps;
    return tabulate(pool, contents, { settings, asOf: clock.now(), signal: new AbortController().signal });
  }
}
