// The README's test command, then every check; the last line counts what passed and what failed.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './prepare.mjs';

const directory = mkdtempSync(join(tmpdir(), 'tidemark-ci-'));
const report = join(directory, 'report.json');
let passed = 0;
let failed = 0;

/** @param {string[]} args @param {NodeJS.ProcessEnv} [more] */
function npm(args, more = {}) {
  process.stdout.write(`\n> npm ${args.join(' ')}\n`);
  const { status } = spawnSync('npm', args, {
    cwd: root,
    env: { ...process.env, ...more },
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  return status === 0;
}

const testsPassed = npm(['test'], { TIDEMARK_TEST_REPORT: report });
try {
  const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(report, 'utf8'));
  const brokenFiles = testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((result) => result.status === 'failed'),
  );
  passed += numPassedTests;
  failed += numFailedTests + brokenFiles.length;
} catch {
  process.stdout.write('The tests left no report.\n');
}
// An error outside of any test, or no report at all, is a failure too.
if (!testsPassed && failed === 0) failed += 1;

const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const checks = scripts.check.split('&&').map((part) => part.trim().replace(/^npm run /, ''));
for (const check of checks) {
  if (npm(['run', check])) passed += 1;
  else failed += 1;
}

rmSync(directory, { recursive: true, force: true });
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
