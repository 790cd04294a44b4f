import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addArtist } from '../../../store/artists.js';
import { addRelease } from '../../../store/releases.js';
import { ownerPool, visitAs, type PageVisitor } from '../../support/page-visitor.js';
import { createTestSite, type TestSite } from '../../support/site.js';

const now = new Date('2026-03-04T12:00:00Z');

let site: TestSite;
let pool: Pool;
let analyst: PageVisitor;
let viewer: PageVisitor;
let releaseId: number;
let artistId: number;
beforeAll(async () => {
  site = await createTestSite({ now: () => now });
  pool = ownerPool(site);
  artistId = (await addArtist(pool, 'Ours')).id;
  analyst = await visitAs(site, 'analyst', [artistId]);
  viewer = await visitAs(site, 'viewer', [artistId]);
});
afterAll(async () => {
  await pool.end();
  await site.close();
});

const told = {
  platform: 'tiktok',
  metric: 'views',
  value: '1200',
  at: '2026-03-03T10:15',
  zone: 'Asia/Kolkata',
};

async function stored(): Promise<{ value: number; at: Date }[]> {
  const { rows } = await pool.query<{ value: number; at: Date }>(
    `select metric_value as value, recorded_at as at from content_performance
     where release_id = $1 and metric_name = 'views' and grain = 'instant' order by recorded_at`,
    [releaseId],
  );
  return rows;
}

describe('adding data', () => {
  it('finds releases by words among many, and says where there are none', async () => {
    expect((await analyst.get('/add-data')).body).toContain('There is no approved release yet');
    const title = 'Neap <script>alert(1)</script> مدّ 🌊';
    releaseId = (await addRelease(pool, { artistId, title, state: 'approved' })).id;
    for (let i = 0; i < 30; i += 1)
      await addRelease(pool, { artistId, title: `Other ${i}`, state: 'approved' });
    const found = await analyst.get('/add-data?q=neap');
    expect(found.body).toContain(`/add-data?release=${releaseId}`);
    expect(found.body).not.toContain('<script>alert');
    expect(found.body).not.toContain('Other 3');
    expect((await analyst.get('/add-data?q=')).body).toContain('find others by their words');
    expect((await analyst.get('/add-data?q=nothing')).body).toContain('No approved release has these words');
  });

  it('looks at a value before it counts, with unit, kind and moment, and writes nothing by that', async () => {
    const query = new URLSearchParams({ release: String(releaseId), step: 'preview', ...told }).toString();
    const page = await analyst.get(`/add-data?${query}`);
    expect(page.statusCode).toBe(200);
    expect(page.body).toContain('2026-03-03 04:45 UTC');
    expect(page.body).toContain('count, counter');
    expect(page.body).toContain('Nothing speaks against it.');
    expect(await stored()).toEqual([]);
    const wrong = async (more: Record<string, string>): Promise<[number, string]> => {
      const asked = new URLSearchParams({ release: String(releaseId), step: 'preview', ...told, ...more });
      const answer = await analyst.get(`/add-data?${asked.toString()}`);
      return [answer.statusCode, answer.body];
    };
    expect(await wrong({ value: 'many' })).toEqual([400, expect.stringContaining('value: ')]);
    expect(await wrong({ zone: 'Nowhere' })).toEqual([400, expect.stringContaining('is no time zone')]);
    expect(await wrong({ release: '999999' })).toEqual([404, expect.anything()]);
    expect(await wrong({ metric: 'vews' })).toEqual([200, expect.stringContaining('check its spelling')]);
  });

  it('enters once however often the form is sent, warns of a duplicate, and takes back', async () => {
    const form = { release: String(releaseId), ...told };
    for (let i = 0; i < 2; i += 1)
      expect((await analyst.post('/add-data', { ...form, _form: 'one' })).statusCode).toBe(303);
    expect(await stored()).toEqual([{ value: 1_200, at: new Date('2026-03-03T04:45:00Z') }]);
    const again = new URLSearchParams({ step: 'preview', ...form, value: '900' }).toString();
    const warned = await analyst.get(`/add-data?${again}`);
    expect(warned.body).toContain('was entered for this very instant');
    expect(warned.body).toContain('Enter it all the same');
    const id = /action="\/add-data\/entries\/(\d+)\/undo"/.exec(warned.body)![1]!;
    expect((await viewer.post(`/add-data/entries/${id}/undo`)).statusCode).toBe(403);
    const undone = await analyst.post(`/add-data/entries/${id}/undo`);
    expect((await analyst.follow(undone)).body).toContain('Taken back: 1,200 views');
    expect(await stored()).toEqual([]);
    expect((await analyst.get('/add-data')).body).toContain('taken back');
    expect((await analyst.post('/add-data/entries/999/undo')).statusCode).toBe(404);
  });

  it('is for those who may write, and for releases that they may see', async () => {
    const page = await viewer.get('/add-data');
    expect(page.statusCode).toBe(200);
    expect(page.body).toContain('takes a key of an analyst');
    expect(page.body).not.toContain('<form method="post" action="/add-data');
    const form = { release: String(releaseId), ...told };
    expect((await viewer.post('/add-data', form)).statusCode).toBe(403);
    expect((await analyst.post('/add-data', { ...form, _csrf: 'forged' })).statusCode).toBe(403);
    const stranger = await visitAs(site, 'analyst', [(await addArtist(pool, 'Others')).id]);
    expect((await stranger.post('/add-data', form)).statusCode).toBe(404);
    expect(await stored()).toEqual([]);
  });
});
