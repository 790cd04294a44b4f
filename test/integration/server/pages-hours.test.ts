/** A release by the hour, in the zone that was asked for: table, axis, and what hover and keyboard read. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addArtist } from '../../../store/artists.js';
import { addRelease } from '../../../store/releases.js';
import { lookAt, openBrowser } from '../../support/browser.js';
import { ownerPool } from '../../support/page-visitor.js';
import { createTestSite, type TestSite } from '../../support/site.js';

/** Likes by instant: around a midnight of Kolkata, and on the day that Berlin's clocks were set back. */
const told: readonly [at: string, likes: number][] = [
  ['2025-10-25T22:10:00Z', 111],
  ['2025-10-26T00:30:00Z', 222],
  ['2025-10-26T01:30:00Z', 333],
  ['2026-02-09T18:20:00Z', 411],
  ['2026-02-09T18:40:00Z', 422],
  ['2026-02-09T19:10:00Z', 433],
];

let site: TestSite;
let url: string;
let releaseId: number;

beforeAll(async () => {
  site = await createTestSite({
    ...{ now: () => new Date('2026-03-04T12:00:00Z'), environment: { HTTP_AUTH: 'none' } },
  });
  url = await site.app.listen({ host: '127.0.0.1', port: 0 });
  const pool = ownerPool(site);
  const { id: artistId } = await addArtist(pool, 'Ours');
  releaseId = (await addRelease(pool, { artistId, title: 'By the hour', state: 'approved' })).id;
  await pool.end();
  const { performance } = site.deps.servicesFor('all');
  for (const [at, likes] of told)
    await performance.insertPerformanceRecord(releaseId, 'youtube', 'likes', likes, new Date(at));
});
afterAll(() => site.close());

const addressOf = (zone: string, day: string): string =>
  `/releases/${String(releaseId)}?metric=likes&from=${day}&to=${day}&interval=hour&compare=none&tz=${zone}`;

async function page(zone: string, day: string): Promise<string> {
  const { statusCode, body } = await site.app.inject({
    url: addressOf(zone, day),
    headers: { accept: 'text/html' },
  });
  expect(statusCode).toBe(200);
  return body;
}

function rowsIn(body: string): string[] {
  const rows = body
    .slice(body.indexOf('id="figures"'))
    .matchAll(/<th scope="row">([^<]+)<\/th><td class="number">([^<]*)/g);
  return [...rows].map(([, time, value]) => `${time!} ${value!}`);
}

function labelsIn(body: string): string[] {
  const wide = body.slice(body.indexOf('chart-wide'), body.indexOf('chart-narrow'));
  return [...wide.matchAll(/text-anchor="middle">([^<]+)<\/text>/g)].map(([, text]) => text!);
}

describe('a release by the hour', () => {
  it('tells those of a zone of half an hour in its table, its axis and its reading', async () => {
    const body = await page('Asia/Kolkata', '2026-02-10');
    expect(rowsIn(body)).toEqual(['2026-02-10 00:00 GMT+5:30 433']);
    expect(body).toContain('Hour (Asia/Kolkata)');
    expect(labelsIn(body)).toEqual([
      ...['10 Feb', '03:00', '06:00', '09:00', '12:00', '15:00', '18:00', '21:00', '11 Feb'],
    ]);
    expect(body).toContain('&quot;zone&quot;:&quot;Asia/Kolkata&quot;');
    // The hour before midnight belongs to the day before; UTC knows other hours.
    expect(rowsIn(await page('Asia/Kolkata', '2026-02-09'))).toEqual(['2026-02-09 23:00 GMT+5:30 411']);
    expect(rowsIn(await page('UTC', '2026-02-09'))).toEqual([
      '2026-02-09 19:00 UTC 433',
      '2026-02-09 18:00 UTC 422',
    ]);
  });

  it('tells both of those that a clock shows twice, on a day of 25', async () => {
    const body = await page('Europe/Berlin', '2025-10-26');
    expect(rowsIn(body)).toEqual([
      '2025-10-26 02:00 CET 333',
      '2025-10-26 02:00 CEST 222',
      '2025-10-26 00:00 CEST 111',
    ]);
    expect(labelsIn(body).slice(0, 3)).toEqual(['26 Oct', '06:00', '12:00']);
    const [, from, to] = /data-from="(\d+)" data-to="(\d+)"/.exec(body)!;
    expect((Number(to) - Number(from)) / 3_600_000).toBe(25);
  });
});

describe('in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());

  it('is read by the keyboard in the zone asked for, not in the visitor’s own', async () => {
    const readings = async (zone: string, day: string, steps: number): Promise<string[]> => {
      const address = `${url}${addressOf(zone, day)}`;
      const looked = await lookAt(browser, address, { theme: 'light', width: 1200 });
      try {
        await looked.page.locator('svg.chart-wide').focus();
        const read: string[] = [];
        for (let step = 0; step < steps; step += 1) {
          await looked.page.keyboard.press(step === 0 ? 'Home' : 'ArrowRight');
          read.push(await looked.page.locator('.chart-reading').innerText());
        }
        expect(looked.trouble).toEqual([]);
        return read;
      } finally {
        await looked.close();
      }
    };
    expect(await readings('Europe/Berlin', '2025-10-26', 3)).toEqual([
      '2025-10-26 00:00 CEST: YouTube 111',
      '2025-10-26 02:00 CEST: YouTube 222',
      '2025-10-26 02:00 CET: YouTube 333',
    ]);
    expect(await readings('Asia/Kolkata', '2026-02-10', 1)).toEqual([
      '2026-02-10 00:00 GMT+5:30: YouTube 433',
    ]);
  });
});
