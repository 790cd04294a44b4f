/** The pages in a real browser over the demonstration and over nothing: what people see, and what they are told. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  accessibilityTree,
  accessibilityViolations,
  lookAt,
  openBrowser,
  type Look,
} from '../support/browser.js';
import { startDemoWorld, type DemoWorldAtHand } from '../support/demo-world.js';
import { createTestSite, type TestSite } from '../support/site.js';

const pages = [
  ['Overview', '/'],
  ['Releases', '/releases'],
  ['Trending', '/trending'],
  ['Stock sources', '/stock-sources'],
  ['Insights', '/insights'],
  ['Experiments', '/experiments'],
  ['Runs', '/runs'],
  ['Add data', '/add-data'],
  ['Sign in', '/login'],
] as const;

const looks: readonly Look[] = [
  { theme: 'light', width: 1200 },
  { theme: 'dark', width: 360 },
];

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

function describePages(what: string, urlOf: () => string): void {
  describe.each(pages)(`%s, ${what}`, (name, path) => {
    it.each(looks)('is whole and open to everybody in $theme at $width px', async (look) => {
      const { page, trouble, close } = await lookAt(browser, `${urlOf()}${path}`, look);
      try {
        expect(await page.title()).toContain('Tidemark');
        expect(await accessibilityViolations(page)).toEqual([]);
        const tree = await accessibilityTree(page);
        expect(tree.filter(({ role }) => role === 'heading').map((node) => node.name)).toContain(name);
        const wide = await page.evaluate('document.documentElement.scrollWidth > window.innerWidth + 1');
        expect(wide, 'the page scrolls sideways').toBe(false);
        expect(trouble).toEqual([]);
      } finally {
        await close();
      }
    });

    it('says the same without JavaScript', async () => {
      const url = `${urlOf()}${path}`;
      const [withIt, without] = await Promise.all(
        [true, false].map(async (javaScript) => {
          const looked = await lookAt(browser, url, { theme: 'light', width: 1200, javaScript });
          const text = await looked.page.locator('main h1, main h2, main table, main form label').allInnerTexts();
          await looked.close();
          return text;
        }),
      );
      expect(without).toEqual(withIt);
      expect(without!.length).toBeGreaterThan(0);
    });
  });
}

describe('over the demonstration', () => {
  let world: DemoWorldAtHand;
  beforeAll(async () => {
    world = await startDemoWorld(18_100);
  }, 360_000);
  afterAll(() => world.stop());
  describePages('loaded', () => world.siteUrl);
});

describe('over nothing', () => {
  let site: TestSite;
  let url: string;
  beforeAll(async () => {
    site = await createTestSite({ environment: { HTTP_AUTH: 'none' } });
    url = await site.app.listen({ host: '127.0.0.1', port: 0 });
  });
  afterAll(() => site.close());
  describePages('empty', () => url);
});
