import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addDays } from '../../../analytics/calendar.js';
import { createTestSite, type TestSite } from '../../support/site.js';

let site: TestSite;
let headers: { authorization: string };
let release: number;
const today = '2026-03-01';

interface Point {
  t: string;
  value: number | null;
  close: number | null;
  complete: boolean;
}
interface Answer {
  data: {
    unit: string | null;
    series: { platform: string; points: Point[]; total: number | null }[];
    all_platforms: Point[];
    compared?: { platform: string; releases: number | null; points: Point[] }[];
    events?: { kind: string; day: string; collected_by: string | null }[];
    forecasts?: { predictions: unknown[] }[];
  };
}

beforeAll(async () => {
  site = await createTestSite({ now: () => new Date(`${today}T12:00:00Z`) });
  const { rows } = await site.database.pool.query<{ id: number }>(`
    with artist as (insert into artists (name) values ('A') returning id)
    insert into releases (artist_id, title, state, format, released_on)
    select id, 'release ' || n, 'approved', 'video', '2025-01-01' from artist, generate_series(1, 7) n
    returning id`);
  release = rows[0]!.id;
  await site.database.pool.query(`
    insert into contents (content_key, platform, external_id, release_id, published_at, format)
    select p.name || ':' || r.id, p.name, r.id::text, r.id, '2025-01-01Z', 'video'
    from releases r cross join (values ('youtube'), ('tiktok')) p (name)`);
  // 400 days of 2025-01-01 on: the n-th brings n views, a gap on the 10th and two unsettled days at the end.
  await site.database.pool.query(`
    insert into content_performance_history (content_id, day, basis, views, views_close, final)
    select c.id, date '2025-01-01' + n, 2, n, n * (n + 1) / 2.0, n < 398
    from contents c cross join generate_series(0, 399) n
    where n <> 9`);
  await site.database.pool.query(
    `insert into annotations (release_id, at, text) values ($1, '2025-02-01T08:00Z', 'A video joined a list')`,
    [release],
  );
  await site.database.pool.query(
    `insert into anomalies (content_id, metric, day, method, method_version, kind, direction, value, expected,
       lower_bound, upper_bound, score, found_at)
     select id, 'views', '2025-02-03', 'm', '1', 'spike', 'up', 33, 20, 10, 30, 5, now()
     from contents where release_id = $1 and platform = 'youtube'`,
    [release],
  );
  headers = await site.keyHeader('viewer');
});
afterAll(() => site.close());

async function read(query: string): Promise<Answer['data']> {
  const answer = await site.app.inject({ url: `/api/v1/releases/${release}/series?${query}`, headers });
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json<Answer>().data;
}

describe('a release’s series', () => {
  it('has a point a day and platform, gaps as null and unsettled days marked', async () => {
    const { series, all_platforms, unit } = await read('from=2025-01-05&to=2026-02-10');
    expect(unit).toBe('count');
    expect(series.map(({ platform }) => platform)).toEqual(['tiktok', 'youtube']);
    const { points, total } = series[1]!;
    expect(points[0]).toEqual({ t: '2025-01-05', value: 4, close: 10, complete: true });
    expect(points.find(({ t }) => t === '2025-01-10')).toMatchObject({ value: null, close: null });
    expect(points.slice(-2).map(({ complete }) => complete)).toEqual([false, false]);
    expect(points.at(-1)!.t).toBe('2026-02-04');
    expect(total).toBe((399 * 400) / 2 - (1 + 2 + 3) - 9);
    expect(all_platforms[0]).toMatchObject({ t: '2025-01-05', value: 8 });
  });

  it('narrows to platforms and folds into weeks and months', async () => {
    const weeks = await read('from=2025-01-06&to=2025-01-20&interval=week&platform=YouTube');
    expect(weeks.series).toMatchObject([
      { platform: 'youtube', points: [{ t: '2025-01-06' }, { value: 12 + 13 + 14 + 15 + 16 + 17 + 18 }] },
    ]);
    const months = await read('from=2025-02-01&to=2025-03-01&interval=month&platform=tiktok,youtube');
    expect(months.series.map(({ points }) => points.length)).toEqual([1, 1]);
  });

  it('is set beside the range before, the year before, and the typical release', async () => {
    const range = 'from=2026-01-19&to=2026-01-26&platform=youtube';
    const [before] = (await read(`${range}&compare=previous`)).compared!;
    expect(before!.points[0]).toMatchObject({ t: '2026-01-19', value: 376 });
    const [year] = (await read(`${range}&compare=year`)).compared!;
    expect(year!.points[0]).toMatchObject({ t: '2026-01-19', value: 383 - 364 });
    const [dates] = (await read(`${range}&compare=year&align=date`)).compared!;
    expect(dates!.points[0]).toMatchObject({ t: '2026-01-19', value: 383 - 365 });
    const [typical] = (await read(`${range}&compare=typical`)).compared!;
    expect(typical).toMatchObject({
      releases: 6,
      points: [{ t: '2026-01-19', value: 383 }, ...Array<object>(6).fill({})],
    });
    expect((await read(range)).compared).toBeUndefined();
  });

  it('is compared week by week and month by month', async () => {
    const sum = (first: number, days: number): number => (days * (2 * first + days - 1)) / 2;
    // Two weeks from a Monday, which brings 369.
    const weeks = 'from=2026-01-05&to=2026-01-19&platform=youtube&interval=week';
    for (const align of ['weekday', 'date']) {
      const [before] = (await read(`${weeks}&compare=previous&align=${align}`)).compared!;
      expect(before!.points).toMatchObject([
        { t: '2026-01-05', value: sum(369 - 14, 7), complete: true },
        { t: '2026-01-12', value: sum(369 - 7, 7), complete: true },
      ]);
      const [year] = (await read(`${weeks}&compare=year&align=${align}`)).compared!;
      // The week of the 10th day of all, which is a gap.
      expect(year!.points.map(({ t, value }) => [t, value])).toEqual([
        ['2026-01-05', sum(5, 7) - 9],
        ['2026-01-12', sum(12, 7)],
      ]);
    }
    // The second quarter beside the first, whose months are of other lengths.
    const months = 'from=2025-04-01&to=2025-07-01&platform=youtube&interval=month';
    const [quarter] = (await read(`${months}&compare=previous`)).compared!;
    expect(quarter!.points).toMatchObject([
      { t: '2025-04-01', value: sum(0, 31) - 9, complete: true },
      { t: '2025-05-01', value: sum(31, 28), complete: true },
      { t: '2025-06-01', value: sum(59, 31), complete: true },
    ]);
    const [january] = (
      await read('from=2026-01-01&to=2026-02-01&platform=youtube&interval=month&compare=year')
    ).compared!;
    expect(january!.points).toMatchObject([{ t: '2026-01-01', value: sum(0, 31) - 9, complete: true }]);
  });

  it('compares nothing of a platform that was not asked for', async () => {
    await site.database.pool.query(
      `insert into content_performance_history (content_id, day, basis, likes, final)
       select id, '2025-06-01', 2, 5, true from contents where release_id = $1
       on conflict (content_id, day, basis) do update set likes = excluded.likes`,
      [release],
    );
    const day = 'from=2025-06-02&to=2025-06-03&metric=likes&compare=previous&align=date';
    const { series, compared } = await read(`${day}&platform=tiktok`);
    expect(series.flatMap(({ points }) => points.filter(({ value }) => value !== null))).toEqual([]);
    expect(compared!.map(({ platform }) => platform)).toEqual(['tiktok']);
    expect((await read(day)).compared).toHaveLength(2);
  });

  it('tells what happened meanwhile on request alone', async () => {
    const range = 'from=2025-01-20&to=2025-03-01';
    expect((await read(range)).events).toBeUndefined();
    const { events } = await read(`${range}&include=annotations,anomalies`);
    expect(events!.map(({ kind, day }) => [kind, day])).toEqual([
      ['annotation', '2025-02-01'],
      ['spike', '2025-02-03'],
    ]);
    expect((await read(`${range}&include=anomalies`)).events).toHaveLength(1);
    expect((await read(`${range}&include=forecast`)).forecasts).toEqual([]);
  });

  it('names with an event the run that brought its value, and not the one that found it', async () => {
    const collectedBy = async (): Promise<unknown> =>
      (await read('from=2025-02-03&to=2025-02-04&include=anomalies')).events![0]!.collected_by;
    expect(await collectedBy()).toBeNull();
    const bring = (basis: number, run: number, metric: string): Promise<unknown> =>
      site.database.pool.query(
        `insert into content_performance_history as h (content_id, day, basis, ${metric}, final, run_id)
         select id, '2025-02-03', $2, 33, true, $3 from contents where release_id = $1 and platform = 'youtube'
         on conflict (content_id, day, basis) do update set run_id = excluded.run_id`,
        [release, basis, run],
      );
    await bring(3, 71, 'views');
    // A stronger basis that says nothing of the metric does not count.
    await bring(1, 72, 'likes');
    expect(await collectedBy()).toBeNull();
    await bring(2, 73, 'views');
    expect(await collectedBy()).toBe('73');
    const page = await site.app.inject({
      url: `/releases/${release}?metric=views&range=custom&from=2025-02-01&to=2025-02-05`,
      headers: { ...headers, accept: 'text/html' },
    });
    expect(page.body).toContain('<a href="/runs/73">run 73</a>');
  });

  it('takes the 90 days up to today unless told, today included', async () => {
    const answer = await site.app.inject({ url: `/api/v1/releases/${release}/series`, headers });
    expect(answer.json()).toMatchObject({ data: { from: addDays(today, -89), to: addDays(today, 1) } });
  });

  it('holds at most 1,000 points a series, with every peak among them', async () => {
    await site.database.pool.query(
      `insert into content_performance_history (content_id, day, basis, likes, final)
       select id, date '2018-01-01' + n, 2, case when n = 1234 then 1e6 else n % 7 end, true
       from contents cross join generate_series(0, 2499) n where release_id = $1`,
      [release],
    );
    const { series } = await read('metric=likes&from=2018-01-01&to=2026-01-01');
    for (const { points, total } of series) {
      expect(points.length).toBeLessThanOrEqual(1_000);
      expect(Math.max(...points.map(({ value }) => value ?? 0))).toBe(1e6);
      expect(total).toBeGreaterThan(1e6);
    }
  });

  it.each([
    ['from=2026-02-01&to=2026-02-01', 'holds no day'],
    ['from=2026-02-30', 'from'],
    ['interval=hour&from=2025-01-01&to=2025-03-01', '31 days'],
    ['zone=Mars/Olympus', 'zone'],
    ['include=annotations,horoscopes', 'include'],
    ['platform=myspace', 'platform'],
    ['compare=yesterday', 'compare'],
  ])('refuses %s', async (query, reason) => {
    const answer = await site.app.inject({ url: `/api/v1/releases/${release}/series?${query}`, headers });
    expect(answer.statusCode).toBe(400);
    expect(answer.json<{ detail: string }>().detail).toContain(reason);
  });
});
