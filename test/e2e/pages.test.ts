/** The pages in a real browser over the demonstration and over nothing: what people see, and what they are told. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { platformName } from '../../contracts/vocabulary.js';
import { accessibilityTree, lookAt, openBrowser, type Look } from '../support/browser.js';
import { startDemoWorld, type DemoWorldAtHand } from '../support/demo-world.js';
import { eventually } from '../support/eventually.js';
import { furnish, type Places } from '../support/furnish.js';
import { faultsOf, wordsOf } from '../support/page-checks.js';
import { pageTable, type PageState } from '../support/page-table.js';
import { openStage, type Stage } from '../support/stage.js';

const looks: readonly Look[] = [
  { theme: 'light', width: 1200 },
  { theme: 'dark', width: 360 },
];
/** The other states, looks and checks are those of the long proof. */
const shownHere: ReadonlySet<PageState> = new Set(['loaded', 'empty']);

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

describe('over the demonstration', () => {
  let world: DemoWorldAtHand;
  let places: Places;
  let stage: Stage;
  beforeAll(async () => {
    world = await startDemoWorld(18_100);
    places = await furnish(world.siteUrl, world.pool);
    stage = await openStage(world.directory, world.siteUrl, places);
  }, 360_000);
  afterAll(async () => {
    await stage.close();
    await world.stop();
  });

  const shown = pageTable
    .map((page) => ({ ...page, sights: page.sights.filter(({ state }) => shownHere.has(state)) }))
    .filter(({ sights }) => sights.length > 0);
  describe.each(shown)('$name', ({ heading, sights }) => {
    it.each(sights)('is whole and open to everybody, with and without a script: $state', async (sight) => {
      const { url, cookie } = stage.sites[sight.site];
      const address = `${url}${sight.path(places)}`;
      const looked = await lookAt(browser, address, { ...looks[0]!, cookie });
      const bare = await lookAt(browser, address, { ...looks[0]!, cookie, javaScript: false });
      try {
        expect(await wordsOf(bare.page)).toBe(await wordsOf(looked.page));
        for (const { theme, width } of looks) {
          await looked.page.emulateMedia({ colorScheme: theme });
          await looked.page.setViewportSize({ width, height: 900 });
          expect(await faultsOf(looked, { heading, ...sight }), `${theme}, ${String(width)} px`).toEqual([]);
        }
      } finally {
        await bare.close();
        await looked.close();
      }
    });
  });

  /** What stands on a page, as it is read without a script. */
  async function textOf(path: string, part = 'main'): Promise<string> {
    const looked = await lookAt(browser, `${world.siteUrl}${path}`, {
      theme: 'light',
      width: 1200,
      javaScript: false,
    });
    try {
      return await looked.page.locator(part).first().innerText();
    } finally {
      await looked.close();
    }
  }

  async function releaseOf(externalId: string): Promise<number> {
    const { rows } = await world.pool.query<{ id: number }>(
      `select release_id as id from contents where platform = 'youtube' and external_id = $1`,
      [externalId],
    );
    return rows[0]!.id;
  }

  /** The rows of a release's events, a line each. */
  async function eventsOf({ externalId }: { externalId: string }, metric = 'views'): Promise<string[]> {
    const id = await releaseOf(externalId);
    const text = await textOf(
      `/releases/${id}?range=life&interval=day&metric=${metric}`,
      'section[aria-labelledby="events"]',
    );
    return text.split('\n').filter((line) => /^\d{4}-/.test(line));
  }

  const onDay = (events: readonly string[], day: string): string =>
    events.filter((line) => line.startsWith(day)).join(' · ');

  it('leads from the Overview to five things to notice, each on a page that shows it', async () => {
    const looked = await lookAt(browser, `${world.siteUrl}/`, looks[0]!);
    const links = looked.page.locator('section[aria-labelledby="notice"] a');
    const paths = await links.evaluateAll((all) => all.map((link) => link.getAttribute('href')!));
    await looked.close();
    expect(paths).toHaveLength(5);
    const texts = await Promise.all(paths.map((path) => textOf(path)));
    const { spike, changePoint, correction, stockSources } = world.answers;
    for (const [index, word] of [
      spike.day,
      changePoint.day,
      'platform correction',
      stockSources.faded,
      'Associated',
    ].entries())
      expect(texts[index]!.toLowerCase()).toContain(word.toLowerCase());
    expect(texts[2]).toContain(correction.releaseTitle);
  });

  it('shows the planted spike, drop and lasting change on their days', async () => {
    const { spike, drop, changePoint } = world.answers;
    expect(onDay(await eventsOf(spike), spike.day)).toMatch(/spike/);
    expect(onDay(await eventsOf(drop), drop.day)).toMatch(/drop/);
    expect(onDay(await eventsOf(changePoint), changePoint.day)).toMatch(/changed for good|level/);
  });

  it('tells the outage, the correction and the new definition for what they are, and for no anomalies', async () => {
    const { outage, correction, definitionChange } = world.answers;
    expect(onDay(await eventsOf(outage), outage.from.slice(0, 10))).toMatch(/not available until/);
    const corrected = await eventsOf(correction);
    const day = corrected.find((line) => line.includes('platform correction'))?.slice(0, 10) ?? '';
    const apartDays = Math.abs(Date.parse(day) - Date.parse(correction.at.slice(0, 10))) / 86_400_000;
    expect(apartDays).toBeLessThanOrEqual(1);
    expect(onDay(corrected, day)).not.toMatch(/spike|drop|silence/);
    const redefined = onDay(await eventsOf(correction), definitionChange.day);
    expect(redefined).toMatch(/counted otherwise/);
    expect(redefined).not.toMatch(/spike|drop|level/);
  });

  it('tells the cyclical release from the flat one', async () => {
    const { cyclical, flat } = world.answers;
    const heading = async ({ externalId }: { externalId: string }): Promise<string> =>
      textOf(`/releases/${await releaseOf(externalId)}?metric=views`, 'section[aria-labelledby="outlook"]');
    expect(await heading(cyclical)).toMatch(/cyclical/);
    expect(await heading(flat)).toMatch(/stable/);
  });

  it('ranks the stock sources as planted, and puts the faded one first without decay', async () => {
    const { ranking, faded, lowEvidence, halfLifeDays } = world.answers.stockSources;
    const order = async (halfLife: number): Promise<string[]> => {
      const text = await textOf(`/stock-sources?half_life=${halfLife}`, 'main table');
      return [...ranking].sort((a, b) => text.indexOf(a) - text.indexOf(b));
    };
    expect(await order(halfLifeDays)).toEqual(ranking);
    expect((await order(3_650))[0]).toBe(faded);
    expect(await textOf(`/stock-sources/${lowEvidence}`)).toMatch(/low evidence/i);
  });

  it('names the true association and none of the others', async () => {
    const text = await textOf('/insights');
    expect(text).toMatch(/duration|shorter/i);
    expect(text).not.toMatch(/causes/i);
    expect(text).not.toMatch(/title length|tempo/i);
  });

  it('shows the paused schedule with its reason and the backfill that has not begun', async () => {
    const { pausedSchedule, unfinishedBackfill } = world.answers.looseEnds;
    // Temporal may take longer than the page waits for it, while all else on the machine is at work.
    await eventually(async () => expect(await textOf('/schedules')).toContain(pausedSchedule.reason), {
      timeoutMs: 60_000,
      intervalMs: 1_000,
    });
    const { platform, report, days } = unfinishedBackfill;
    expect(await textOf('/backfills')).toMatch(
      new RegExp(`${platformName(platform)} main, ${report}[^✓]*planned\\s+${String(days)}\\s`),
    );
  });

  it('shows the run that failed, why, and the retry that did not', async () => {
    const { kind, workflowIdStart } = world.answers.looseEnds.retriedRun;
    const runs = await textOf(`/runs?kind=${kind}`, 'main tbody');
    const states = [...runs.matchAll(/(succeeded|failed)/g)].map(([state]) => state);
    expect(states).toEqual(['succeeded', 'failed']);
    expect(runs.split(workflowIdStart)).toHaveLength(3);
    expect(await textOf('/', 'main')).toContain('the folder holds no .csv file');
  });

  it('draws a chart that assistive technology can read: name, period and every event', async () => {
    const { spike } = world.answers;
    const url = `${world.siteUrl}/releases/${await releaseOf(spike.externalId)}?range=90d&metric=views`;
    const looked = await lookAt(browser, url, { theme: 'light', width: 1200 });
    const { page } = looked;
    try {
      const names = (await accessibilityTree(page)).map(({ name }) => name);
      expect(names.some((name) => name.startsWith(`Views a day of ${spike.releaseTitle}, `))).toBe(true);
      expect(names.some((name) => name.startsWith(`${spike.day}, spike`))).toBe(true);
    } finally {
      await looked.close();
    }
  });

  it('answers to the keyboard, zooms by dragging, and comes back by going back', async () => {
    const { spike } = world.answers;
    const url = `${world.siteUrl}/releases/${await releaseOf(spike.externalId)}?range=90d&metric=views`;
    const looked = await lookAt(browser, url, { theme: 'light', width: 1200 });
    const { page } = looked;
    try {
      const chart = page.locator('svg.chart-wide').first();
      await chart.focus();
      await page.keyboard.press('Home');
      expect(await page.locator('.chart-reading').first().innerText()).toMatch(/\d{4}-\d\d-\d\d.*\d/);
      const box = (await chart.boundingBox())!;
      await page.mouse.move(box.x + box.width * 0.4, box.y + box.height / 2);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width * 0.6, box.y + box.height / 2, { steps: 4 });
      await Promise.all([page.waitForURL(/range=custom/), page.mouse.up()]);
      expect(page.url()).toMatch(/from=\d{4}-\d\d-\d\d/);
      await page.goBack();
      expect(page.url()).toBe(url);
    } finally {
      await looked.close();
    }
  });

  it('puts the same figures on the page, in its table and into the API', async () => {
    const { spike } = world.answers;
    const id = await releaseOf(spike.externalId);
    const { day } = spike;
    const next = new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
    const answer = await fetch(
      `${world.siteUrl}/api/v1/releases/${id}/series?metric=views&from=${day}&to=${next}&interval=day`,
    );
    const told = JSON.stringify(await answer.json());
    const csv = await (
      await fetch(
        `${world.siteUrl}/releases/${id}/download.csv?range=custom&from=${day}&to=${day}&metric=views`,
      )
    ).text();
    const value = /^youtube,[^,]*,views,daily,([^,]+),/m.exec(csv)![1]!;
    expect(told).toContain(value);
    const table = await textOf(`/releases/${id}?range=custom&from=${day}&to=${day}&metric=views`, 'main');
    const { rows } = await world.pool.query<{ views: number }>(
      `select d.views from effective_days d join contents c on c.id = d.content_id
       where c.external_id = $1 and d.day = $2`,
      [spike.externalId, day],
    );
    expect(Number(value)).toBe(rows[0]!.views);
    expect(table).toContain(Math.round(rows[0]!.views).toLocaleString('en'));
  });
});
