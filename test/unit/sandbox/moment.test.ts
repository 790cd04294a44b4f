import { describe, expect, it } from 'vitest';
import { readMoment } from '../../../sandbox/moment.js';

describe('the moment in a path', () => {
  it('is read to the millisecond, in every way that an instant is written', () => {
    const moments = [
      '2026-01-05T17:00:00Z',
      '2026-01-05T17:00:00.885521Z',
      '2026-01-05T17:00:00.885521+00:00',
      '2026-01-05T17:00:00.885521%2B00:00',
      '2026-01-05T17%3A00%3A00.885Z',
      '2026-01-05T18:30+01:30',
    ].map((text) => readMoment(`/at/${text}/google/youtube/v3/videos?part=id`));
    expect(moments.map((found) => found?.moment?.toISOString().slice(0, 19))).toEqual(
      Array.from({ length: 6 }, () => '2026-01-05T17:00:00'),
    );
    expect(moments[1]?.moment?.getMilliseconds()).toBe(885);
    expect(moments[3]).toMatchObject({
      url: '/google/youtube/v3/videos?part=id',
      mountedAt: '/at/2026-01-05T17:00:00.885521%2B00:00',
    });
  });

  it('is absent without /at/', () => {
    expect(readMoment('/google/token')).toEqual({ moment: null, mountedAt: '', url: '/google/token' });
  });

  it('is refused when it is no instant', () => {
    for (const text of ['yesterday', '2026-01-05', '2026-13-05T00:00:00Z', '%E0%A4%A']) {
      expect(readMoment(`/at/${text}/google/token`)).toBeNull();
    }
  });
});
