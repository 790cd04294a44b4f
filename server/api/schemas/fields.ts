/** Fields that many requests have, read as the contract says and told in the API's description as they are usually sent. */
import { z } from 'zod';
import { parsePlatform, platforms } from '../../../contracts/vocabulary.js';
import { parseTimeframe, timeframes } from '../../../services/timeframe.js';

const longestName = 200;

export const contentIdField = z
  .string()
  .min(1)
  .max(longestName)
  .regex(/\S/, 'has a character that is no space')
  .describe('A content by our key or by the platform’s own id.');

export const metricNameField = z
  .string()
  .min(1)
  .max(longestName)
  .regex(/\S/, 'has a character that is no space')
  .describe('`views`, `likes`, `comments`, `shares`, `engagement_rate`, `watch_time`, or any other name.');

/** In any case, and `x` for twitter. */
export const platformField = z
  .preprocess((told) => (typeof told === 'string' ? (parsePlatform(told) ?? told) : told), z.enum(platforms))
  .describe('A platform, in any case; `x` is twitter.');

/** Also by the names of the enum, such as `LAST_7_DAYS`. */
export const timeframeField = z
  .preprocess((told) => {
    if (typeof told !== 'string') return told;
    try {
      return parseTimeframe(told);
    } catch {
      return told;
    }
  }, z.enum(timeframes))
  .describe('The last days up to now, or with `mtd` this month; also by name, such as `LAST_7_DAYS`.');

export const contentIdsField = z.array(contentIdField).min(1).max(1_000);
export const instant = z.iso.datetime().describe('RFC 3339, UTC.');
export const isoDay = z.iso.date();

/** A body whose fields are all optional; none at all is an empty one. */
export function optionalBody<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.preprocess((told) => told ?? {}, z.strictObject(shape));
}
