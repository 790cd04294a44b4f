/** The palettes as a browser makes them out: which one is shown, and who decides. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lookAt, openBrowser, type Look } from '../../support/browser.js';
import { createTestSite, type TestSite } from '../../support/site.js';

let site: TestSite;
let url: string;
let browser: Browser;

beforeAll(async () => {
  site = await createTestSite({ environment: { HTTP_AUTH: 'none' } });
  url = await site.app.listen({ host: '127.0.0.1', port: 0 });
  browser = await openBrowser();
});
afterAll(async () => {
  await browser.close();
  await site.close();
});

/** The colours of ground and text, under the system's scheme and a choice. */
async function coloursOf(system: Look['theme'], chosen: 'auto' | 'light' | 'dark'): Promise<string> {
  const looked = await lookAt(browser, `${url}/theme?set=${chosen}&back=/login`, {
    theme: system,
    width: 1200,
  });
  try {
    return await looked.page.evaluate<string>(
      '(({ backgroundColor, color }) => `${color} on ${backgroundColor}`)(getComputedStyle(document.body))',
    );
  } finally {
    await looked.close();
  }
}

describe('the palette', () => {
  const light = 'rgb(23, 32, 42) on rgb(255, 255, 255)';
  const dark = 'rgb(232, 236, 241) on rgb(20, 23, 28)';

  it('is the system’s unless one was chosen, and then that one', async () => {
    expect(await coloursOf('light', 'auto')).toBe(light);
    expect(await coloursOf('dark', 'auto')).toBe(dark);
    expect(await coloursOf('light', 'dark')).toBe(dark);
    expect(await coloursOf('dark', 'light')).toBe(light);
  });
});
