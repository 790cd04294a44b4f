/** Which of the periods that may be there is: the one least likely by chance, and the plainest of those like it. */
import { fold } from './period-phases.js';
import { candidatePeriods } from './period-scan.js';
import { testPeriod, type PeriodTest } from './period-test.js';

/** Share of the chance of error that is spent on the periods of the calendar. */
const calendarShare = 0.8;
/** A day within a week names the pattern where it explains this share of what the week does. */
const dayWithinWeek = 0.2;
/** A period of the calendar names the pattern of any other multiple of it where it explains this share. */
const withinMultiple = 0.8;
/** A much shorter period is preferred unless the longer one is this many natural logarithms less likely chance. */
const longerBy = 5;
/** A period of the calendar is preferred to one that cannot be told from it at this difference. */
const calendarBy = 3;

export interface Sought {
  calendar: readonly number[];
  longest: number;
  significance: number;
  /** Periods that were taken out already. */
  known: readonly number[];
}

/**
 * The period whose pattern is least likely to be chance, among those that pass their test, or the smaller one
 * of the calendar that it holds instead of it where that explains enough; null where none passes.
 */
export function clearestPeriod(rest: Float64Array, sought: Sought): PeriodTest | null {
  const { calendar, longest, significance, known } = sought;
  const tested = new Map<number, PeriodTest | null>();
  const test = (period: number): PeriodTest | null => {
    const before = tested.get(period);
    if (before !== undefined) return before;
    const suggested = calendar.includes(period);
    const trials = suggested ? calendar.length : longest;
    const share = suggested ? calendarShare : 1 - calendarShare;
    const tests = testPeriod(rest, period);
    // Told as the chance over the whole search, whose level is `significance`.
    const correction = Math.log((trials * tests.length) / share);
    let best: PeriodTest | null = null;
    for (const one of tests) {
      const logP = Math.min(0, one.logP + correction);
      if (logP < Math.log(significance) && (best === null || logP < best.logP)) best = { ...one, logP };
    }
    tested.set(period, best);
    return best;
  };
  const scanned = longest > 1 ? candidatePeriods(rest, longest) : [];
  let best: PeriodTest | null = null;
  for (const period of new Set([...calendar, ...scanned])) {
    const one = known.includes(period) ? null : test(period);
    if (one !== null && (best === null || one.logP < best.logP)) best = one;
  }
  if (best === null) return null;
  if (longest > 1) {
    best = climb(best, known, test);
    const shorter = muchShorter(best, tested);
    if (shorter !== null) best = climb(shorter, known, test);
    best = onTheCalendar(best, rest.length, calendar, tested);
  }
  return withinMultipleOf(best, rest, calendar, tested) ?? best;
}

/** The quick look may be off by one: neighbours are tried for as long as they are better. */
function climb(
  from: PeriodTest,
  known: readonly number[],
  test: (period: number) => PeriodTest | null,
): PeriodTest {
  let best = from;
  for (const step of [-1, 1]) {
    for (;;) {
      const period = best.period + step;
      const next = period < 2 || known.includes(period) ? null : test(period);
      if (next === null || next.logP >= best.logP) break;
      best = next;
    }
  }
  return best;
}

/** The shortest period well below the best one that is hardly less clear: a multiple shows the same pattern. */
function muchShorter(best: PeriodTest, tested: Tested): PeriodTest | null {
  let shortest: PeriodTest | null = null;
  for (const one of tested.values()) {
    if (one === null || one.period > 0.75 * best.period || one.logP > best.logP + longerBy) continue;
    if (shortest === null || one.period < shortest.period) shortest = one;
  }
  return shortest;
}

/** The calendar's period where n points cannot tell the best one from it. */
function onTheCalendar(best: PeriodTest, n: number, calendar: readonly number[], tested: Tested): PeriodTest {
  for (const period of calendar) {
    const one = tested.get(period) ?? null;
    const apart = Math.abs(period - best.period);
    if (one !== null && apart <= (period * period) / (2 * n) && one.logP <= best.logP + calendarBy)
      return one;
  }
  return best;
}

/**
 * The period of the calendar that the best one is a multiple of, where it explains enough of what that does: the
 * day within its week, and any within a multiple that the calendar does not know.
 */
function withinMultipleOf(
  best: PeriodTest,
  rest: Float64Array,
  calendar: readonly number[],
  tested: Tested,
): PeriodTest | null {
  for (const period of calendar) {
    const one = tested.get(period) ?? null;
    if (one === null || period >= best.period || best.period % period !== 0) continue;
    const isWeek = best.period === 7 * period;
    if (!isWeek && calendar.includes(best.period)) continue;
    const needed = isWeek ? dayWithinWeek : withinMultiple;
    if (explained(rest, period) >= needed * explained(rest, best.period)) return one;
  }
  return null;
}

type Tested = ReadonlyMap<number, PeriodTest | null>;

/** Share of the variance that the phases of a period explain beyond what chance would. */
function explained(values: Float64Array, period: number): number {
  const { between, total, n } = fold(values, period);
  return Math.max(0, 1 - ((total - between) / (n - period)) * ((n - 1) / total));
}
