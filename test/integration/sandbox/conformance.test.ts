import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ValidateFunction } from 'ajv';
import { expect, it } from 'vitest';
import { describeRecorded } from '../../support/recorded-data.js';
import { askedSandbox, googleForm, type Asked, type Json } from './asking.js';
import { googleSchema, shapeOf, spotifySchema } from './documents.js';

function expectValid(validate: ValidateFunction, body: unknown): void {
  expect(validate(body) ? [] : validate.errors).toEqual([]);
}

/** What both have is of the same type, where either list is not empty; and what was recorded is answered. */
function expectSameShape(answered: unknown, recorded: unknown, absent: readonly string[]): void {
  const [ours, theirs] = [shapeOf(answered), shapeOf(recorded)];
  const missing = [...theirs.keys()].filter(
    (path) =>
      !ours.has(path) &&
      !absent.some((left) => path === left || path.startsWith(`${left}.`) || path.startsWith(`${left}[]`)),
  );
  expect(missing).toEqual([]);
  for (const [path, types] of theirs) {
    const answeredTypes = ours.get(path);
    if (answeredTypes === undefined) continue;
    const common = [...types].some(
      (type) => type === 'null' || answeredTypes.has(type) || answeredTypes.has('null'),
    );
    expect([path, common]).toEqual([path, true]);
  }
}

interface YouTubeAnswers {
  videos: Json;
  stats: Json;
  channels: Json;
  playlistItems: Json;
  report: Json;
}

async function youTubeAnswers(asked: Asked): Promise<YouTubeAnswers> {
  const { get, world, googleToken } = asked;
  const token = await googleToken();
  const ids = world.releases.map(({ videoId }) => videoId).join();
  const data = async (path: string): Promise<Json> => {
    const answer = await get(`/google/youtube/v3/${path}`, token);
    expect(answer.status).toBe(200);
    return answer.body;
  };
  const playlist = world.youtube.channel(world.youtube.ownChannelId)!.uploadsPlaylist;
  return {
    videos: await data(`videos?part=id,snippet,contentDetails,statistics,status&id=${ids}`),
    stats: await data(`videos:batchGetStats?part=id,snippet,contentDetails,statistics&id=${ids}`),
    channels: await data('channels?part=id,snippet,contentDetails,statistics&mine=true'),
    playlistItems: await data(
      `playlistItems?part=id,snippet,contentDetails,status&playlistId=${playlist}&maxResults=10`,
    ),
    report: (
      await get(
        '/google/v2/reports?ids=channel==MINE&startDate=2026-10-01&endDate=2026-10-07&dimensions=day&metrics=views,averageViewPercentage',
        token,
      )
    ).body,
  };
}

describeRecorded('answers against the platforms’ own descriptions', (sharedData) => {
  it('Google’s discovery documents', async () => {
    const answers = await youTubeAnswers(await askedSandbox());
    const schema = (name: string): ValidateFunction => googleSchema(sharedData, 'youtube.v3.json', name);
    expectValid(schema('VideoListResponse'), answers.videos);
    expectValid(schema('BatchGetStatsResponse'), answers.stats);
    expectValid(schema('ChannelListResponse'), answers.channels);
    expectValid(schema('PlaylistItemListResponse'), answers.playlistItems);
    expectValid(googleSchema(sharedData, 'youtubeAnalytics.v2.json', 'QueryResponse'), answers.report);
  });

  it('which refuse a number for a count, and a field that is not theirs', () => {
    const validate = googleSchema(sharedData, 'youtube.v3.json', 'VideoListResponse');
    expect(validate({ items: [{ id: 'a', statistics: { viewCount: 5 } }] })).toBe(false);
    expect(validate({ items: [{ id: 'a', statistics: { plays: '5' } }] })).toBe(false);
    const track = spotifySchema(sharedData, 'TrackObject');
    expect(track({ id: 'a', popularity: 'high' })).toBe(false);
    expect(track({ id: 'a', streams: 5 })).toBe(false);
  });

  it('Spotify’s OpenAPI, in both modes', async () => {
    const { get, world, spotifyToken } = await askedSandbox();
    const { trackId, albumId } = world.releases[0]!;
    for (const mode of ['development', 'extended'] as const) {
      const token = await spotifyToken(mode);
      const withheld = mode === 'extended' ? [] : ['available_markets', 'label', 'popularity'];
      const check = async (path: string, name: string): Promise<void> => {
        const answer = await get(`/spotify/v1/${path}`, token);
        expect(answer.status).toBe(200);
        expectValid(spotifySchema(sharedData, name, withheld), answer.body);
      };
      await check(`tracks/${trackId}`, 'TrackObject');
      await check(`albums/${albumId}`, 'AlbumObject');
      await check(`albums/${albumId}/tracks`, 'PagingSimplifiedTrackObject');
      await check(`artists/${world.spotify.artistId}`, 'ArtistObject');
      await check(`artists/${world.spotify.artistId}/albums?limit=5`, 'PagingArtistDiscographyAlbumObject');
    }
  });

  const recorded = (path: string): unknown =>
    JSON.parse(readFileSync(join(sharedData, 'api', path), 'utf8').replace(/^\uFEFF/, ''));

  it('recorded answers of YouTube', async () => {
    const answers = await youTubeAnswers(await askedSandbox());
    const large = ['items[].snippet.thumbnails.standard', 'items[].snippet.thumbnails.maxres'];
    const youtube = (path: string): unknown => recorded(`youtube-responses/${path}`);
    expectSameShape(answers.videos, youtube('joostlek/video_response_1.json'), [...large, 'nextPageToken']);
    expectSameShape(answers.videos, youtube('sns-sdks/videos/videos_info_multi.json'), [
      ...large,
      'items[].player',
    ]);
    expectSameShape(answers.channels, youtube('joostlek/channel_response_snippet.json'), []);
    expectSameShape(answers.channels, youtube('sns-sdks/channels/info.json'), []);
    expectSameShape(
      answers.playlistItems,
      youtube('joostlek/playlist_item_response_snippet_content_details.json'),
      large,
    );
    expectSameShape(
      answers.playlistItems,
      youtube('sns-sdks/playlist_items/playlist_items_paged_1.json'),
      large,
    );
  });

  it('recorded answers and errors of Spotify', async () => {
    const { get, world, spotifyToken } = await askedSandbox();
    const token = await spotifyToken('extended');
    const { trackId, albumId } = world.releases[0]!;
    const spotify = async (path: string): Promise<Json> => (await get(`/spotify/v1/${path}`, token)).body;
    const responses = (path: string): unknown => recorded(`spotify-responses/${path}`);
    expectSameShape(await spotify(`tracks/${trackId}`), responses('zmb3/find_track.txt'), []);
    expectSameShape(await spotify(`tracks?ids=${trackId}`), responses('zmb3/find_tracks_simple.txt'), []);
    const { albums } = responses('zmb3/find_albums.txt') as { albums: Json[] };
    expectSameShape(await spotify(`albums/${albumId}`), albums[0], []);
    expectSameShape(await spotify(`albums/${albumId}`), responses('joostlek/get_album.json'), []);
    expectSameShape(await spotify(`albums/${albumId}/tracks`), responses('joostlek/album_tracks.json'), []);
    expectSameShape(await spotify(`artists/${world.spotify.artistId}`), responses('joostlek/artist.json'), [
      'images[]',
    ]);
    expectSameShape(
      await spotify(`artists/${world.spotify.artistId}/albums`),
      responses('joostlek/artist_albums.json'),
      [],
    );
    expect(await spotify(`tracks/${'0'.repeat(22)}`)).toEqual(responses('joostlek/playlist_not_found.json'));
  });

  it('recorded error bodies and tokens', async () => {
    const { get, post, sandbox, world, spotifyToken } = await askedSandbox();
    const bad = await get('/google/youtube/v3/videos?part=id&id=a&key=AIzaWrong');
    expectSameShape(bad.body, recorded('youtube-responses/sns-sdks/error_response.json'), []);
    expect(bad.body).toMatchObject(recorded('youtube-responses/sns-sdks/error_response.json') as Json);
    const granted = await post('/google/token', googleForm());
    expectSameShape(granted.body, recorded('youtube-responses/joostlek/refresh_token.json'), []);
    const token = await spotifyToken();
    sandbox.faults.add({ path: '/spotify/v1/*', kind: 'rate-limit' });
    expect((await get(`/spotify/v1/tracks/${world.releases[0]!.trackId}`, token)).body).toEqual(
      recorded('spotify-responses/joostlek/rate_limit.json'),
    );
  });
});
