/** What is known of a single content, put together from the parts that know it. */
import type { AnalysisSettings } from './analysis-settings.js';
import type { AnalyticsDashboard } from './analytics-dashboard.js';
import { BadInputError } from './bad-input.js';
import type { ContentAnomaly } from './content-anomalies.js';
import type { ContentPerformanceSummary } from './dashboard-models.js';
import type { EngagementTracker } from './engagement-tracker.js';
import type { ExplainedTrend, TrendAnalyzer } from './trend-analyzer.js';

export const analysisTypes = ['comprehensive', 'engagement', 'trend', 'anomalies'] as const;
type AnalysisType = (typeof analysisTypes)[number];

export interface ContentAnalysis {
  content_id: string;
  analysis_type: AnalysisType;
  summary?: ContentPerformanceSummary;
  trends?: ExplainedTrend[];
  anomalies?: ContentAnomaly[];
}

interface Analyzers {
  dashboard: AnalyticsDashboard;
  trendAnalyzer: TrendAnalyzer;
  engagementTracker: EngagementTracker;
}

/** @throws BadInputError for a type that is none, StoreError `notFound` for an unknown content */
export async function analyzeContent(
  { seriesMetrics, trendDays }: Pick<AnalysisSettings, 'seriesMetrics' | 'trendDays'>,
  { dashboard, trendAnalyzer, engagementTracker }: Analyzers,
  contentId: string,
  analysisType: string,
): Promise<ContentAnalysis> {
  const type = analysisTypes.find((known) => known === analysisType);
  if (type === undefined) {
    throw new BadInputError(`Unknown analysis «${analysisType}»: give one of ${analysisTypes.join(', ')}.`);
  }
  const asks = (part: AnalysisType): boolean => type === 'comprehensive' || type === part;
  const overMetrics = async <T>(work: (metric: string) => Promise<T>): Promise<T[]> => {
    const results: T[] = [];
    for (const metric of seriesMetrics) results.push(await work(metric));
    return results;
  };
  const analysis: ContentAnalysis = { content_id: contentId, analysis_type: type };
  if (asks('engagement')) analysis.summary = await dashboard.getContentPerformanceSummary(contentId);
  if (asks('trend'))
    analysis.trends = await overMetrics((metric) => trendAnalyzer.explainTrend(contentId, metric, trendDays));
  if (asks('anomalies')) {
    const found = await overMetrics((metric) =>
      engagementTracker.detectAnomalies(contentId, metric, trendDays),
    );
    analysis.anomalies = found.flat();
  }
  return analysis;
}
