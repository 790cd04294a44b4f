/** The workflows' bundle: built by webpack in two to five seconds, and kept as long as its sources stay. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, type BundleOptions, type WorkflowBundleOption } from '@temporalio/worker';
import type { Logger } from 'pino';

const root = fileURLToPath(new URL('..', import.meta.url));
const cacheDirectory = join(root, 'node_modules', '.cache', 'tidemark');
/** Whatever is bundled stands here, or in an SDK whose version the lock file names. */
const sources = ['workflows', 'contracts'];

/**
 * The bundle to hand to every workflow worker. In a clone it is cached by the content of what goes into it;
 * where the cache cannot be written it is built each time.
 */
export async function workflowBundle(logger: Logger): Promise<WorkflowBundleOption> {
  const key = await contentHash();
  const cached = join(cacheDirectory, `workflows-${key}.js`);
  const kept = await readKept(cached);
  if (kept !== null) return { code: kept };
  const startedAt = performance.now();
  const { code } = await bundleWorkflowCode({ workflowsPath: workflowsPath(), logger: quiet(logger) });
  logger.info({ durationMs: Math.round(performance.now() - startedAt) }, 'Workflows bundled');
  try {
    await keep(cached, code);
  } catch (error) {
    logger.debug({ error }, 'The bundle cannot be cached here');
  }
  return { code };
}

/** Null when there is none; another process may remove it at any time. */
async function readKept(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function workflowsPath(): string {
  const source = join(root, 'workflows', 'index.ts');
  return existsSync(source) ? source : join(root, 'workflows', 'index.js');
}

async function contentHash(): Promise<string> {
  const hash = createHash('sha256').update(process.version);
  for (const folder of sources) {
    const names = (await readdir(join(root, folder), { recursive: true })).filter((name) =>
      /\.[jt]s$/.test(name),
    );
    for (const name of names.sort()) hash.update(name).update(await readFile(join(root, folder, name)));
  }
  const sdk = join(root, 'node_modules', '@temporalio', 'workflow', 'package.json');
  if (existsSync(sdk)) hash.update(await readFile(sdk));
  return hash.digest('hex').slice(0, 24);
}

/** Whole or not at all: several workers may start at once. */
async function keep(path: string, code: string): Promise<void> {
  await mkdir(cacheDirectory, { recursive: true });
  const before = await readdir(cacheDirectory);
  const partial = `${path}.${process.pid}`;
  await writeFile(partial, code);
  await rename(partial, path);
  const outdated = before.filter((name) => /^workflows-[0-9a-f]+\.js$/.test(name));
  await Promise.all(outdated.map((name) => rm(join(cacheDirectory, name), { force: true })));
}

function quiet(logger: Logger): NonNullable<BundleOptions['logger']> {
  const log = (level: 'debug' | 'warn' | 'error') => (message: string, meta?: object) => {
    logger[level]({ ...meta }, message);
  };
  return {
    log: (level, message, meta) => logger.debug({ ...meta, level }, message),
    trace: log('debug'),
    debug: log('debug'),
    info: log('debug'),
    warn: log('warn'),
    error: log('error'),
  };
}
