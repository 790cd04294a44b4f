// Finds a Chromium for the tests of the pages, or installs one: Playwright's own download, else the system's package.
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { root, say } from './prepare.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome'];
const usualPlaces = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/**
 * The executable of a Chromium that is there: the one that CHROMIUM_PATH names, one on the PATH, one that Playwright
 * has downloaded; null where there is none.
 * @param {NodeJS.ProcessEnv} environment
 * @returns {Promise<string | null>}
 */
export async function findChromium(environment) {
  const named = environment['CHROMIUM_PATH'] ?? '';
  if (named !== '') {
    if (isExecutable(named)) return named;
    throw new Error(`CHROMIUM_PATH is ${named}, which cannot be run: name a Chromium, or leave it unset`);
  }
  const folders = (environment['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const candidates = [
    ...folders.flatMap((folder) => names.map((name) => join(folder, name))),
    ...usualPlaces,
  ];
  const found = candidates.find(isExecutable);
  if (found !== undefined) return found;
  const { chromium } = await import('playwright-core');
  const downloaded = chromium.executablePath();
  return downloaded !== '' && isExecutable(downloaded) ? downloaded : null;
}

/** Leaves the executable's path in CHROMIUM_PATH; ends the process with the mend where none can be had. */
export async function ensureChromium() {
  const found = (await findChromium(process.env)) ?? (await installed());
  if (found === null) {
    say('The tests of the pages need a Chromium: install one (Debian: apt-get install chromium), or name it');
    say('in CHROMIUM_PATH.');
    process.exit(1);
  }
  process.env['CHROMIUM_PATH'] = found;
}

/** @returns {Promise<string | null>} */
async function installed() {
  say('Fetching a Chromium for the tests of the pages; a minute or two, once …');
  const playwright = join(root, 'node_modules', 'playwright-core', 'cli.js');
  const minutes = (count) => count * 60_000;
  run(process.execPath, [playwright, 'install', '--only-shell', 'chromium'], minutes(5));
  const downloaded = await findChromium(process.env);
  if (downloaded !== null) return downloaded;
  if (process.platform !== 'linux') return null;
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  const [command, ...rest] = [...asRoot, 'apt-get'];
  run(command, [...rest, 'update', '-q'], minutes(5));
  run(command, [...rest, 'install', '-y', '-q', '--no-install-recommends', 'chromium'], minutes(10));
  return findChromium(process.env);
}

/** @param {string} command @param {string[]} args @param {number} timeout in ms */
function run(command, args, timeout) {
  spawnSync(command, args, {
    stdio: ['ignore', 2, 2],
    timeout,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
}

/** @param {string} file */
function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
