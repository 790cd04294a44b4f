/** What became of the figure that an insight's prediction speaks of. */
import { addDays, daysBetween } from '../analytics/calendar.js';
import { associationAmong } from '../analytics/feature-association.js';
import type { PredictedImpact } from '../analytics/insight-impact.js';
import type { Measured } from '../analytics/insight-outcome.js';
import { countFinite, mean, standardDeviation } from '../analytics/summary.js';
import { findContents } from '../store/engagement.js';
import { outcomesOfFeature, type DuePrediction } from '../store/insight-outcomes.js';
import type { Queryable } from '../store/queryable.js';
import { latestScores } from '../store/scores.js';
import { readDailySeries } from '../store/series.js';
import { readStockHistory } from '../store/stock.js';

/** Of the days ahead so many must have a value. */
const leastShareOfDays = 0.5;
/** Fewer further releases than this tell nothing of a mean. */
const leastReleases = 3;

function withheld(reason: string, points = 0): Measured {
  return { value: null, error: 0, points, reason };
}

/** The mean of scores, with its standard error. */
function meanOf(scores: readonly number[], what: string): Measured {
  const values = Float64Array.from(scores);
  if (values.length < leastReleases) {
    return withheld(`needs ${leastReleases - values.length} more ${what} since the decision`, values.length);
  }
  const error = standardDeviation(values) / Math.sqrt(values.length);
  return { value: mean(values), error, points: values.length, reason: null };
}

/**
 * @param horizonDay the last ISO day that the prediction speaks of.
 * @returns a null value with the reason where it cannot be told.
 */
export async function measureOutcome(
  db: Queryable,
  artistId: number,
  due: DuePrediction,
  predicted: PredictedImpact,
  horizonDay: string,
): Promise<Measured> {
  switch (due.insightType) {
    case 'rising_trend':
    case 'falling_trend':
    case 'anomaly':
      return measureDays(db, due, predicted, horizonDay);
    case 'low_performance':
    case 'high_performance':
      return measureScore(db, artistId, due, horizonDay);
    case 'stock_source':
      return measureSource(db, artistId, due, horizonDay);
    case 'feature_association':
      return measureFeature(db, artistId, due, predicted);
    default:
      return withheld('what follows it is not measured');
  }
}

/** The mean of the days after the decision, up to the horizon; as a change where the prediction is one. */
async function measureDays(
  db: Queryable,
  { evidence, decidedOn }: DuePrediction,
  { metric, unit, base }: PredictedImpact,
  horizonDay: string,
): Promise<Measured> {
  const known = await findContents(db, evidence.affected_content, null);
  const ids = known.map(({ contentId }) => contentId);
  const [content] = await readDailySeries(db, ids, [metric]);
  const values = content?.metrics.get(metric);
  if (content === undefined || values === undefined) return withheld(`no days of ${metric} are known`);
  const from = daysBetween(content.startDay, addDays(decidedOn, 1));
  const to = daysBetween(content.startDay, addDays(horizonDay, 1));
  const ahead = values.slice(Math.max(0, from), Math.max(0, to));
  const told = countFinite(ahead);
  const needed = Math.ceil(leastShareOfDays * (to - from));
  if (told < needed) return withheld(`needs ${needed - told} more days after the decision`, told);
  const level = mean(ahead);
  if (unit !== 'relative change') return { value: level, error: 0, points: told, reason: null };
  return base !== undefined && base > 0
    ? { value: level / base - 1, error: 0, points: told, reason: null }
    : withheld('the level that the change speaks of is not known', told);
}

/** A low one: the release's next score. A high one: the scores of the artist's releases since. */
async function measureScore(
  db: Queryable,
  artistId: number,
  { insightType, evidence, decidedOn }: DuePrediction,
  horizonDay: string,
): Promise<Measured> {
  const releaseId = Number(evidence.data_supporting['release_id']);
  const age = Number(evidence.data_supporting['age_days']);
  const scores = await latestScores(db, { artistIds: [artistId], releaseIds: null });
  const told = scores.flatMap(({ score, ...rest }) => (score === null ? [] : [{ ...rest, score }]));
  if (insightType === 'low_performance') {
    const later = told.filter((one) => one.releaseId === releaseId && one.ageDays > age);
    const next = later.sort((a, b) => b.ageDays - a.ageDays)[0];
    return next === undefined
      ? withheld('the release has no score at a later age')
      : { value: next.score, error: 0, points: 1, reason: null };
  }
  const since = told.filter(
    ({ releaseId: other, ageDays, checkpointDay }) =>
      other !== releaseId && addDays(checkpointDay, -ageDays) > decidedOn && checkpointDay <= horizonDay,
  );
  const oldest = new Map(
    since.sort((a, b) => a.ageDays - b.ageDays).map((one) => [one.releaseId, one.score]),
  );
  return meanOf(Array.from(oldest.values()), 'scored releases');
}

/** The scores of releases that used the source since the decision. */
async function measureSource(
  db: Queryable,
  artistId: number,
  { evidence, decidedOn }: DuePrediction,
  horizonDay: string,
): Promise<Measured> {
  const name = evidence.data_supporting['source_name'];
  const history = await readStockHistory(db, horizonDay, artistId);
  const used = history.filter(
    (release) => release.decidedOn > decidedOn && release.clips.some(({ sourceName }) => sourceName === name),
  );
  return meanOf(
    used.map(({ score }) => score),
    'scored releases that used the source',
  );
}

/** The same association among the contents published since. */
async function measureFeature(
  db: Queryable,
  artistId: number,
  { evidence, decidedAt }: DuePrediction,
  { metric }: PredictedImpact,
): Promise<Measured> {
  const feature = String(evidence.data_supporting['feature']);
  const pairs = await outcomesOfFeature(db, { artistId, feature, metric, publishedAfter: decidedAt });
  return associationAmong(pairs, feature.includes('='));
}
