/** What the analyses go by. */
import { fraction, wholeNumber } from '../setting-kinds.js';
import { group } from './declaration.js';

const analysis = group('Analysis');

export const analysisSettings = {
  CACHE_TTL_SECONDS: analysis(wholeNumber(0, 86_400), 300, 'How long a computed answer is served again.'),
  MIN_DATA_POINTS_FOR_ANALYSIS: analysis(
    wholeNumber(3, 1_000),
    10,
    'Below it a series has no trend and no forecast.',
  ),
  MIN_POINTS_FOR_ANOMALIES: analysis(
    wholeNumber(14, 1_000),
    14,
    'Final points that a series needs before a day can be unusual.',
  ),
  MIN_CONTENTS_FOR_CORRELATION: analysis(
    wholeNumber(4, 10_000),
    10,
    'Contents that a correlation needs at least.',
  ),
  CORRELATION_SIGNIFICANCE_THRESHOLD: analysis(
    fraction(0.0001, 0.5),
    0.05,
    'After control of the false-discovery rate.',
  ),
  LOW_PERFORMANCE_THRESHOLD: analysis(fraction(0, 10), 3, 'Scores at or below it are low.'),
  HIGH_PERFORMANCE_THRESHOLD: analysis(fraction(0, 10), 7, 'Scores at or above it are high.'),
  STOCK_HALF_LIFE_DAYS: analysis(
    fraction(0.1, 3_650),
    30,
    'After so long, evidence about a stock source counts half.',
  ),
  ANALYSIS_BATCH_SIZE: analysis(
    wholeNumber(2, 10_000),
    100,
    'Series a batch; halved when memory runs short.',
  ),
  ANALYSIS_MEMORY_LIMIT_MIB: analysis(wholeNumber(128, 1_048_576), 1_000, 'Past it, batches are halved.'),
} as const;
