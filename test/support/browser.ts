/** Pages as people meet them: a real browser, the accessibility rules, and what assistive technology is told. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium, type Browser, type Page } from 'playwright-core';

const quietly = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface PrepareBrowser {
  findChromium: (environment: NodeJS.ProcessEnv) => Promise<string | null>;
}

/** @throws Error where no browser is there; the test command installs one */
export async function openBrowser(): Promise<Browser> {
  const script = new URL('../../scripts/prepare-browser.mjs', import.meta.url).href;
  const { findChromium } = (await import(script)) as PrepareBrowser;
  const executablePath = await findChromium(process.env);
  if (executablePath === null)
    throw new Error('There is no Chromium here: run “npm test”, which installs one');
  return chromium.launch({ executablePath, args: quietly });
}

export interface Look {
  theme: 'light' | 'dark';
  width: number;
  javaScript?: boolean;
  /** Whom the page is looked at as; nobody unless told. */
  cookie?: { name: string; value: string } | null;
}

export interface LookedAtPage {
  page: Page;
  /** What the console and the network told of trouble, and requests that left the host. */
  trouble: string[];
  /** Of the answer that the page is. */
  status: number;
  /** As they came over the wire, its style sheets and scripts among them. */
  bytes: number;
  close(): Promise<void>;
}

/** A page of its own context; cookies of one never reach another. */
export async function lookAt(browser: Browser, url: string, look: Look): Promise<LookedAtPage> {
  const context = await browser.newContext({
    viewport: { width: look.width, height: 900 },
    colorScheme: look.theme,
    javaScriptEnabled: look.javaScript ?? true,
    reducedMotion: 'reduce',
  });
  if (look.cookie !== undefined && look.cookie !== null) await context.addCookies([{ ...look.cookie, url }]);
  const page = await context.newPage();
  const trouble: string[] = [];
  const { host } = new URL(url);
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') trouble.push(message.text());
  });
  page.on('dialog', (dialog) => {
    trouble.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('pageerror', (error) => trouble.push(error.message));
  page.on('request', (request) => {
    const asked = request.url();
    if (!asked.startsWith('data:') && new URL(asked).host !== host) trouble.push(`left the host: ${asked}`);
  });
  let bytes = 0;
  const sized: Promise<void>[] = [];
  page.on('requestfinished', (request) =>
    sized.push(
      request.sizes().then(
        ({ responseBodySize }) => void (bytes += responseBodySize),
        // The page was closed meanwhile.
        () => undefined,
      ),
    ),
  );
  const answer = await page.goto(url, { waitUntil: 'load' });
  await Promise.all(sized);
  const ofPage = bytes;
  return {
    ...{ page, trouble, status: answer?.status() ?? 0, bytes: ofPage },
    close: () => context.close(),
  };
}

/** What breaks WCAG 2.2 AA on the page as it stands, a line a rule with the places. */
export async function accessibilityViolations(page: Page): Promise<string[]> {
  // The policy of the page forbids scripts that are not its own; the protocol's evaluation stands outside of it.
  await page.evaluate(axeSource);
  const found = await page.evaluate(async (tags) => {
    const axe = (globalThis as unknown as { axe: { run: (...args: unknown[]) => Promise<AxeResult> } }).axe;
    return axe.run({ exclude: [] }, { runOnly: { type: 'tag', values: tags } });
  }, rules);
  return found.violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join('; ')}`,
  );
}

interface AxeResult {
  violations: { id: string; nodes: { target: string[] }[] }[];
}

/** Role and name of everything that assistive technology is told of, in order. */
export async function accessibilityTree(page: Page): Promise<{ role: string; name: string }[]> {
  const session = await page.context().newCDPSession(page);
  const { nodes } = (await session.send('Accessibility.getFullAXTree')) as {
    nodes: { ignored: boolean; role?: { value: string }; name?: { value: string } }[];
  };
  await session.detach();
  return nodes
    .filter(({ ignored }) => !ignored)
    .map(({ role, name }) => ({ role: role?.value ?? '', name: name?.value ?? '' }));
}
