import { describe, expect, it } from 'vitest';
import { describeTrack } from '../../../sources/spotify/tracks.js';
import { track } from '../../../sources/spotify/schemas.js';
import { videoList } from '../../../sources/youtube/schemas.js';
import { describeVideo } from '../../../sources/youtube/videos.js';

function video(duration: string, snippet: Record<string, unknown> = {}) {
  const [item] = videoList.parse({
    kind: 'youtube#videoListResponse',
    items: [{ id: 'v1', snippet, contentDetails: { duration, caption: 'true' } }],
  }).items;
  return item!;
}

describe('describeVideo', () => {
  it('keeps what is told', () => {
    const snippet = {
      publishedAt: '2025-08-11T10:00:00Z',
      channelId: 'UC1',
      channelTitle: 'Channel',
      title: 'เพลง',
      description: 'words',
      tags: ['a', 'b'],
      categoryId: '10',
      defaultLanguage: 'en',
      defaultAudioLanguage: 'th',
      liveBroadcastContent: 'none',
    };
    expect(describeVideo(video('PT3M30S', snippet))).toEqual({
      platform: 'youtube',
      externalId: 'v1',
      kind: 'video',
      title: 'เพลง',
      description: 'words',
      publishedAt: new Date('2025-08-11T10:00:00Z'),
      durationSeconds: 210,
      tags: ['a', 'b'],
      language: 'th',
      format: 'video',
      isrc: null,
      attributes: { channel_id: 'UC1', channel_title: 'Channel', category_id: '10', caption: true },
    });
  });

  it.each([
    ['PT60S', {}, 'short'],
    ['PT61S', {}, 'video'],
    ['PT2M', { title: 'A day #Shorts' }, 'short'],
    ['PT2M', { tags: ['shorts'] }, 'short'],
    ['PT2M', { description: 'no #shortsighted people' }, 'video'],
    ['PT3M1S', { title: '#shorts' }, 'video'],
    ['P0D', {}, null],
    ['P0D', { liveBroadcastContent: 'upcoming' }, 'live'],
    ['PT40S', { liveBroadcastContent: 'live' }, 'live'],
  ])('takes %s with %j for %j', (duration, snippet, format) => {
    expect(describeVideo(video(duration, snippet)).format).toBe(format);
  });

  it('knows no tags from tags that were not asked for', () => {
    expect(describeVideo(video('PT1M')).tags).toEqual([]);
    expect(describeVideo({ id: 'v1' }).tags).toBeNull();
  });
});

describe('describeTrack', () => {
  const told = {
    id: 't1',
    name: 'Song',
    duration_ms: 210_500,
    external_ids: { isrc: 'USRC17607839' },
    popularity: null,
    album: { id: 'a1', name: 'Album', release_date: '2025-05-02', release_date_precision: 'day' },
    artists: [{ id: 'r1', name: 'Artist' }],
  };

  it('keeps what is told', () => {
    expect(describeTrack('t1', track.parse(told))).toEqual({
      platform: 'spotify',
      externalId: 't1',
      kind: 'track',
      title: 'Song',
      description: null,
      publishedAt: new Date('2025-05-02T00:00:00Z'),
      durationSeconds: 210.5,
      tags: null,
      language: null,
      format: 'track',
      isrc: 'USRC17607839',
      attributes: {
        album_id: 'a1',
        album_name: 'Album',
        release_date: '2025-05-02',
        release_date_precision: 'day',
        artists: ['Artist'],
        artist_ids: ['r1'],
      },
    });
  });

  it.each(['1983', '2025-05'])('makes no instant of the release date %s', (releaseDate) => {
    const found = track.parse({ ...told, album: { ...told.album, release_date: releaseDate } });
    const described = describeTrack('t1', found);
    expect(described.publishedAt).toBeNull();
    expect(described.attributes['release_date']).toBe(releaseDate);
  });
});
