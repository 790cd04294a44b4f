/** The files of an embedded Postgres: its cluster and the superuser's password. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, chown, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ServerStartError } from './errors.js';
import type { PostgresHome } from './postgres-home.js';

export const superuser = 'postgres';

/** Whether a whole cluster stands there. */
export function clusterExists(dataDirectory: string): boolean {
  return existsSync(join(dataDirectory, 'PG_VERSION'));
}

/**
 * The superuser's password, made on first need.
 * @throws ServerStartError where the cluster stands and its password file is gone
 */
export async function ensurePassword(directory: string, dataDirectory: string): Promise<string> {
  const file = join(directory, 'postgres.password');
  if (existsSync(file)) return (await readFile(file, 'utf8')).trim();
  if (clusterExists(dataDirectory)) {
    throw new ServerStartError(
      'Postgres',
      `there is a cluster in ${dataDirectory} whose password file ${file} is gone`,
      'Restore the file, or remove the cluster to start anew.',
    );
  }
  const password = randomBytes(24).toString('base64url');
  await writeFile(file, `${password}\n`, { mode: 0o600 });
  return password;
}

/**
 * Makes the cluster beside its place and renames it, so that a run killed meanwhile leaves no half of one.
 * @throws ServerStartError with what initdb said
 */
export async function makeCluster(
  home: PostgresHome,
  dataDirectory: string,
  password: string,
): Promise<void> {
  const partial = `${dataDirectory}.partial`;
  const passwordFile = join(home.directory, 'initial.password');
  await rm(partial, { recursive: true, force: true });
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  if (home.account !== null) await chown(passwordFile, home.account.uid, home.account.gid);
  try {
    await promisify(execFile)(
      home.initdb,
      [
        `--pgdata=${partial}`,
        `--username=${superuser}`,
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        // Postgres's own C.UTF-8 is the same everywhere, whatever locales this system has.
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--locale=C',
      ],
      { cwd: home.directory, env: serverEnvironment(), ...(home.account ?? {}) },
    );
  } catch (error) {
    throw new ServerStartError(
      'Postgres',
      `initdb failed: ${(error as { stderr?: string }).stderr?.trim() ?? String(error)}`,
      'Set DATABASE_URL to a Postgres of your own.',
      { cause: error },
    );
  } finally {
    await rm(passwordFile, { force: true });
  }
  await rename(partial, dataDirectory);
  await chmod(dataDirectory, 0o700);
}

/** What Postgres's programs see of the environment: no locale or zone of the machine's. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' };
}
