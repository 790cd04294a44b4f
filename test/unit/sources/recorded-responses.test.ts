/** What the platforms really answered, through the schemas that read it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { spotifyError } from '../../../sources/spotify/errors.js';
import { albumPage, artist, track, trackBatch, trackPage } from '../../../sources/spotify/schemas.js';
import { describeTrack } from '../../../sources/spotify/tracks.js';
import { googleError } from '../../../sources/youtube/errors.js';
import { channelList, playlistItemList, tokenGrant, videoList } from '../../../sources/youtube/schemas.js';
import { describeVideo } from '../../../sources/youtube/videos.js';
import { describeRecorded } from '../../support/recorded-data.js';

const now = new Date('2026-01-15T20:00:00Z');

describeRecorded('recorded responses', (sharedData) => {
  const api = join(sharedData, 'api');
  const read = (path: string): unknown => JSON.parse(readFileSync(join(api, path), 'utf8'));
  const youtube = (folder: string): [string, unknown][] =>
    readdirSync(join(api, 'youtube-responses', folder))
      .filter((name) => name.endsWith('.json'))
      .map((name) => [name, read(`youtube-responses/${folder}/${name}`)]);
  const kindOf = (body: unknown) =>
    typeof body === 'object' && body !== null && 'kind' in body ? body.kind : undefined;
  const all = ['joostlek', 'sns-sdks/videos', 'sns-sdks/channels', 'sns-sdks/playlist_items'].flatMap(
    youtube,
  );

  it('reads every list of videos, whole', () => {
    const lists = all.filter(([, body]) => kindOf(body) === 'youtube#videoListResponse');
    expect(lists.length).toBeGreaterThanOrEqual(9);
    for (const [name, body] of lists) {
      const videos = videoList.parse(body).items.map((video) => describeVideo(video));
      expect(videos, name).toHaveLength((body as { items: unknown[] }).items.length);
      for (const video of videos) {
        expect(video.title, name).toEqual(expect.any(String));
        expect(video.publishedAt?.getTime(), name).toBeGreaterThan(0);
      }
    }
  });

  it('reads every list of playlist items, each with its video', () => {
    const lists = all.filter(([, body]) => kindOf(body) === 'youtube#playlistItemListResponse');
    expect(lists.length).toBeGreaterThanOrEqual(6);
    for (const [name, body] of lists) {
      for (const id of playlistItemList.parse(body).items) expect(id, name).toMatch(/^[\w-]{11}$/);
    }
  });

  it('reads every list of channels', () => {
    const lists = all.filter(([, body]) => kindOf(body) === 'youtube#channelListResponse');
    expect(lists.length).toBeGreaterThanOrEqual(3);
    for (const [name, body] of lists) expect(channelList.parse(body).items.length, name).toBeGreaterThan(0);
  });

  it('takes a list of one kind for no list of another', () => {
    for (const [name, body] of all) {
      expect(videoList.safeParse(body).success, name).toBe(kindOf(body) === 'youtube#videoListResponse');
    }
  });

  it("reads Google's token and errors", () => {
    const token = tokenGrant.parse(read('youtube-responses/joostlek/refresh_token.json'));
    expect(token.expires_in).toBe(3599);
    const errorOf = (path: string, status: number) =>
      googleError({ operation: 'ask', bucket: 'data', status, retryAfter: null, body: read(path), now });
    expect(errorOf('youtube-responses/sns-sdks/error_response.json', 400)).toMatchObject({
      kind: 'auth',
      reason: 'keyInvalid',
    });
    const inactive = errorOf('youtube-responses/joostlek/youtube_not_activated.json', 403);
    expect(inactive).toMatchObject({ kind: 'auth', reason: 'accessNotConfigured' });
    expect(inactive.message).not.toContain('?project');
  });

  it("reads Spotify's tracks, lists, artists and errors", () => {
    const tracks = [
      track.parse(read('spotify-responses/zmb3/find_track.txt')),
      ...trackBatch.parse(read('spotify-responses/zmb3/find_tracks_simple.txt')).tracks,
    ];
    for (const found of tracks) {
      expect(found).not.toBeNull();
      expect(describeTrack(found!.id, found!)).toMatchObject({
        externalId: found!.id,
        isrc: expect.stringMatching(/^[A-Z]{2}[A-Z0-9]{3}\d{7}$/) as string,
        durationSeconds: expect.any(Number) as number,
      });
    }
    const unknown = trackBatch.parse(read('spotify-responses/zmb3/find_tracks_notfound.txt')).tracks;
    expect(unknown).toContain(null);
    expect(
      albumPage.parse(read('spotify-responses/joostlek/artist_albums.json')).items.length,
    ).toBeGreaterThan(0);
    expect(
      trackPage.parse(read('spotify-responses/joostlek/album_tracks.json')).items.length,
    ).toBeGreaterThan(0);
    expect(artist.parse(read('spotify-responses/joostlek/artist.json'))).toMatchObject({
      name: 'Pitbull',
      popularity: 85,
      followers: { total: 12_425_030 },
    });
    const errorOf = (path: string, status: number) =>
      spotifyError({
        operation: 'ask',
        status,
        retryAfter: null,
        body: read(`spotify-responses/joostlek/${path}`),
        answeredAt: now,
        now,
      });
    expect(errorOf('rate_limit.json', 429)).toMatchObject({ kind: 'rate', retryAfterMs: null });
    expect(errorOf('playlist_not_found.json', 404).kind).toBe('notFound');
  });
});
