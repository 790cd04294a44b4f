import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addDays } from '../../../analytics/calendar.js';
import { readReleaseSeries } from '../../../services/release-series.js';
import { addArtist } from '../../../store/artists.js';
import { addRelease } from '../../../store/releases.js';
import { ownerPool, visitAs, type PageVisitor } from '../../support/page-visitor.js';
import { createTestSite, type TestSite } from '../../support/site.js';

const now = new Date('2026-03-04T12:00:00Z');
const wildTitle = '<script>alert(1)</script> مدّ 🌊';
const markup = /<script>alert/;

let site: TestSite;
let pool: Pool;
let viewer: PageVisitor;
let stranger: PageVisitor;
let releaseId: number;
let emptyId: number;
let foreignId: number;

beforeAll(async () => {
  site = await createTestSite({ now: () => now });
  pool = ownerPool(site);
  const { id: artistId } = await addArtist(pool, 'Ours');
  const { id: foreignArtist } = await addArtist(pool, 'Theirs');
  const state = 'approved' as const;
  releaseId = (await addRelease(pool, { artistId, title: wildTitle, state, releasedOn: '2026-01-01' })).id;
  emptyId = (await addRelease(pool, { artistId, title: 'Silent', state, releasedOn: '2026-02-01' })).id;
  foreignId = (await addRelease(pool, { artistId: foreignArtist, title: 'Foreign', state })).id;
  await addRelease(pool, { artistId, title: 'Unfinished draft' });
  viewer = await visitAs(site, 'viewer', [artistId]);
  stranger = await visitAs(site, 'viewer', [foreignArtist]);
  const { performance } = site.deps.servicesFor('all');
  // A counter that is told at noon of every day but one.
  for (let index = 0; index < 40; index += 1) {
    if (index === 20) continue;
    const at = new Date(`${addDays('2026-01-20', index)}T12:00:00Z`);
    await performance.insertPerformanceRecord(releaseId, 'youtube', 'views', 1_000 + index * 1_234, at);
  }
  await performance.insertPerformanceRecord(
    releaseId,
    'youtube',
    'joy_per_beat',
    7.5,
    new Date('2026-02-10T12:00:00Z'),
  );
}, 60_000);
afterAll(async () => {
  await pool.end();
  await site.close();
});

describe('the list of releases', () => {
  it('shows approved ones of one’s own artists, their titles as they are', async () => {
    const { statusCode, body } = await viewer.get('/releases');
    expect(statusCode).toBe(200);
    expect(body).toContain(`href="/releases/${String(releaseId)}"`);
    expect(body).not.toMatch(markup);
    expect(body).toMatch(/dir="auto"><a[^>]*>&lt;script/);
    expect(body).not.toContain('Unfinished draft');
    expect(body).not.toContain('Foreign');
    expect((await stranger.get('/releases')).body).toContain('Foreign');
  });

  it('finds by words of the title, and takes signs of a pattern as they are', async () => {
    expect((await viewer.get('/releases?q=SIL+ent')).body).toContain(`href="/releases/${String(emptyId)}"`);
    const { body } = await viewer.get('/releases?q=%25');
    expect(body).toContain('No approved release has');
    expect((await viewer.get(`/releases?q=${encodeURIComponent('<script>alert')}`)).body).not.toMatch(markup);
  });

  it('says what to do where there is none', async () => {
    const { id: silentArtist } = await addArtist(pool, 'Silent');
    const newcomer = await visitAs(site, 'viewer', [silentArtist]);
    expect((await newcomer.get('/releases')).body).toContain('There is no approved release yet');
  });

  it('leads through ten thousand of them, each once', async () => {
    const { id: artistId } = await addArtist(pool, 'Prolific');
    await pool.query(
      `insert into releases (artist_id, title, state, released_on)
       select $1, 'Piece ' || n, 'approved', case when n % 10 > 0 then date '2020-01-01' + n % 700 end
       from generate_series(1, 10000) n`,
      [artistId],
    );
    const fan = await visitAs(site, 'viewer', [artistId]);
    const seen = new Set<string>();
    let url: string | undefined = '/releases';
    let pages = 0;
    while (url !== undefined && pages < 12) {
      const { body }: { body: string } = await fan.get(url);
      const found = [...body.matchAll(/href="\/releases\/(\d+)"/g)].map(([, id]) => id!);
      expect(found.length).toBe(50);
      for (const id of found) seen.add(id);
      url = /href="([^"]+)" rel="next"/.exec(body)?.[1]?.replaceAll('&amp;', '&');
      pages += 1;
    }
    expect(seen.size).toBe(pages * 50);
    expect((await fan.get('/releases?q=Piece+9999')).body.match(/href="\/releases\/\d+"/g)).toHaveLength(1);
  }, 60_000);

  it('refuses a cursor that is none', async () => {
    expect((await viewer.get('/releases?cursor=nonsense')).statusCode).toBe(400);
  });
});

describe('the page of a release', () => {
  it('shows in its table and its downloads what the service tells', async () => {
    const series = await readReleaseSeries(pool, {
      ...{ release_id: releaseId, metric: 'views', from: '2026-01-20', to: '2026-03-01' },
    });
    const query = 'range=custom&from=2026-01-20&to=2026-02-28&compare=none&metric=views';
    const { statusCode, body } = await viewer.get(`/releases/${String(releaseId)}?${query}`);
    expect(statusCode).toBe(200);
    expect(body).not.toMatch(markup);
    const told = series.series[0]!.points.filter(({ value }) => value !== null);
    expect(told.length).toBeGreaterThan(30);
    const text = body.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
    for (const { t, value } of told) expect(text).toContain(`${t} ${value!.toLocaleString('en')}`);
    const csv = await viewer.get(`/releases/${String(releaseId)}/download.csv?${query}`);
    expect(csv.headers['content-disposition']).toContain('attachment');
    for (const { t, value } of told)
      expect(csv.body).toMatch(new RegExp(`^youtube,${t},.*\\b${String(value)}\\b`, 'm'));
    const gap = series.series[0]!.points.filter(({ value }) => value === null);
    expect(gap.map(({ t }) => t)).toContain('2026-02-09');
  });

  it('draws itself as a file with plain colours, which every program knows', async () => {
    const { body, headers } = await viewer.get(`/releases/${String(releaseId)}/download.svg?metric=views`);
    expect(headers['content-type']).toContain('image/svg+xml');
    expect(body).toMatch(/^<svg [^>]*xmlns=/);
    expect(body).toContain('--series-1: #0072b2;');
    expect(body).not.toMatch(/light-dark|color-scheme/);
  });

  it('keeps a metric that nobody ever described', async () => {
    const { statusCode, body } = await viewer.get(
      `/releases/${String(releaseId)}?metric=joy_per_beat&range=90d`,
    );
    expect(statusCode).toBe(200);
    expect(body).toContain('Joy per beat');
    // Without being asked for by name, too, and with its value.
    expect((await viewer.get(`/releases/${String(releaseId)}?range=90d`)).body).toContain('Joy per beat');
    expect(body.replace(/<[^>]+>/g, ' ')).toMatch(/2026-02-10\s+7\.5\b/);
    const wild = await viewer.get(
      `/releases/${String(releaseId)}?metric=${encodeURIComponent('<script>alert(1)')}`,
    );
    expect(wild.statusCode).toBe(200);
    expect(wild.body).not.toMatch(markup);
  });

  it('says so where nothing was told, ever or in these days', async () => {
    expect((await viewer.get(`/releases/${String(emptyId)}`)).body).toContain('class="empty"');
    const early = await viewer.get(`/releases/${String(releaseId)}?from=2025-01-01&to=2025-01-31`);
    expect(early.body).toContain('class="empty"');
  });

  it('tells of a wrong filter beside its field and shows something all the same', async () => {
    const { statusCode, body } = await viewer.get(`/releases/${String(releaseId)}?range=soon&tz=Mars`);
    expect(statusCode).toBe(200);
    expect(body).toContain('id="filter-range-problem"');
    expect(body).toContain('id="filter-tz-problem"');
    expect(body).toContain('aria-describedby="filter-tz-problem"');
  });

  it('sets weeks beside weeks and months beside months', async () => {
    const compared = async (interval: string, from: string, to: string): Promise<Map<string, string>> => {
      const query = `metric=views&from=${from}&to=${to}&interval=${interval}&compare=previous&align=date`;
      const { body } = await viewer.get(`/releases/${String(releaseId)}/download.csv?${query}`);
      const lines = body.trim().split('\r\n').slice(1);
      return new Map(lines.map((line) => [line.split(',')[1]!, line.split(',')[5]!]));
    };
    const weeks = await compared('week', '2026-02-16', '2026-02-22');
    expect([...weeks]).toEqual([['2026-02-16', String(5 * 1_234)]]);
    const months = await compared('month', '2026-02-01', '2026-02-28');
    expect([...months]).toEqual([['2026-02-01', String(11 * 1_234)]]);
  });

  it('is not there for those who may not see it', async () => {
    expect((await stranger.get(`/releases/${String(releaseId)}`)).statusCode).toBe(404);
    expect((await viewer.get(`/releases/${String(foreignId)}`)).statusCode).toBe(404);
    const nobody = await site.app.inject({
      url: `/releases/${String(releaseId)}`,
      headers: { accept: 'text/html' },
    });
    expect(nobody.statusCode).toBe(303);
    expect(nobody.headers.location).toContain('/login');
  });
});

describe('trending', () => {
  it('sets the last complete days against as many before them', async () => {
    const { statusCode, body } = await viewer.get('/trending?range=7d');
    expect(statusCode).toBe(200);
    expect(body).not.toMatch(markup);
    // The counter grows by as much every day.
    expect(body).toContain('1,234 views a day');
    expect(body).toContain('→ unchanged');
    expect((await stranger.get('/trending')).body).toContain('class="empty"');
    expect((await viewer.get('/trending?platform=tiktok')).body).toContain('Show everything');
  });
});

describe('the overview', () => {
  it('shows figures and movers, and says so where there is nothing', async () => {
    const { statusCode, body } = await viewer.get('/?range=30d');
    expect(statusCode).toBe(200);
    expect(body).toContain('Views a day');
    expect(body).not.toMatch(markup);
    expect((await stranger.get('/')).body).toContain('There is nothing to show yet');
    expect((await viewer.get('/?platform=tiktok')).body).toContain('Show everything');
  });

  it('counts what was told a moment ago', async () => {
    const counted = async (): Promise<string | undefined> =>
      /Contents<\/h3><span class="figure-value">([^<]+)/.exec((await viewer.get('/')).body)?.[1];
    expect(await counted()).toBe('1');
    const { performance } = site.deps.servicesFor('all');
    await performance.insertPerformanceRecord(emptyId, 'tiktok', 'likes', 5, now);
    expect(await counted()).toBe('2');
  });
});
