// Runs vitest in this very process, so that its exit code and the terminal's signals are ours.
import { join } from 'node:path';
import { ensureDependencies, root, say } from './prepare.mjs';
import { ensureChromium } from './prepare-browser.mjs';

/**
 * Installs what is missing, sees to it that there are a Temporal server and a browser to test with, and runs vitest.
 * @param {string[]} args of vitest
 */
export async function runVitest(args) {
  await ensureDependencies();
  const { tsImport } = await import('tsx/esm/api');
  const { findTemporalBinary } = await tsImport('../runtime/temporal-binary.ts', import.meta.url);
  try {
    await findTemporalBinary({ environment: process.env, announce: say });
  } catch (error) {
    say(`error: ${error.message}`);
    process.exit(1);
  }
  await ensureChromium();
  // Tells nothing of the run to the outside, and asks no questions.
  process.env['VITEST_SKIP_INSTALL_CHECKS'] = '1';
  process.chdir(root);
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  process.argv = [process.argv[0], vitest, 'run', ...args];
  await import(new URL(`file://${vitest}`).href);
}
