import type { AnalysisStepName } from '../../contracts/runs.js';
import type { AnalysisDeps } from '../../services/analysis-step.js';
import { correlateFeatures } from '../../services/correlate-features.js';
import { detectAnomalies } from '../../services/detect-anomalies.js';
import { feedStockSources } from '../../services/feed-stock-sources.js';
import { forecastTrends } from '../../services/forecast-trends.js';
import { generateInsights } from '../../services/generate-insights.js';
import { scoreReleases } from '../../services/score-releases.js';
import { analysisActivity, type AnalysisActivity } from './run-step.js';

/** The steps of the analysis chain as activities of the analysis queue; each is idempotent by run and natural keys. */
export function createAnalysisActivities(deps: AnalysisDeps): Record<AnalysisStepName, AnalysisActivity> {
  return {
    detectAnomalies: analysisActivity(detectAnomalies, deps),
    forecastTrends: analysisActivity(forecastTrends, deps),
    correlateFeatures: analysisActivity(correlateFeatures, deps),
    generateInsights: analysisActivity(generateInsights, deps),
    scoreReleases: analysisActivity(scoreReleases, deps),
    feedStockSources: analysisActivity(feedStockSources, deps),
  };
}
