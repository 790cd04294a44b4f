import { youtube } from 'googleapis/build/src/apis/youtube/index.js';
import { describe, expect, it } from 'vitest';
import { sandboxCredentials } from '../../../sandbox/credentials.js';
import { generateWorld } from '../../../sandbox/generated-world.js';
import { answersOf } from '../../../sandbox/world-answers.js';
import { anchorDay, askedSandbox, now, type Json } from './asking.js';

const key = sandboxCredentials.google.apiKey;

interface List {
  kind: string;
  items?: { id: string; statistics?: Record<string, string>; contentDetails?: Json; snippet?: Json }[];
  nextPageToken?: string;
  pageInfo?: { totalResults: number; resultsPerPage: number };
}
interface ErrorBody {
  error: { code: number; message: string; errors: { reason: string; domain: string }[]; status?: string };
}

describe('YouTube Data v3', () => {
  it('is found by the official client', async () => {
    const { sandbox, world } = await askedSandbox();
    const client = youtube({ version: 'v3', auth: key });
    const rootUrl = `${sandbox.url}/at/2026-11-19T17:00:00Z/google/`;
    const id = [world.releases[0]!.videoId, world.releases[1]!.videoId];
    const stats = await client.videos.batchGetStats({ part: ['id', 'statistics'], id }, { rootUrl });
    const list = await client.videos.list({ part: ['id', 'statistics'], id }, { rootUrl });
    expect(stats.data.items?.map((item) => item.id)).toEqual(id);
    expect(stats.data.items?.[0]?.statistics?.viewCount).toBe(list.data.items?.[0]?.statistics?.viewCount);
    expect(sandbox.requestCounts()).toEqual({
      'GET /google/youtube/v3/videos:batchGetStats': 1,
      'GET /google/youtube/v3/videos': 1,
    });
  });

  it('tells counts as text, leaves unknown ids out, and dates its answer by the moment asked about', async () => {
    const { get, world } = await askedSandbox();
    const { videoId } = world.releases[0]!;
    const path = `google/youtube/v3/videos?part=statistics,contentDetails&id=${videoId},unknown0000&key=${key}`;
    const past = await get<List>(`/at/2026-01-05T17:00:00.885521+00:00/${path}`);
    const present = await get<List>(`/${path}`);
    expect(past.headers.get('date')).toBe('Mon, 05 Jan 2026 17:00:00 GMT');
    expect(present.headers.get('date')).toBe(now.toUTCString());
    expect(past.body.items).toHaveLength(1);
    expect(past.body.items?.[0]?.statistics?.['viewCount']).toMatch(/^\d+$/);
    expect(past.body.items?.[0]?.contentDetails?.['duration']).toMatch(/^PT\d+M(\d+S)?$/);
    expect(Number(past.body.items?.[0]?.statistics?.['viewCount'])).toBeLessThan(
      Number(present.body.items?.[0]?.statistics?.['viewCount']),
    );
    const same = await get<List>(`/at/2026-01-05T17:00:00.885521+00:00/${path}`);
    expect(same.text).toBe(past.text);
    expect((await get('/at/yesterday/google/youtube/v3/videos')).status).toBe(400);
  });

  it('pages through the uploads, each once, newest first', async () => {
    const world = generateWorld({ seed: 11, anchorDay, backCatalogue: 110 });
    const { get, googleToken } = await askedSandbox({}, world);
    const token = await googleToken();
    const channels = await get<List>(
      '/google/youtube/v3/channels?part=contentDetails,statistics&mine=true',
      token,
    );
    const details = channels.body.items?.[0]?.contentDetails as { relatedPlaylists: { uploads: string } };
    const seen: string[] = [];
    const sizes: number[] = [];
    let page = '';
    do {
      const answer = await get<List>(
        `/google/youtube/v3/playlistItems?part=contentDetails,snippet&maxResults=50&playlistId=${details.relatedPlaylists.uploads}${page}`,
        token,
      );
      expect(answer.body.pageInfo).toEqual({ totalResults: 134, resultsPerPage: 50 });
      const items = answer.body.items ?? [];
      sizes.push(items.length);
      seen.push(...items.map((item) => (item.contentDetails as { videoId: string }).videoId));
      page = answer.body.nextPageToken === undefined ? '' : `&pageToken=${answer.body.nextPageToken}`;
    } while (page !== '');
    expect(sizes).toEqual([50, 50, 34]);
    expect(new Set(seen).size).toBe(134);
    expect(seen.slice(0, 24)).toEqual(world.releases.map(({ videoId }) => videoId).reverse());
    expect(channels.body.items?.[0]?.statistics).toMatchObject({
      videoCount: '134',
      hiddenSubscriberCount: false,
    });
  });

  it('shows at a moment what was there then', async () => {
    const { get, world } = await askedSandbox();
    const { outage } = answersOf(world);
    const ask = async (at: string): Promise<number | undefined> =>
      (await get<List>(`/at/${at}/google/youtube/v3/videos?part=id&id=${outage.externalId}&key=${key}`)).body
        .items?.length;
    expect(await ask(outage.from)).toBe(0);
    expect(await ask(outage.to)).toBe(1);
    const playlist = world.youtube.channel(world.youtube.ownChannelId)!.uploadsPlaylist;
    const items = await get<List>(
      `/at/2026-02-01T00:00:00Z/google/youtube/v3/playlistItems?part=id&maxResults=50&playlistId=${playlist}&key=${key}`,
    );
    const out = world.releases.filter(({ publishedAt }) => publishedAt < new Date('2026-02-01T00:00:00Z'));
    expect(items.body.items).toHaveLength(out.length);
  });

  it('finds channels by id, handle and owner, and gives no items for none', async () => {
    const { get, googleToken, world } = await askedSandbox();
    const id = world.youtube.ownChannelId;
    const path = '/google/youtube/v3/channels?part=snippet';
    const token = await googleToken();
    for (const filter of [`id=${id}`, 'forHandle=@aurelvance', 'forHandle=AurelVance', 'mine=true']) {
      expect((await get<List>(`${path}&${filter}`, token)).body.items?.[0]?.id).toBe(id);
    }
    const none = await get<List>(`${path}&id=UC0000000000000000000000&key=${key}`);
    expect(none.body).toMatchObject({ pageInfo: { totalResults: 0 } });
    expect(none.body).not.toHaveProperty('items');
    const unsigned = await get<ErrorBody>(`${path}&mine=true&key=${key}`);
    expect([unsigned.status, unsigned.body.error.errors[0]?.reason]).toEqual([401, 'authorizationRequired']);
  });

  it.each([
    ['videos?part=id&id=aaaaaaaaaaa', 403, 'forbidden'],
    ['videos?part=id&id=aaaaaaaaaaa&key=AIzaWrong', 400, 'keyInvalid'],
    [`videos?id=aaaaaaaaaaa&key=${key}`, 400, 'missingRequiredParameter'],
    [`videos?part=id&key=${key}`, 400, 'missingRequiredParameter'],
    [`videos?part=everything&id=aaaaaaaaaaa&key=${key}`, 400, 'unknownPart'],
    [
      `videos:batchGetStats?part=id&id=${Array.from({ length: 51 }, (_, i) => `id${i}`).join()}&key=${key}`,
      400,
      'invalidFilters',
    ],
    [`playlistItems?part=id&playlistId=UUnone&key=${key}`, 404, 'playlistNotFound'],
    [`playlistItems?part=id&key=${key}`, 400, 'missingRequiredParameter'],
    [`playlistItems?part=id&playlistId=UUnone&maxResults=51&key=${key}`, 400, 'invalidValue'],
    [`channels?part=id&id=a&mine=true&key=${key}`, 400, 'incompatibleParameters'],
    [`search?part=id&key=${key}`, 404, 'notFound'],
  ])('refuses %s', async (path, status, reason) => {
    const { get } = await askedSandbox();
    const answer = await get<ErrorBody>(`/google/youtube/v3/${path}`);
    expect([answer.status, answer.body.error.code, answer.body.error.errors[0]?.reason]).toEqual([
      status,
      status,
      reason,
    ]);
  });

  it('refuses a page token that is none', async () => {
    const { get, world } = await askedSandbox();
    const playlist = world.youtube.channel(world.youtube.ownChannelId)!.uploadsPlaylist;
    const answer = await get<ErrorBody>(
      `/google/youtube/v3/playlistItems?part=id&playlistId=${playlist}&pageToken=nonsense&key=${key}`,
    );
    expect([answer.status, answer.body.error.errors[0]?.reason]).toEqual([400, 'invalidPageToken']);
  });

  it('takes a unit a call, an invalid one too, until midnight in Los Angeles', async () => {
    let clock = new Date('2026-03-08T09:00:00Z');
    const { get, sandbox } = await askedSandbox({ quotaUnitsPerDay: 3, clock: () => clock });
    const ask = (path: string): Promise<{ status: number; body: ErrorBody }> =>
      get<ErrorBody>(`/at/2025-12-31T00:00:00Z/google/youtube/v3/${path}&key=sandbox-project-a`);
    expect((await ask('videos?part=id&id=aaaaaaaaaaa')).status).toBe(200);
    expect((await ask('videos?part=id')).status).toBe(400);
    expect((await ask('channels?part=id&id=x')).status).toBe(200);
    const refused = await ask('videos?part=id&id=aaaaaaaaaaa');
    expect(refused).toMatchObject({
      status: 403,
      body: {
        error: {
          code: 403,
          message: expect.stringContaining('exceeded your') as string,
          errors: [{ domain: 'youtube.quota', reason: 'quotaExceeded' }],
        },
      },
    });
    expect(refused.body.error).not.toHaveProperty('status');
    // Another bucket, and another project, have their own.
    expect((await ask('videos:batchGetStats?part=id&id=aaaaaaaaaaa')).status).toBe(200);
    expect((await get('/google/youtube/v3/channels?part=id&id=x&key=sandbox-project-b')).status).toBe(200);
    expect((await get('/sandbox/quota')).body).toEqual({
      used: {
        'sandbox-project-a data': 3,
        'sandbox-project-a batchGetStats': 1,
        'sandbox-project-b data': 1,
      },
    });
    // The day of the spring change ends at 07:00 UTC.
    clock = new Date('2026-03-09T06:59:59Z');
    expect((await ask('channels?part=id&id=x')).status).toBe(403);
    clock = new Date('2026-03-09T07:00:00Z');
    expect((await ask('channels?part=id&id=x')).status).toBe(200);
    expect(sandbox.requestCounts()['GET /google/youtube/v3/channels']).toBe(4);
  });
});
