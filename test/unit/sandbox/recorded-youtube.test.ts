import { describe, expect, it } from 'vitest';
import { RecordedYouTube } from '../../../sandbox/recorded-youtube.js';

const row = (at: string, id: string, views: string, likes = ''): Record<string, string> => ({
  run_datetime_utc: at,
  video_id: id,
  channel_id: views === '' ? '' : 'UC-one',
  title: views === '' ? '' : `Title of ${id}`,
  published_at: views === '' ? '' : '2026-01-01T00:00:00Z',
  view_count: views,
  like_count: likes,
  comment_count: '',
});
const world = new RecordedYouTube([
  row('2026-01-02T17:25:00.100000+00:00', 'aaa', '10', '1'),
  row('2026-01-03T17:25:00.885521+00:00', 'aaa', ''),
  row('2026-01-03T17:25:00.885521+00:00', 'bbb', '7'),
  row('2026-01-04T17:25:00.000000+00:00', 'aaa', '30', '0'),
]);
const at = (text: string): Date => new Date(text);

describe('recorded YouTube', () => {
  it('answers with the last row at or before the moment', () => {
    expect(world.video('aaa', at('2026-01-02T17:25:00.099Z'))).toBeNull();
    expect(world.video('aaa', at('2026-01-02T17:25:00.100Z'))?.statistics).toEqual({ views: 10, likes: 1 });
    expect(world.video('aaa', at('2026-01-03T17:25:00.884Z'))?.statistics).toEqual({ views: 10, likes: 1 });
    expect(world.video('aaa', at('2026-01-05T00:00:00Z'))?.statistics).toEqual({ views: 30, likes: 0 });
  });

  it('leaves a video out while its row is blank', () => {
    const silent = at('2026-01-03T17:25:00.885521+00:00');
    expect(world.video('aaa', silent)).toBeNull();
    expect(world.uploads('UC-one', silent)).toEqual(['bbb']);
    expect(world.video('nobody', silent)).toBeNull();
  });

  it('knows what was asked for when, and over which span', () => {
    expect(world.moments.map(({ videoIds }) => videoIds)).toEqual([['aaa'], ['aaa', 'bbb'], ['aaa']]);
    expect(world.videos).toMatchObject([
      {
        id: 'aaa',
        title: 'Title of aaa',
        trackedFrom: '2026-01-02T17:25:00.100000+00:00',
        trackedUntil: null,
      },
      { id: 'bbb', trackedUntil: '2026-01-03T17:25:00.885521+00:00' },
    ]);
    expect(world.channelByPlaylist('UU-one')?.id).toBe('UC-one');
    expect(world.channelStatistics('UC-one', at('2026-01-05T00:00:00Z'))).toEqual({
      views: 37,
      subscribers: 0,
      videos: 2,
    });
  });
});
