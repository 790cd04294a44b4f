import { expect, it } from 'vitest';
import { parseRetryAfter } from '../../../sources/transport/retry-after.js';

const now = new Date('2026-03-01T12:00:00Z');

it.each([
  ['0', 0],
  ['1', 1_000],
  ['0.2', 200],
  ['13749', 13_749_000],
  ['  7 ', 7_000],
  ['Sun, 01 Mar 2026 12:00:30 GMT', 30_000],
  ['Sun, 01 Mar 2026 11:00:00 GMT', 0],
])('reads %j', (header, ms) => {
  expect(parseRetryAfter(header, now)).toBe(ms);
});

it.each([null, undefined, '', '-5', '5m', 'soon', 'NaN', '1e3', '2026-03-01'])(
  'takes %j for no wish',
  (header) => {
    expect(parseRetryAfter(header, now)).toBeNull();
  },
);

it('takes a wish past a week for a week', () => {
  const week = 7 * 86_400_000;
  expect(parseRetryAfter('99999999999999999999', now)).toBe(week);
  expect(parseRetryAfter('Sun, 01 Mar 2099 12:00:30 GMT', now)).toBe(week);
});
