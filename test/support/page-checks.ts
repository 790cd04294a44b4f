/** What every page has to pass in a browser; each check answers with its faults, a line each. */
import type { Page } from 'playwright-core';
import { accessibilityTree, accessibilityViolations, type LookedAtPage } from './browser.js';

export interface Expected {
  heading: RegExp;
  says?: RegExp | undefined;
  /** 200 unless told. */
  status?: number | undefined;
}

export const mostBytes = 60 * 1_024;

/** Open to everybody, whole, quiet, as wide as the screen, and light. */
export async function faultsOf(looked: LookedAtPage, expected: Expected): Promise<string[]> {
  const { page, trouble } = looked;
  const { status = 200 } = expected;
  const faults = (await accessibilityViolations(page)).map((text) => `accessibility: ${text}`);
  const tree = await accessibilityTree(page);
  const names = new Set(tree.map(({ name }) => name));
  const headings = tree.filter(({ role }) => role === 'heading').map(({ name }) => name);
  if (!headings.some((name) => expected.heading.test(name)))
    faults.push(`heading: ${String(expected.heading)} is none of ${headings.join(' | ')}`);
  for (const told of await toldByCharts(page))
    if (!names.has(told)) faults.push(`chart: assistive technology is not told “${told}”`);
  if (await page.evaluate('document.documentElement.scrollWidth > window.innerWidth + 1'))
    faults.push('width: the page scrolls sideways');
  const text = await page.locator('body').innerText();
  if (expected.says !== undefined && !expected.says.test(text))
    faults.push(`words: nothing says ${String(expected.says)}`);
  // The browser tells of an answer that is meant to be none.
  const meant = new RegExp(`the server responded with a status of ${String(status)}`);
  for (const told of trouble) if (status < 400 || !meant.test(told)) faults.push(`trouble: ${told}`);
  if (looked.status !== status) faults.push(`status: ${String(looked.status)} and not ${String(status)}`);
  if (looked.bytes > mostBytes) faults.push(`weight: ${String(looked.bytes)} bytes`);
  return faults;
}

/** Name with period of each chart in sight, and the words of each event in it. */
async function toldByCharts(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const seen = [...document.querySelectorAll('figure.chart .plot')].filter((plot) =>
      plot.checkVisibility(),
    );
    return seen.flatMap((plot) => {
      const caption = plot.closest('figure')!.querySelector('figcaption')!;
      const [name, period] = [...caption.querySelectorAll('span')].map(({ textContent }) => textContent);
      const events = [...plot.querySelectorAll('[role="img"]')].map(
        (event) => event.getAttribute('aria-label') ?? '',
      );
      return [`${name ?? ''}, ${period ?? ''}`, ...events].map((words) =>
        words.replaceAll(/\s+/g, ' ').trim(),
      );
    });
  });
}

const controls =
  'a[href], button, input:not([type="hidden"]), select, textarea, summary, [tabindex]:not([tabindex="-1"])';

interface Focused {
  place: number;
  name: string;
  isSeen: boolean;
}

/** Tab reaches every control in the order of the page, each with a ring; Enter works what it should. */
export async function keyboardFaults(page: Page): Promise<{ faults: string[]; controls: number }> {
  const faults: string[] = [];
  const count = await page.evaluate((selector) => {
    const found = [...document.querySelectorAll<HTMLElement>(selector)].filter(
      (one) => one.checkVisibility() && !(one as HTMLButtonElement).disabled,
    );
    (globalThis as unknown as { order: HTMLElement[] }).order = found;
    return found.length;
  }, controls);
  const reached: number[] = [];
  for (let press = 0; press < count * 4 + 10; press += 1) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(focusedNow);
    if (focused === null) break;
    // A field of a date has stops of its own within it.
    if (reached.at(-1) === focused.place) continue;
    reached.push(focused.place);
    if (!focused.isSeen) faults.push(`focus: it is not seen on ${focused.name}`);
    if (reached.length > count) break;
  }
  const wanted = Array.from({ length: count }, (_, index) => index);
  if (reached.join() !== wanted.join())
    faults.push(`order: Tab goes ${reached.join(' ')} through ${String(count)} controls`);
  return { faults: [...faults, ...(await enterFaults(page))], controls: count };
}

function focusedNow(): Focused | null {
  const { order } = globalThis as unknown as { order: HTMLElement[] };
  const one = document.activeElement;
  if (one === null || one === document.body) return null;
  const { outlineStyle, outlineWidth } = getComputedStyle(one);
  const box = one.getBoundingClientRect();
  return {
    place: order.indexOf(one as HTMLElement),
    name: `${one.tagName.toLowerCase()} “${one.textContent.trim().slice(0, 40)}”`,
    isSeen:
      outlineStyle !== 'none' &&
      Number.parseFloat(outlineWidth) >= 2 &&
      box.width > 0 &&
      box.bottom > 0 &&
      box.top < innerHeight,
  };
}

/** The skip link leads to the content, what is folded unfolds, and a form that asks is answered. */
async function enterFaults(page: Page): Promise<string[]> {
  const faults: string[] = [];
  await page.locator('.skip-link').focus();
  await page.keyboard.press('Enter');
  if ((await page.evaluate('document.activeElement.id')) !== 'main')
    faults.push('skip link: it does not lead to the content');
  for (const summary of await page.locator('main summary').all()) {
    await summary.focus();
    await page.keyboard.press('Enter');
    const isOpen = await summary.evaluate((one) => (one.parentElement as HTMLDetailsElement).open);
    if (!isOpen) faults.push(`summary: “${await summary.innerText()}” does not unfold`);
  }
  const ask = page.locator('main form[method="get"] button').first();
  // One that still has to be filled in is kept back by the browser.
  const isFilledIn =
    (await ask.count()) > 0 &&
    (await ask.evaluate((button) => (button as HTMLButtonElement).form!.checkValidity()));
  if (isFilledIn) {
    await ask.focus();
    await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')]);
    if (!new URL(page.url()).search.startsWith('?'))
      faults.push('form: what was asked is not in the address');
    if ((await page.locator('h1').count()) !== 1) faults.push('form: no page answers it');
  }
  return faults;
}

/** What a page says, but for the ids of requests; what has an age, such as the badge, stands outside of it. */
export async function wordsOf(page: Page): Promise<string> {
  return (await page.locator('main').innerText()).replaceAll(/request [\da-f-]{36}/g, 'request');
}

/** Reloaded, and come back to from elsewhere, it is the same. */
export async function returnFaults(page: Page, elsewhere: string): Promise<string[]> {
  const [url, before] = [page.url(), await wordsOf(page)];
  const faults: string[] = [];
  await page.reload();
  if ((await wordsOf(page)) !== before) faults.push('reload: the page says something else');
  await page.goto(elsewhere);
  await page.goBack();
  if (page.url() !== url) faults.push(`back: it leads to ${page.url()}`);
  if ((await wordsOf(page)) !== before) faults.push('back: the page says something else');
  return faults;
}
