import { InvalidArgumentError } from 'commander';
import { describe, expect, it } from 'vitest';
import {
  dayArgument,
  instantArgument,
  numberArgument,
  platformArgument,
  wholeNumberArgument,
} from '../../../cli/arguments.js';

describe('arguments', () => {
  it.each(['2026-02-30', '2026-1-5', '05.01.2026', '2026-01-05T00:00:00Z', '', '0000-00-00'])(
    '“%s” is no day',
    (text) => {
      expect(() => dayArgument(text)).toThrow(InvalidArgumentError);
    },
  );

  it.each(['2026-01-05', '2024-02-29'])('“%s” is a day', (text) => {
    expect(dayArgument(text)).toBe(text);
  });

  it.each(['2026-01-05T10:00:00', '2026-01-05', 'now', '2026-13-05T10:00:00Z', ''])(
    '“%s” is no instant',
    (text) => {
      expect(() => instantArgument(text)).toThrow(InvalidArgumentError);
    },
  );

  it('an instant has a zone', () => {
    expect(instantArgument('2026-01-05T10:00:00+02:00').toISOString()).toBe('2026-01-05T08:00:00.000Z');
    expect(instantArgument('2026-01-05T10:00:00Z').toISOString()).toBe('2026-01-05T10:00:00.000Z');
  });

  it('a platform is read in any case, x for twitter', () => {
    expect([platformArgument('YouTube'), platformArgument('X')]).toEqual(['youtube', 'twitter']);
    expect(() => platformArgument('myspace')).toThrow(/one of youtube, tiktok/);
  });

  it.each(['0', '65', '1.5', '1e1', 'many', ''])('“%s” is no whole number from 1 to 64', (text) => {
    expect(() => wholeNumberArgument(1, 64)(text)).toThrow(InvalidArgumentError);
  });

  it('a number is finite', () => {
    expect([numberArgument('-1.5'), numberArgument('1e3'), wholeNumberArgument(1, 64)('64')]).toEqual([
      -1.5, 1000, 64,
    ]);
    for (const text of ['', ' ', 'NaN', 'Infinity', '12 %'])
      expect(() => numberArgument(text)).toThrow(InvalidArgumentError);
  });
});
