/** Alerts against planted events: precision, recall, and what a year of one series brings in false alerts. */

export interface EventTruth {
  /** Days of the series. */
  days: number;
  /** First and last day (indices) on which each event shows. */
  events: readonly { readonly from: number; readonly to: number }[];
}

export interface EventScores {
  events: number;
  alerts: number;
  precision: number;
  recall: number;
  falsePerSeriesYear: number;
}

/**
 * An alert from an event's first day until `graceDays` after its last belongs to it; an event is found once,
 * and further alerts of a found one are neither right nor false. Precision is 1 without an alert.
 */
export function scoreEvents(
  truths: readonly EventTruth[],
  alerts: readonly (readonly number[])[],
  graceDays = 3,
): EventScores {
  let events = 0;
  let found = 0;
  let raised = 0;
  let wrong = 0;
  let days = 0;
  truths.forEach((truth, k) => {
    const hit = truth.events.map(() => false);
    for (const at of alerts[k]!) {
      raised++;
      const event = truth.events.findIndex(({ from, to }) => at >= from && at <= to + graceDays);
      if (event >= 0) hit[event] = true;
      else wrong++;
    }
    events += hit.length;
    found += hit.filter(Boolean).length;
    days += truth.days;
  });
  return {
    events,
    alerts: raised,
    precision: found + wrong > 0 ? found / (found + wrong) : 1,
    recall: events > 0 ? found / events : 1,
    falsePerSeriesYear: days > 0 ? wrong / (days / 365.25) : 0,
  };
}
