import { addDays, dayOf } from '../analytics/calendar.js';
import { readImpact } from '../analytics/insight-impact.js';
import { judgeOutcome, outcomeVersion } from '../analytics/insight-outcome.js';
import {
  duePredictions,
  saveOutcomes,
  type DuePrediction,
  type InsightOutcome,
} from '../store/insight-outcomes.js';
import type { Queryable } from '../store/queryable.js';
import { measureOutcome } from './measure-insight-outcome.js';

/** A day's figures settle for so long after it. */
const settlingDays = 3;

/**
 * Checks an artist's decisions on insights whose predicted horizon has passed: what became of the metric, against
 * the predicted limits and the baseline; for accepted insights, and for dismissed ones as a control. Once a decision.
 */
export async function checkOutcomes(
  db: Queryable,
  artistId: number,
  { runId, now }: { runId: string; now: Date },
): Promise<void> {
  const settled = addDays(dayOf(now, 'UTC'), -settlingDays);
  const outcomes: InsightOutcome[] = [];
  for (const due of await duePredictions(db, artistId, settled)) {
    const outcome = await outcomeOf(db, artistId, due);
    if (outcome !== null) outcomes.push(outcome);
  }
  await saveOutcomes(db, outcomes, { runId, methodVersion: String(outcomeVersion), checkedAt: now });
}

async function outcomeOf(
  db: Queryable,
  artistId: number,
  due: DuePrediction,
): Promise<InsightOutcome | null> {
  const predicted = readImpact(due.evidence.data_supporting);
  if (predicted === null) return null;
  const { metric, unit, low, expected, high, baseline } = predicted;
  const horizonDay = addDays(due.decidedOn, predicted.horizon_days);
  const measured = await measureOutcome(db, artistId, due, predicted, horizonDay);
  return {
    ...{ insightId: due.insightId, eventId: due.eventId, metric, unit, horizonDay },
    ...{ low, expected, high, baseline, actual: measured.value, points: measured.points },
    verdict: judgeOutcome(predicted, measured),
    reason: measured.reason,
  };
}
