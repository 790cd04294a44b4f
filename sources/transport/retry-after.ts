/** A week; a longer wish is a mistake of the platform's or an overflow on the way. */
const longestMs = 7 * 86_400_000;

/**
 * The wait that a `Retry-After` header asks for, in ms: a number of seconds or an HTTP date.
 *
 * Nothing is added to a tiny wish and nothing taken from one of hours; what is past a week counts as a week.
 * @param now the response's own clock, against which a date is read
 * @returns null where the header is missing or is neither form
 */
export function parseRetryAfter(header: string | null | undefined, now: Date): number | null {
  const text = header?.trim() ?? '';
  if (/^\d+(\.\d+)?$/.test(text)) return Math.min(Math.ceil(Number(text) * 1000), longestMs);
  // `Date.parse` reads «-5» and «5m» as dates too: an HTTP date has a month's name and a clock.
  if (!/[a-z]{3}.*\d{2}:\d{2}:\d{2}/i.test(text)) return null;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : Math.min(Math.max(at - now.getTime(), 0), longestMs);
}
