import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addArtist } from '../../../store/artists.js';
import { addRelease } from '../../../store/releases.js';
import { insertClipUsages, insertPerformanceEvents } from '../../../store/stock.js';
import { createTestSite, type TestSite } from '../../support/site.js';
import { ownerPool, visitAs, type PageVisitor } from '../../support/page-visitor.js';

const now = new Date('2026-03-04T12:00:00Z');
const wild = '<script>alert(1)</script> 🌊 مدّ';

let site: TestSite;
let pool: Pool;
let viewer: PageVisitor;
let stranger: PageVisitor;
beforeAll(async () => {
  site = await createTestSite({ now: () => now });
  pool = ownerPool(site);
  const artist = await addArtist(pool, 'Ours');
  const other = await addArtist(pool, 'Others');
  viewer = await visitAs(site, 'viewer', [artist.id]);
  stranger = await visitAs(site, 'viewer', [other.id]);
});
afterAll(async () => {
  await pool.end();
  await site.close();
});

/** Rank, source and score of each row, as the table shows them. */
function rowsOf(body: string): { rank: string; source: string; change: string; score: string }[] {
  return [...body.matchAll(/<tr>(.*?)<\/tr>/gs)].slice(1).map(([, row]) => {
    const cells = [...row!.matchAll(/<t[dh][^>]*>(.*?)<\/t[dh]>/gs)].map(([, cell]) =>
      cell!
        .replaceAll(/<[^>]+>/g, ' ')
        .replaceAll(/\s+/g, ' ')
        .trim(),
    );
    return { rank: cells[0]!, source: cells[1]!, change: cells[2]!, score: cells[3]! };
  });
}

/** What the HTTP call that stands on the page is answered with. */
async function calledBy(body: string): Promise<{ source_name: string; score: number }[]> {
  const [, path] = /"http:\/\/[^/]+(\/api\/v1\/stock-sources\?[^"]+)"/.exec(
    body.replaceAll('&quot;', '"').replaceAll('&amp;', '&'),
  )!;
  const response = await viewer.get(path!);
  expect(response.statusCode, response.body).toBe(200);
  return response.json<{ data: { source_name: string; score: number }[] }>().data;
}

describe('the page of stock sources', () => {
  it('says what to do before any clip was used', async () => {
    const page = await viewer.get('/stock-sources');
    expect(page.statusCode).toBe(200);
    expect(page.body).toContain('tidemark source log-clip');
  });

  it('ranks as the tracker does, with change, evidence and the call of a selector', async () => {
    const { rows } = await pool.query<{ id: number }>(`select id from artists where name = 'Ours'`);
    const artistId = rows[0]!.id;
    // `old` led until the release of `fresh`, which is its only one.
    const days = ['2025-11-01', '2025-12-01', '2026-01-01', '2026-01-10', '2026-01-20', '2026-03-01'];
    for (const [index, day] of days.entries()) {
      const isFresh = index === days.length - 1;
      const title = isFresh ? wild : `Release ${index}`;
      const { id: releaseId } = await addRelease(pool, { artistId, title, state: 'approved' });
      const sourceName = isFresh ? 'fresh & new' : index % 2 === 0 ? 'old' : 'older';
      await insertClipUsages(
        pool,
        [{ sourceName, clipId: `clip ${index}`, releaseId }],
        new Date(`${day}T10:00:00Z`),
      );
      const score = isFresh ? 9.5 : index % 2 === 0 ? 6 : 3;
      await insertPerformanceEvents(pool, [{ releaseId, score, eventDay: day }], 'logged', now);
    }
    const expected = await site.deps.servicesFor([artistId]).stock.rankSources();
    const page = await viewer.get('/stock-sources');
    const shown = rowsOf(page.body);
    expect(shown.map(({ rank, score }) => [Number(rank), score])).toEqual(
      expected.map(({ rank, score }) => [rank, score.toFixed(2)]),
    );
    expect(shown[0]).toMatchObject({ source: 'fresh &amp; new low evidence', change: 'new' });
    expect(shown.find(({ source }) => source.startsWith('old '))?.change).toBe('▼ down 1');
    expect(page.body).toContain('tidemark source top -n 3 --json');
    const called = await calledBy(page.body);
    expect(called.map(({ source_name }) => source_name)).toEqual(
      expected.slice(0, 3).map(({ source_name }) => source_name),
    );
    const past = { asOf: '2026-01-15', halfLifeDays: 10 };
    const query = `as_of=${past.asOf}&half_life=${past.halfLifeDays}`;
    const [best] = await calledBy((await viewer.get(`/stock-sources?${query}`)).body);
    const [first] = await site.deps.servicesFor([artistId]).stock.rankSources(past);
    expect(best).toMatchObject({ source_name: first!.source_name, score: first!.score });
  });

  it('takes day and half-life from the form, empty fields as not given, and refuses nonsense', async () => {
    const past = await viewer.get('/stock-sources?as_of=2026-01-15&half_life=10');
    expect(rowsOf(past.body).map(({ source }) => source)).not.toContain('fresh &amp; new low evidence');
    expect(past.body).toContain('tidemark source top -n 3 --as-of 2026-01-15 --half-life 10 --json');
    expect((await viewer.get('/stock-sources?as_of=&half_life=')).statusCode).toBe(200);
    expect((await viewer.get('/stock-sources?as_of=2020-01-01')).body).toContain('by that day');
    expect((await viewer.get('/stock-sources?half_life=-1')).statusCode).toBe(400);
    expect((await viewer.get('/stock-sources?as_of=2026-02-30')).statusCode).toBe(400);
  });

  it('goes down to releases and clips, with titles that cannot run', async () => {
    const page = await viewer.get(`/stock-sources/${encodeURIComponent('fresh & new')}`);
    expect(page.statusCode).toBe(200);
    expect(page.body).not.toContain('<script>alert');
    expect(page.body).toContain('dir="auto">&lt;script>alert(1)&lt;/script> 🌊 مدّ</a>');
    expect(page.body).toContain('clip 5');
    expect(page.body).toContain('Low evidence');
  });

  it('shows nothing of another artist', async () => {
    expect((await stranger.get('/stock-sources')).body).toContain('No stock source has been used yet');
    expect((await stranger.get('/stock-sources/old')).statusCode).toBe(404);
  });
});
