import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseDuration } from '../../../sources/youtube/duration.js';

it.each([
  ['PT4M13S', 253],
  ['PT58S', 58],
  ['PT1H', 3600],
  ['P1DT2H3M4S', 93_784],
  ['P1W', 604_800],
  ['PT0.5S', 0.5],
  ['253s', 253],
  ['1.500s', 1.5],
])('reads %s as %d seconds', (text, seconds) => {
  expect(parseDuration(text)).toBe(seconds);
});

it.each(['', 'P', 'PT', 'P0D', 'PT0S', '4:13', 'PT4M13', 'PT-4S', '253', 's', 'PT1S1M', 'P1Y'])(
  'takes %j for no length',
  (text) => {
    expect(parseDuration(text)).toBeNull();
  },
);

it('reads back every length that it could be written as', () => {
  const parts = fc.tuple(fc.nat(30), fc.nat(23), fc.nat(59), fc.integer({ min: 1, max: 59 }));
  fc.assert(
    fc.property(parts, ([days, hours, minutes, seconds]) => {
      const total = ((days * 24 + hours) * 60 + minutes) * 60 + seconds;
      expect(parseDuration(`P${days}DT${hours}H${minutes}M${seconds}S`)).toBe(total);
      expect(parseDuration(`${total}s`)).toBe(total);
    }),
  );
});
