// Runs vitest as a child. Told to end, it ends at once and leaves its servers, which stand in groups of their
// own and were not told: whatever a run started is ended here.
import { join } from 'node:path';
import { ensureDependencies, root, say } from './prepare.mjs';
import { ensureChromium } from './prepare-browser.mjs';
import { temporaryRun } from './temporary-run.mjs';

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
  process.chdir(root);
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  process.exitCode = await temporaryRun([vitest, 'run', ...args], {
    ...process.env,
    // Tells nothing of the run to the outside, and asks no questions.
    VITEST_SKIP_INSTALL_CHECKS: '1',
  });
}
