import { describe, expect, it } from 'vitest';
import { UnsupportedError } from '../../../sources/errors.js';
import { called, collected, failure, pastYoutubeOf, sandboxOver, testNow, youtubeOf } from './harness.js';
import { channelId, sumsOfADay, videoId, viewsOf } from './small-world.js';

const route = (name: string) => `GET /google/youtube/v3/${name}`;

describe('listing', () => {
  it('walks every upload once and describes it, 50 a unit', async () => {
    const sandbox = await sandboxOver({ videos: 120, gone: new Set([videoId(7)]) });
    const { context, reserved, warnings } = called();
    const pages = await collected(youtubeOf(sandbox).listContents(context));
    const contents = pages.flat();
    expect(contents.map(({ externalId }) => externalId)).toEqual(
      Array.from({ length: 120 }, (_, number) => videoId(number)).filter((id) => id !== videoId(7)),
    );
    expect(contents[1]).toMatchObject({
      title: 'Video 1',
      durationSeconds: 245,
      format: 'video',
      tags: ['a', 'b'],
      language: 'en',
      publishedAt: new Date('2026-01-01T12:00:00Z'),
      attributes: { channel_id: channelId },
    });
    expect(contents[0]?.format).toBe('short');
    expect(sandbox.requestCounts()).toMatchObject({
      [route('channels')]: 1,
      [route('playlistItems')]: 3,
      [route('videos')]: 3,
      'POST /google/token': 1,
    });
    expect(reserved).toHaveLength(7);
    expect(new Set(reserved)).toEqual(new Set(['data']));
    expect(warnings).toEqual([]);
  });

  it('speaks for the grant where no channel is told, and refuses to guess under a key', async () => {
    const sandbox = await sandboxOver({ videos: 3 });
    const mine = youtubeOf(sandbox, { channelId: null });
    expect((await collected(mine.listContents(called().context))).flat()).toHaveLength(3);
    const keyed = youtubeOf(sandbox, { channelId: null, oauth: null, apiKey: 'sandbox-test' });
    expect(keyed.capabilities.listsContents).toBe(false);
    expect((await failure(keyed.listContents(called().context))).kind).toBe('unsupported');
  });

  it('knows no channel that is not there', async () => {
    const sandbox = await sandboxOver({ videos: 1 });
    const source = youtubeOf(sandbox, { channelId: 'UCnowhere' });
    expect((await failure(source.listContents(called().context))).kind).toBe('notFound');
  });

  it.each(['repeated-items', 'looping-page', 'shifting-total'] as const)(
    'takes each upload once and ends, whatever the pages do: %s',
    async (kind) => {
      const sandbox = await sandboxOver({ videos: 120 });
      sandbox.faults.add({ kind, path: '/google/youtube/v3/playlistItems' });
      const { context, warnings } = called();
      const ids = (await collected(youtubeOf(sandbox).listContents(context)))
        .flat()
        .map(({ externalId }) => externalId);
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids).toHaveLength(kind === 'looping-page' ? 50 : 120);
      expect(warnings.length).toBeGreaterThan(0);
      expect(sandbox.requestCounts()[route('playlistItems')]).toBeLessThanOrEqual(4);
    },
  );

  it('describes given videos, and tells which are not there', async () => {
    const sandbox = await sandboxOver({ videos: 60 });
    const asked = [videoId(0), 'nonesuch000', videoId(59), videoId(0)];
    const batches = await collected(youtubeOf(sandbox).describeContents(asked, called().context));
    expect(batches.flatMap(({ descriptions }) => descriptions).map(({ externalId }) => externalId)).toEqual([
      videoId(0),
      videoId(59),
    ]);
    expect(batches.flatMap(({ missing }) => missing)).toEqual(['nonesuch000']);
  });
});

describe('counters', () => {
  it('come by batchGetStats at the time of the answer, hidden ones absent, missing ids told', async () => {
    const gone = new Set([videoId(3)]);
    const sandbox = await sandboxOver({ videos: 130, gone, hidden: new Set([videoId(4)]) });
    const asked = Array.from({ length: 130 }, (_, number) => videoId(number));
    const { context, reserved } = called();
    const batches = await collected(youtubeOf(sandbox).fetchSnapshots(asked, null, context));
    expect(batches).toHaveLength(3);
    const snapshots = batches.flatMap((batch) => batch.snapshots);
    expect(snapshots).toHaveLength(129);
    expect(batches.flatMap(({ missing }) => missing)).toEqual([videoId(3)]);
    expect(snapshots[0]).toEqual({
      platform: 'youtube',
      externalId: videoId(0),
      recordedAt: testNow,
      metrics: { views: viewsOf(0, testNow), likes: 10, comments: 0 },
    });
    expect(snapshots.find(({ externalId }) => externalId === videoId(4))?.metrics).toEqual({
      views: viewsOf(4, testNow),
    });
    expect(reserved).toEqual(['stats', 'stats', 'stats']);
    expect(sandbox.requestCounts()[route('videos')]).toBeUndefined();
  });

  it('come by videos.list where batchGetStats is not answered, without asking for it again', async () => {
    const sandbox = await sandboxOver({ videos: 60, gone: new Set([videoId(3)]) });
    sandbox.faults.add({ kind: 'status', status: 404, path: '*batchGetStats' });
    const source = youtubeOf(sandbox);
    const asked = Array.from({ length: 10 }, (_, number) => videoId(number));
    for (let round = 0; round < 2; round += 1) {
      const [batch] = await collected(source.fetchSnapshots(asked, null, called().context));
      expect(batch?.snapshots).toHaveLength(9);
      expect(batch?.missing).toEqual([videoId(3)]);
      expect(batch?.snapshots[1]?.metrics).toEqual({ views: viewsOf(1, testNow), likes: 10, comments: 0 });
    }
    expect(sandbox.requestCounts()).toMatchObject({
      [route('videos:batchGetStats')]: 1,
      [route('videos')]: 2,
    });
    expect((await source.probe(called().context)).grants).toMatchObject({ batchGetStats: false });
  });

  it('answer for any moment where the address holds one, and only there', async () => {
    const sandbox = await sandboxOver({ videos: 2 });
    const past = pastYoutubeOf(sandbox);
    expect(past.capabilities.reports.counters?.history).toBe('range');
    const at = new Date('2026-01-05T17:25:31Z');
    const { context, warnings } = called();
    const [batch] = await collected(past.fetchSnapshots([videoId(1)], at, context));
    expect(batch?.observedAt).toEqual(at);
    expect(batch?.snapshots).toEqual([
      {
        platform: 'youtube',
        externalId: videoId(1),
        recordedAt: at,
        metrics: { views: viewsOf(1, at), likes: 10, comments: 0 },
      },
    ]);
    expect(warnings).toEqual([]);
    const text = await collected(past.fetchSnapshots([videoId(1)], '2026-01-05T17:25:31.123456Z', context));
    expect(text[0]?.snapshots[0]?.recordedAt).toEqual(at);
    const now = youtubeOf(sandbox);
    expect(now.capabilities.reports.counters?.history).toBe('now');
    await expect(collected(now.fetchSnapshots([videoId(1)], at, context))).rejects.toThrow(UnsupportedError);
  });

  it("trust the platform's clock, and warn of a worker's that is a day off", async () => {
    const sandbox = await sandboxOver({ videos: 1 });
    const { context, warnings } = called({ now: new Date(testNow.getTime() + 86_400_000) });
    const [batch] = await collected(youtubeOf(sandbox).fetchSnapshots([videoId(0)], null, context));
    expect(batch?.snapshots[0]?.recordedAt).toEqual(testNow);
    expect(warnings).toEqual([expect.stringMatching(/clock is far/)]);
  });

  it('ask nothing for nothing', async () => {
    const sandbox = await sandboxOver({ videos: 1 });
    expect(await collected(youtubeOf(sandbox).fetchSnapshots([], null, called().context))).toEqual([]);
    expect(sandbox.requestCounts()).toEqual({});
  });
});

describe('daily reports', () => {
  const query = (ids: string[]) => ({ from: '2026-01-10', to: '2026-02-01', externalIds: ids });

  it('come by Pacific days, page by page, final once they are three days old, without the lag', async () => {
    const sandbox = await sandboxOver({ videos: 30 });
    const ids = Array.from({ length: 30 }, (_, number) => videoId(number));
    const { context, reserved, warnings } = called();
    const rows = (await collected(youtubeOf(sandbox).fetchDailyRows(query(ids), context))).flat();
    const days = [...new Set(rows.map(({ day }) => day))].sort();
    expect(days[0]).toBe('2026-01-10');
    expect(days.at(-1)).toBe('2026-01-28');
    expect(rows).toHaveLength(30 * days.length);
    expect(new Set(rows.map(({ externalId, day }) => `${externalId} ${day}`)).size).toBe(rows.length);
    expect(rows[0]).toMatchObject({
      platform: 'youtube',
      increments: {
        views: sumsOfADay.views,
        engaged_views: 200,
        likes: -3,
        comments: 2,
        shares: 1,
        watch_time: 360,
        subscribers_gained: 5,
        subscribers_lost: 1,
      },
      closes: {},
      sourceVersion: testNow,
      final: true,
    });
    // It is noon UTC on 1 February: 28 January ended at 08:00 on the 29th, 76 hours ago.
    expect(rows.filter(({ final }) => !final)).toEqual([]);
    expect(reserved).toEqual(Array.from({ length: Math.floor(rows.length / 200) + 1 }, () => 'analytics'));
    expect(warnings).toEqual([]);
  });

  it('are provisional inside the lag', async () => {
    const sandbox = await sandboxOver({ videos: 1, lagDays: 0 });
    const rows = (
      await collected(youtubeOf(sandbox).fetchDailyRows(query([videoId(0)]), called().context))
    ).flat();
    expect(rows.filter(({ final }) => !final).map(({ day }) => day)).toEqual([
      '2026-01-29',
      '2026-01-30',
      '2026-01-31',
    ]);
  });

  it('fall back to a video a question where many are refused, and remember it', async () => {
    const sandbox = await sandboxOver({ videos: 3 });
    sandbox.faults.add({ kind: 'status', status: 400, path: '/google/v2/reports', times: 2 });
    const source = youtubeOf(sandbox);
    const ids = [0, 1, 2].map(videoId);
    const rows = (await collected(source.fetchDailyRows(query(ids), called().context))).flat();
    expect(rows).toHaveLength(3 * 19);
    expect(new Set(rows.map(({ externalId }) => externalId))).toEqual(new Set(ids));
    expect(sandbox.requestCounts()['GET /google/v2/reports']).toBe(2 + 3);
    await collected(source.fetchDailyRows(query(ids), called().context));
    expect(sandbox.requestCounts()['GET /google/v2/reports']).toBe(2 + 3 + 3);
  });

  it('end in the refusal when no form of the question is answered', async () => {
    const sandbox = await sandboxOver({ videos: 1 });
    sandbox.faults.add({ kind: 'status', status: 400, path: '/google/v2/reports' });
    const { kind, yielded } = await failure(
      youtubeOf(sandbox).fetchDailyRows(query([videoId(0)]), called().context),
    );
    expect(kind).toBe('unsupported');
    expect(yielded).toEqual([]);
    expect(sandbox.requestCounts()['GET /google/v2/reports']).toBe(4);
  });

  it("need the owner's grant, and ask nothing for no days", async () => {
    const sandbox = await sandboxOver({ videos: 1 });
    const keyed = youtubeOf(sandbox, { oauth: null, apiKey: 'sandbox-test' });
    expect(keyed.capabilities.reports.daily).toBeUndefined();
    expect((await failure(keyed.fetchDailyRows(query([videoId(0)]), called().context))).kind).toBe(
      'unsupported',
    );
    const nothing = { from: '2026-01-10', to: '2026-01-10', externalIds: [videoId(0)] };
    expect(await collected(youtubeOf(sandbox).fetchDailyRows(nothing, called().context))).toEqual([]);
    expect(sandbox.requestCounts()).toEqual({});
  });
});

describe('the account', () => {
  it('has followers, and a probe tells what is granted', async () => {
    const sandbox = await sandboxOver({ videos: 9 });
    const source = youtubeOf(sandbox);
    expect(await source.fetchAccount(null, called().context)).toEqual({
      externalId: channelId,
      title: 'Small World',
      recordedAt: testNow,
      // Subscribers are told to three digits.
      metrics: { followers: 4_320, views: 1_000_000, videos: 9 },
    });
    expect(await source.probe(called().context)).toEqual({
      accountTitle: 'Small World',
      grants: { batchGetStats: true, dailyReports: true },
    });
    const keyed = youtubeOf(sandbox, { oauth: null, apiKey: 'sandbox-test' });
    expect((await keyed.probe(called().context)).grants).toEqual({
      batchGetStats: true,
      dailyReports: false,
    });
  });
});
