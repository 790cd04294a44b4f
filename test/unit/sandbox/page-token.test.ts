import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pageToken, readPageToken } from '../../../sandbox/page-token.js';

describe('page tokens', () => {
  it('look like those that YouTube gives', () => {
    expect(pageToken(50)).toBe('CDIQAA');
    expect(pageToken(10)).toBe('CAoQAA');
  });

  it('lead back to their offset', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 ** 40 }),
        (offset) => readPageToken(pageToken(offset)) === offset,
      ),
    );
  });

  it('are refused when they are none', () => {
    for (const token of ['', 'x', 'CDIQ', 'CDIQAAAA', 'DDIQAA', '!!!!'])
      expect(readPageToken(token)).toBeNull();
  });
});
