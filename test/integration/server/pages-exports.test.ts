import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestSite, type TestSite } from '../../support/site.js';
import { ownerPool, visitAs, type PageVisitor } from '../../support/page-visitor.js';

let site: TestSite;
let pool: Pool;
let viewer: PageVisitor;
beforeAll(async () => {
  site = await createTestSite();
  pool = ownerPool(site);
  viewer = await visitAs(site, 'viewer');
  for (const platform of ['youtube', 'tiktok'])
    await site.app.inject({
      method: 'POST',
      url: '/analytics/engagement/track',
      headers: await site.keyHeader('analyst'),
      payload: { content_id: `=piece of ${platform}`, platform, metrics: { views: 1_500 } },
    });
});
afterAll(async () => {
  await pool.end();
  await site.close();
});

/** Where the footer of a page leads to. */
function exportLinkOf(body: string): string | undefined {
  return /<footer class="site-footer"><a href="([^"]+)"/.exec(body)?.[1]?.replaceAll('&amp;', '&');
}

describe('the way to an export', () => {
  it('stands on every page that has figures, and takes its range and platform along', async () => {
    const links: Record<string, string | undefined> = {};
    for (const path of ['/', '/releases', '/trending', '/stock-sources', '/insights', '/runs', '/add-data'])
      links[path] = exportLinkOf((await viewer.get(path)).body);
    expect(links).toEqual({
      '/': '/exports?dataset=overview',
      '/releases': '/exports?dataset=series',
      '/trending': '/exports?dataset=content',
      '/stock-sources': '/exports?dataset=sources',
      '/insights': '/exports?dataset=insights',
      '/runs': '/exports?dataset=runs',
      '/add-data': undefined,
    });
    const narrowed = exportLinkOf((await viewer.get('/?range=90d&platform=tiktok')).body)!;
    expect(narrowed).toBe('/exports?dataset=overview&timeframe=90d&platform=tiktok');
    const { body } = await viewer.get(narrowed);
    for (const chosen of ['overview', '90d', 'tiktok'])
      expect(body).toContain(`<option value="${chosen}" selected>`);
  });

  it('leads to the file itself, the same as the API gives', async () => {
    const query = 'dataset=content&format=csv&timeframe=30d&platform=tiktok';
    const file = await viewer.get(`/exports/now?${query}&_form=mark`);
    expect(file.statusCode).toBe(200);
    expect(file.headers['content-disposition']).toMatch(/filename="tidemark-content-30d-.*\.csv"$/);
    expect(file.body).toContain("'=piece of tiktok");
    expect(file.body).not.toContain('youtube');
    const told = await site.app.inject({
      url: `/api/v1/exports/now?${query}`,
      headers: await site.keyHeader('viewer'),
    });
    expect(file.body).toBe(told.body);
  });

  it('shows a viewer no way to the background, and says why', async () => {
    const { body } = await viewer.get('/exports');
    expect(body).not.toContain('Make it in the background');
    expect(body).toContain('that takes a key of an analyst');
    const analyst = await visitAs(site, 'analyst');
    expect((await analyst.get('/exports')).body).toContain('Make it in the background');
    // Temporal is away in this test: the form comes back with the reason.
    const refused = await analyst.post('/exports', { dataset: 'series', timeframe: '1y' });
    expect(refused.statusCode, refused.body).toBe(503);
    expect(refused.body).toContain('<option value="series" selected>');
  });

  it('refuses what is too large at once with the way that there is, and what makes no sense', async () => {
    await pool.query(`
      insert into content_performance_history (content_id, day, basis, views, final)
      select c.id, current_date - 300 + n % 300, 2, 1, true
      from contents c cross join generate_series(0, 299) n`);
    await pool.query(`
      insert into contents (content_key, platform, external_id)
      select 'many:' || n, 'youtube', 'many' || n from generate_series(1, 400) n`);
    await pool.query(`
      insert into content_performance_history (content_id, day, basis, views, final)
      select c.id, current_date - 300 + n, 2, 1, true
      from contents c cross join generate_series(0, 299) n where c.content_key like 'many:%'`);
    const large = await viewer.get('/exports/now?dataset=series&timeframe=1y');
    expect(large.statusCode).toBe(413);
    expect(large.body).toContain('more than 100,000 rows');
    expect(large.body).toContain('<option value="series" selected>');
    expect((await viewer.get('/exports/now?dataset=sources&platform=tiktok')).body).toContain(
      'Stock sources belong to no platform',
    );
    expect((await viewer.get('/exports?dataset=secrets')).statusCode).toBe(400);
    expect((await viewer.get('/exports/4711')).statusCode).toBe(404);
    expect((await viewer.get('/exports/none')).statusCode).toBe(400);
  });
});
