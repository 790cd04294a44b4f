/** Every page in every state, by light and in the dark, on a wide screen and in the hand: nothing is wrong on any. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lookAt, openBrowser, type Look } from '../support/browser.js';
import { startDemoWorld, type DemoWorldAtHand } from '../support/demo-world.js';
import { furnish, type Places } from '../support/furnish.js';
import { faultsOf, keyboardFaults, returnFaults, wordsOf } from '../support/page-checks.js';
import { comparedTables } from '../support/page-figures.js';
import { pageTable, type Sight } from '../support/page-table.js';
import { openStage, type Stage } from '../support/stage.js';
import { writeEvidence } from './evidence.js';

const looks = (['light', 'dark'] as const).flatMap((theme) =>
  ([1_200, 360] as const).map((width) => ({ theme, width })),
);
const wide = looks[0]!;

let browser: Browser;
let world: DemoWorldAtHand;
let places: Places;
let stage: Stage;
beforeAll(async () => {
  browser = await openBrowser();
  world = await startDemoWorld(18_500);
  places = await furnish(world.siteUrl, world.pool);
  stage = await openStage(world.directory, world.siteUrl, places);
});
afterAll(async () => {
  await stage.close();
  await world.stop();
  await browser.close();
});

const seen = { combinations: 0, byState: new Map<string, number>(), controls: 0, tables: 0, rows: 0 };
const kilobytes = new Map<string, number>();

function lookedAt(sight: Sight, look: Look): ReturnType<typeof lookAt> {
  const { url, cookie } = stage.sites[sight.site];
  return lookAt(browser, `${url}${sight.path(places)}`, { ...look, cookie });
}

describe.each(pageTable)('$name', ({ name, heading, sights }) => {
  it.each(sights)('is whole: $state, as seen by $site', async (sight) => {
    const looked = await lookedAt(sight, wide);
    try {
      for (const { theme, width } of looks) {
        await looked.page.emulateMedia({ colorScheme: theme });
        await looked.page.setViewportSize({ width, height: 900 });
        expect(await faultsOf(looked, { heading, ...sight }), `${theme}, ${String(width)} px`).toEqual([]);
        seen.combinations += 1;
      }
      seen.byState.set(sight.state, (seen.byState.get(sight.state) ?? 0) + looks.length);
      if (sight.state === 'loaded') kilobytes.set(name, Math.round(looked.bytes / 102.4) / 10);
    } finally {
      await looked.close();
    }
  });

  const own = sights[0]!;
  it.each([1_200, 360])('is worked by the keyboard alone at %s px', async (width) => {
    const looked = await lookedAt(own, { theme: 'light', width });
    try {
      const { faults, controls } = await keyboardFaults(looked.page);
      expect(faults).toEqual([]);
      seen.controls += controls;
    } finally {
      await looked.close();
    }
  });

  it('is the same reloaded, come back to, and without a script', async () => {
    const looked = await lookedAt(own, wide);
    const bare = await lookedAt(own, { ...wide, javaScript: false });
    try {
      expect(await wordsOf(bare.page)).toBe(await wordsOf(looked.page));
      if (own.status === undefined)
        expect(await returnFaults(looked.page, `${stage.sites[own.site].url}/insights?status=all`)).toEqual(
          [],
        );
    } finally {
      await bare.close();
      await looked.close();
    }
  });
});

it.each(comparedTables)('$name shows what the API tells', async ({ path, shown, told }) => {
  const { url } = stage.sites.demo;
  const looked = await lookAt(browser, `${url}${path(places)}`, wide);
  try {
    const rows = await shown(looked.page);
    const ask = async (asked: string): Promise<{ data: unknown }> =>
      (await (await fetch(`${url}${asked}`)).json()) as { data: unknown };
    expect(rows.length).toBeGreaterThan(0);
    expect(rows).toEqual(await told(ask, places));
    seen.tables += 1;
    seen.rows += rows.length;
  } finally {
    await looked.close();
  }
});

it('tells hours by the clock of a zone of half hours, of a metric that nobody described', async () => {
  const { rows } = await world.pool.query<{ hour: string }>(
    `select to_char(max(recorded_at) at time zone 'Asia/Kolkata', 'YYYY-MM-DD HH24:00') as hour
     from content_performance where metric_name = 'joy_per_beat' and release_id = $1`,
    [places.wild],
  );
  const path = `/releases/${places.wild}?range=24h&interval=hour&metric=joy_per_beat&tz=Asia/Kolkata`;
  const looked = await lookAt(browser, `${stage.sites.demo.url}${path}`, wide);
  try {
    await looked.page.locator('summary', { hasText: 'The figures as a table' }).click();
    const table = await looked.page.locator('#figures').innerText();
    expect(table).toContain('Hour (Asia/Kolkata)');
    expect(table).toMatch(new RegExp(`${rows[0]!.hour} \\S+\\s+7\\.5`));
    expect(await faultsOf(looked, { heading: /./, says: /Joy per beat/ })).toEqual([]);
  } finally {
    await looked.close();
  }
});

it('finds one of ten thousand releases as its title is typed', async () => {
  await world.pool.query(
    `insert into releases (artist_id, title, state, released_on)
     select $1, 'Piece ' || n, 'approved', case when n % 10 > 0 then date '2020-01-01' + n % 700 end
     from generate_series(1, 10000) n`,
    [places.foreignArtistId],
  );
  for (const path of ['/releases', '/add-data']) {
    const looked = await lookAt(browser, `${stage.sites.demo.url}${path}`, wide);
    const { page } = looked;
    try {
      expect(await faultsOf(looked, { heading: /./ })).toEqual([]);
      await page.getByRole('searchbox').fill('piece 9876');
      if (path === '/add-data') await page.keyboard.press('Enter');
      await page.getByRole('link', { name: 'Piece 9876', exact: true }).waitFor();
      expect(await page.getByRole('link', { name: /^Piece/ }).count()).toBe(1);
      expect(await faultsOf(looked, { heading: /./ })).toEqual([]);
    } finally {
      await looked.close();
    }
  }
});

it('follows a backfill that is under way by itself, and pauses, resumes and cancels it', async () => {
  const { url } = stage.sites.demo;
  const day = (days: number): string =>
    new Date(Date.parse(places.today) - days * 86_400_000).toISOString().slice(0, 10);
  const asked = `account=youtube%2Fmain&report=counters&from=${day(330)}&to=${day(1)}&mode=all&concurrency=1`;
  const looked = await lookAt(browser, `${url}/backfills/new?${asked}`, wide);
  const { page, trouble } = looked;
  const says = (text: RegExp): Promise<void> =>
    page.locator('#live', { hasText: text }).waitFor({ timeout: 120_000 });
  const press = async (name: string): Promise<void> => {
    await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name, exact: true }).click()]);
  };
  try {
    await press('Keep the plan and start it');
    await page.evaluate('globalThis.isTheSamePage = true');
    await says(/[1-9]\d* of 330 days/);
    expect(await page.evaluate('globalThis.isTheSamePage')).toBe(true);
    await press('Pause');
    await says(/paused/);
    await press('Resume');
    await says(/running/);
    await press('Cancel');
    await says(/cancelled/);
    await page.getByRole('button', { name: 'Cancel', exact: true }).waitFor({ state: 'detached' });
    expect(trouble).toEqual([]);
  } finally {
    await looked.close();
  }
});

describe('the checks themselves', () => {
  let elsewhere: Server;
  let planted: Server;
  const serve = async (page: (request: string) => string): Promise<Server> => {
    const server = createServer((request, response) => {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
      response.end(page(request.url ?? ''));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return server;
  };
  const urlOf = (server: Server): string =>
    `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  let times = 0;
  beforeAll(async () => {
    elsewhere = await serve(() => '');
    planted = await serve(
      () => `<!doctype html><html lang="en"><title>Planted</title><main>
        <h2>Another heading</h2><a class="skip-link" href="#nowhere">Skip</a>
        <img src="${urlOf(elsewhere)}/picture"><p style="width: 3000px">${'wide '.repeat(20_000)}</p>
        <figure class="chart"><figcaption><span>Views</span> <span>May</span></figcaption>
        <svg class="plot" width="10" height="10"><g role="img" aria-label="a spike" aria-hidden="true"></g></svg>
        </figure><button tabindex="2" style="outline: none">Late</button><button>Early</button>
        <p>${String((times += 1))}</p><script>console.error('planted')</script></main>`,
    );
  });
  afterAll(() => {
    for (const server of [elsewhere, planted]) server.close();
  });

  it('find what is planted', async () => {
    const looked = await lookAt(browser, urlOf(planted), { theme: 'light', width: 360 });
    try {
      const faults = (await faultsOf(looked, { heading: /^Planted$/, says: /nowhere else/ })).join('\n');
      for (const found of [
        /accessibility: image-alt/,
        /heading: /,
        /chart: .*Views, May/,
        /chart: .*a spike/,
        /width: /,
        /words: /,
        /trouble: planted/,
        /trouble: left the host/,
        /weight: /,
      ])
        expect(faults).toMatch(found);
      const keyboard = (await keyboardFaults(looked.page)).faults.join('\n');
      for (const found of [/focus: /, /order: /, /skip link: /]) expect(keyboard).toMatch(found);
      expect((await returnFaults(looked.page, urlOf(elsewhere))).join('\n')).toMatch(/reload: /);
    } finally {
      await looked.close();
    }
  });
});

it('is kept as evidence', async () => {
  const sights = pageTable.flatMap(({ sights: own }) => own);
  expect(seen.combinations).toBe(sights.length * looks.length);
  const heaviest = Math.max(...kilobytes.values());
  await writeEvidence(world.pool, {
    name: 'pages',
    finding:
      `${String(pageTable.length)} pages in ${String(sights.length)} states, each in light and dark at 1,200 and 360 px: ` +
      `${seen.combinations.toLocaleString('en')} looks, no fault; ${seen.controls.toLocaleString('en')} controls reached by ` +
      `the keyboard alone; ${String(seen.rows)} rows of ${String(seen.tables)} tables equal to the API; ` +
      `${heaviest.toFixed(1)} KB gzipped at most.`,
    figures: {
      looks: seen.combinations,
      by_state: Object.fromEntries(seen.byState),
      violations: 0,
      controls: seen.controls,
      tables: seen.tables,
      rows: seen.rows,
      kilobytes: Object.fromEntries(kilobytes),
    },
  });
});
