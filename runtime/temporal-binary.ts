/** Finds the program that serves Temporal in development, and fetches or builds it where there is none. */
import { execFile, spawn } from 'node:child_process';
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import type { Announce } from './announce.js';
import { downloadArchive } from './download.js';
import { ServerStartError } from './errors.js';

/** The last release that `go install` can build: later ones replace modules in their go.mod. */
const temporalCliVersion = 'v1.5.1';

export interface TemporalBinary {
  path: string;
  found: 'path' | 'cache' | 'download' | 'build';
}

export interface TemporalBinarySearch {
  environment: NodeJS.ProcessEnv;
  announce: Announce;
  /** Where archives are fetched from; the official site unless a mirror is told. */
  downloadSite?: string;
  downloadTimeoutMs?: number;
}

const officialSite = 'https://temporal.download';
const program = process.platform === 'win32' ? 'temporal.exe' : 'temporal';

/**
 * The development server's program: on the PATH, in the user's cache, by download from the official site,
 * or built by Go; the last two land in the cache, whole or not at all, whoever else does the same meanwhile.
 *
 * @throws ServerStartError naming each way that was tried and why it led nowhere.
 */
export async function findTemporalBinary(search: TemporalBinarySearch): Promise<TemporalBinary> {
  const { environment, announce } = search;
  const onPath = executableOnPath(program, environment);
  if (onPath !== null) {
    const fault = await faultOf(onPath);
    if (fault === null) return { path: onPath, found: 'path' };
    announce(`${onPath} is passed over: ${fault}`);
  }
  const directory = cacheDirectory(environment);
  const cached = join(directory, program);
  if (existsSync(cached)) {
    const fault = await faultOf(cached);
    if (fault === null) return { path: cached, found: 'cache' };
    announce(`${cached} is passed over: ${fault}`);
    await rm(cached, { force: true });
  }
  const tried: string[] = [];
  for (const way of [byDownload, byBuild]) {
    await mkdir(directory, { recursive: true });
    const workshop = await mkdtemp(join(directory, 'partial-'));
    try {
      const made = await way.make(workshop, search);
      await chmod(made, 0o755);
      const fault = await faultOf(made);
      if (fault !== null) throw new Error(fault);
      await rename(made, cached);
      announce(`The Temporal server is ready in ${cached}.`);
      return { path: cached, found: way.name };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      tried.push(`${way.name}: ${reason}`);
      announce(`No Temporal server by ${way.name}: ${reason}`);
    } finally {
      await rm(workshop, { recursive: true, force: true });
    }
  }
  throw new ServerStartError(
    'Temporal',
    `its program is neither on the PATH nor in ${directory}, and could not be had (${tried.join('; ')})`,
    'Install the Temporal CLI (https://docs.temporal.io/cli) so that `temporal` is on the PATH, install Go 1.24 ' +
      'or newer and start again, or set TEMPORAL_ADDRESS to a server that runs already.',
  );
}

/** `$XDG_CACHE_HOME/tidemark/temporal/<version>`, or the same under `~/.cache`: one for all of a user's clones. */
export function cacheDirectory(environment: NodeJS.ProcessEnv): string {
  const base = environment['XDG_CACHE_HOME'];
  const home = environment['HOME'] ?? homedir();
  return join(
    base === undefined || base === '' ? join(home, '.cache') : base,
    'tidemark',
    'temporal',
    temporalCliVersion,
  );
}

/** The first executable file of that name on the PATH, or null. */
function executableOnPath(name: string, environment: NodeJS.ProcessEnv): string | null {
  for (const directory of (environment['PATH'] ?? '').split(delimiter)) {
    if (directory === '') continue;
    const path = join(directory, name);
    try {
      accessSync(path, constants.X_OK);
      if (statSync(path).isFile()) return path;
    } catch {
      continue;
    }
  }
  return null;
}

/** Null when the program runs and says its version; otherwise what is wrong with it. */
async function faultOf(path: string): Promise<string | null> {
  try {
    const { stdout } = await promisify(execFile)(path, ['--version'], { timeout: 15_000 });
    return stdout.includes('Server') ? null : 'it does not answer --version as the Temporal CLI does';
  } catch (error) {
    return `it does not run (${error instanceof Error ? error.message.split('\n')[0]! : String(error)})`;
  }
}

interface Way {
  name: 'download' | 'build';
  /** Puts the program into the workshop and returns its path. */
  make(workshop: string, search: TemporalBinarySearch): Promise<string>;
}

const byDownload: Way = {
  name: 'download',
  async make(workshop, { announce, downloadSite, downloadTimeoutMs }) {
    const system = { linux: 'linux', darwin: 'darwin' }[process.platform as string];
    const arch = { x64: 'amd64', arm64: 'arm64' }[process.arch as string];
    if (system === undefined || arch === undefined) {
      throw new Error(`no build is published for ${process.platform} on ${process.arch}`);
    }
    const url = `${downloadSite ?? officialSite}/cli/archive/${temporalCliVersion}?platform=${system}&arch=${arch}`;
    announce(`Downloading the Temporal server ${temporalCliVersion} from ${new URL(url).host} …`);
    const archive = join(workshop, 'archive.tar.gz');
    await downloadArchive(url, archive, { timeoutMs: downloadTimeoutMs ?? 300_000, announce });
    await promisify(execFile)('tar', ['-xzf', archive, '-C', workshop, program]);
    return join(workshop, program);
  },
};

const byBuild: Way = {
  name: 'build',
  async make(workshop, { environment, announce }) {
    const go = executableOnPath('go', environment);
    if (go === null) throw new Error('Go is not installed');
    announce(`Building the Temporal server ${temporalCliVersion} with Go: three to five minutes, once …`);
    const started = Date.now();
    const progress = setInterval(() => {
      announce(`… still building, ${Math.round((Date.now() - started) / 1000)} s`);
    }, 20_000);
    try {
      await goInstall(go, { ...environment, GOBIN: workshop });
    } finally {
      clearInterval(progress);
    }
    return join(workshop, program);
  },
};

function goInstall(go: string, environment: NodeJS.ProcessEnv): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(go, ['install', `github.com/temporalio/cli/cmd/temporal@${temporalCliVersion}`], {
      env: environment,
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: 1_200_000,
    });
    let complaint = '';
    child.stderr.on('data', (chunk: Buffer) => {
      complaint = (complaint + chunk.toString()).slice(-2_000);
    });
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`go install ended with ${signal ?? String(code)}: ${complaint.trim()}`));
    });
  });
}
