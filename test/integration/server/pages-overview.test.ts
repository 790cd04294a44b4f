import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addDays } from '../../../analytics/calendar.js';
import { addArtist } from '../../../store/artists.js';
import { addRelease } from '../../../store/releases.js';
import { ownerPool, visitAs, type PageVisitor } from '../../support/page-visitor.js';
import { createTestSite, type TestSite } from '../../support/site.js';

const now = new Date('2026-03-04T12:00:00Z');

let site: TestSite;
let pool: Pool;
let viewer: PageVisitor;

beforeAll(async () => {
  site = await createTestSite({ now: () => now });
  pool = ownerPool(site);
  const { id: artistId } = await addArtist(pool, 'Ours');
  const { id } = await addRelease(pool, {
    artistId,
    title: 'Ebb',
    state: 'approved',
    releasedOn: '2026-01-01',
  });
  const { performance } = site.deps.servicesFor('all');
  for (let index = 0; index < 40; index += 1) {
    const at = new Date(`${addDays('2026-01-20', index)}T12:00:00Z`);
    await performance.insertPerformanceRecord(id, 'youtube', 'views', 1_000 + index * 1_234, at);
  }
  viewer = await visitAs(site, 'viewer', [artistId]);
}, 60_000);
afterAll(async () => {
  await pool.end();
  await site.close();
});

/** Rows of the table beneath the chart of a name. */
function rowsOf(body: string, chart: string): number {
  const figure = body.slice(body.indexOf(`>${chart}<`));
  return (/<tbody>(.*?)<\/tbody>/s.exec(figure)![1]!.match(/<tr/g) ?? []).length;
}

it('draws the total by the day, the week or the month', async () => {
  const range = 'range=custom&from=2026-01-26&to=2026-02-22&compare=none';
  const daily = (await viewer.get(`/?${range}&interval=day`)).body;
  const weekly = (await viewer.get(`/?${range}&interval=week`)).body;
  const monthly = (await viewer.get(`/?${range}&interval=month`)).body;
  expect(rowsOf(daily, 'Views a day')).toBe(28);
  expect(rowsOf(weekly, 'Views a week')).toBe(4);
  expect(rowsOf(monthly, 'Views a month')).toBe(2);
  // Seven days of 1,234 views.
  expect(weekly).toContain('8,638');
});

describe('where one part cannot be read', () => {
  beforeAll(() => pool.query('revoke select on anomalies from tidemark_app'));
  afterAll(() => pool.query('grant select on anomalies to tidemark_app'));

  it('says so there and shows the others', async () => {
    const { statusCode, body } = await viewer.get('/');
    expect(statusCode).toBe(200);
    expect(body.match(/This part could not be read/g)).toHaveLength(1);
    expect(body).toContain('>Views a day<');
    expect(body).toContain('>By platform<');
    expect(body).toContain('No run has failed.');
  });
});

it('has every part where all can be read', async () => {
  expect((await viewer.get('/')).body).not.toContain('could not be read');
});

it('compares whole days alone: what today has brought so far is no fall', async () => {
  // A counter told at noon: every day that is over brought 1,234 views, and today nothing yet.
  const { body } = await viewer.get(
    '/?range=custom&from=2026-02-24&to=2026-03-04&compare=previous&align=date',
  );
  const card = /<h3>Views<\/h3>.*?<\/li>/s.exec(body)![0];
  expect(card).toContain('unchanged');
  expect(card).toMatch(/over \d whole days/);
});
