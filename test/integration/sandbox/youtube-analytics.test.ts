import { youtubeAnalytics } from 'googleapis/build/src/apis/youtubeAnalytics/index.js';
import { describe, expect, it } from 'vitest';
import { dayNumber, pacificStart } from '../../../sandbox/calendar.js';
import { answersOf } from '../../../sandbox/world-answers.js';
import { askedSandbox, type Answer, type Asked } from './asking.js';

interface Table {
  kind: string;
  columnHeaders: { name: string; columnType: string; dataType: string }[];
  rows?: (string | number)[][];
}
interface ErrorBody {
  error: { message: string; errors: { reason: string }[] };
}

const range = 'ids=channel==MINE&startDate=2026-10-01&endDate=2026-10-07';

async function reports(asked: Asked): Promise<<T = Table>(query: string, at?: string) => Promise<Answer<T>>> {
  const token = await asked.googleToken();
  return (query, at) => asked.get(`${at === undefined ? '' : `/at/${at}`}/google/v2/reports?${query}`, token);
}

describe('YouTube Analytics v2', () => {
  it('is found by the official client', async () => {
    const asked = await askedSandbox();
    const { data } = await youtubeAnalytics('v2').reports.query(
      {
        ids: 'channel==MINE',
        startDate: '2026-10-01',
        endDate: '2026-10-02',
        metrics: 'views',
        dimensions: 'day',
      },
      {
        rootUrl: `${asked.sandbox.url}/google/`,
        headers: { authorization: `Bearer ${await asked.googleToken()}` },
      },
    );
    expect(data.rows).toHaveLength(2);
  });

  it('gives a table by its header, a row a day, the channel being the sum of its videos', async () => {
    const asked = await askedSandbox();
    const ask = await reports(asked);
    const metrics =
      'views,engagedViews,likes,comments,shares,estimatedMinutesWatched,averageViewDuration,averageViewPercentage,subscribersGained,subscribersLost';
    const whole = (await ask(`${range}&dimensions=day&metrics=${metrics}`)).body;
    expect(whole.kind).toBe('youtubeAnalytics#resultTable');
    expect(whole.columnHeaders.map(({ name }) => name).join()).toBe(`day,${metrics}`);
    expect(whole.columnHeaders[0]).toEqual({ name: 'day', columnType: 'DIMENSION', dataType: 'STRING' });
    expect(whole.rows?.map(([day]) => day)).toEqual([1, 2, 3, 4, 5, 6, 7].map((day) => `2026-10-0${day}`));
    const ids = asked.world.releases.map(({ videoId }) => videoId).join();
    const byVideo = (await ask(`${range}&dimensions=day,video&metrics=views&filters=video==${ids}`)).body;
    const sums = new Map<string, number>();
    for (const [day, , views] of byVideo.rows ?? []) {
      sums.set(String(day), (sums.get(String(day)) ?? 0) + Number(views));
    }
    expect([...sums]).toEqual(whole.rows?.map(([day, views]) => [day, views]));
    const percentage = whole.rows?.[0]?.[8] as number;
    expect(percentage).toBeGreaterThan(30);
    expect(percentage).toBeLessThan(70);
  });

  it('leaves out the days inside its lag, and gives no rows at all when there are none', async () => {
    const asked = await askedSandbox();
    const ask = await reports(asked);
    const query = 'ids=channel==MINE&startDate=2026-10-01&endDate=2026-10-31&dimensions=day&metrics=views';
    const at = '2026-10-20T12:00:00Z';
    const days = (await ask(query, at)).body.rows?.map(([day]) => String(day)) ?? [];
    // A day is told 48 to 72 hours after its end.
    const lagHours = (Date.parse(at) - pacificStart(dayNumber(days.at(-1)!) + 1)) / 3_600_000;
    expect(lagHours).toBeGreaterThanOrEqual(48);
    expect(lagHours).toBeLessThan(96);
    const none = await ask(
      `ids=channel==MINE&startDate=2026-10-19&endDate=2026-10-20&dimensions=day&metrics=views`,
      at,
    );
    expect(none.status).toBe(200);
    expect(none.body).not.toHaveProperty('rows');
  });

  it('restates young days and leaves settled ones alone', async () => {
    const asked = await askedSandbox();
    const ask = await reports(asked);
    const views = async (day: string, at: string): Promise<unknown> =>
      (await ask(`ids=channel==MINE&startDate=${day}&endDate=${day}&metrics=views`, at)).body.rows?.[0]?.[0];
    const first = await views('2026-10-10', '2026-10-14T08:00:00Z');
    const settled = await views('2026-10-10', '2026-10-20T08:00:00Z');
    expect(Number(first)).toBeLessThan(0.99 * Number(settled));
    expect(await views('2026-10-10', '2026-11-19T08:00:00Z')).toBe(settled);
  });

  it('agrees with the counters over a settled day', async () => {
    const asked = await askedSandbox();
    const { spike } = answersOf(asked.world);
    const ask = await reports(asked);
    const [row] =
      (
        await ask(
          `ids=channel==MINE&startDate=${spike.day}&endDate=${spike.day}&metrics=views&filters=video==${spike.externalId}`,
        )
      ).body.rows ?? [];
    const counter = (day: number): number =>
      asked.world.youtube.video(spike.externalId, new Date(pacificStart(day)))!.statistics.views!;
    const day = dayNumber(spike.day);
    expect(row).toEqual([counter(day + 1) - counter(day)]);
  });

  it('ranks videos, and pages by startIndex', async () => {
    const asked = await askedSandbox();
    const ask = await reports(asked);
    const top = `${range}&dimensions=video&metrics=views,likes&sort=-views`;
    const all = (await ask(`${top}&maxResults=200`)).body.rows ?? [];
    const views = all.map((row) => Number(row[1]));
    expect(views).toEqual([...views].sort((a, b) => b - a));
    expect((await ask(`${top}&maxResults=3&startIndex=4`)).body.rows).toEqual(all.slice(3, 6));
  });

  it.each([
    ['dimensions=day,video&metrics=views'],
    ['dimensions=video&metrics=views'],
    ['dimensions=video&metrics=views&sort=-views&maxResults=201'],
    ['dimensions=video&metrics=views&sort=views&maxResults=10'],
    ['dimensions=country&metrics=views'],
    ['dimensions=day&metrics=views&filters=country==DE'],
    [`dimensions=day&metrics=views&filters=video==${Array.from({ length: 501 }, (_, i) => `v${i}`).join()}`],
    ['dimensions=day&metrics=views&sort=likes'],
  ])('does not support %s', async (query) => {
    const ask = await reports(await askedSandbox());
    const answer = await ask<ErrorBody>(`${range}&${query}`);
    expect(answer.status).toBe(400);
    expect(answer.body.error.message).toMatch(/^The query is not supported\./);
  });

  it.each([
    ['startDate=2026-10-01&endDate=2026-10-07&metrics=views', 'required'],
    ['ids=channel==MINE&startDate=2026-10-01&metrics=views', 'required'],
    [`ids=everything&startDate=2026-10-01&endDate=2026-10-07&metrics=views`, 'invalid'],
    ['ids=channel==MINE&startDate=2026-02-30&endDate=2026-10-07&metrics=views', 'invalid'],
    [`${range}&metrics=watch_time_minutes`, 'badRequest'],
  ])('refuses %s', async (query, reason) => {
    const ask = await reports(await askedSandbox());
    const answer = await ask<ErrorBody>(query);
    expect([answer.status, answer.body.error.errors[0]?.reason]).toEqual([400, reason]);
  });

  it('is for the channel’s owner alone', async () => {
    const asked = await askedSandbox();
    expect((await asked.get(`/google/v2/reports?${range}&metrics=views&key=sandbox-api-key`)).status).toBe(
      403,
    );
    expect((await asked.get(`/google/v2/reports?${range}&metrics=views`, 'ya29.nonsense')).status).toBe(401);
    const ask = await reports(asked);
    const other =
      'ids=channel==UC0000000000000000000000&startDate=2026-10-01&endDate=2026-10-07&metrics=views';
    expect((await ask(other)).status).toBe(403);
  });
});
