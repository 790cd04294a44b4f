/** The properties hold for inputs that nobody drew before. */
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/databases.js';
import { writeEvidence } from './evidence.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** `PROVE_PROPERTY_ROUNDS=100` looks longer. */
const rounds = Number(process.env['PROVE_PROPERTY_ROUNDS'] ?? 10);

let database: TestDatabase;
let directory: string;
beforeAll(async () => {
  database = await createTestDatabase();
  directory = await mkdtemp(path.join(tmpdir(), 'tidemark-properties-'));
});
afterAll(async () => {
  await rm(directory, { recursive: true, force: true });
  await database.drop();
});

/** The files that draw their inputs. */
async function propertyFiles(): Promise<string[]> {
  const all = await readdir(path.join(root, 'test'), { recursive: true });
  const files = all.filter((name) => name.endsWith('.test.ts') && !name.startsWith('prove')).sort();
  const drawing: string[] = [];
  for (const file of files) {
    const source = await readFile(path.join(root, 'test', file), 'utf8');
    if (source.includes(`from 'fast-check'`)) drawing.push(path.join('test', file));
  }
  return drawing;
}

interface Round {
  seed: number;
  passed: number;
  /** Names of the tests that failed, with what they said. */
  failed: string[];
}

async function runWith(seed: number, files: readonly string[]): Promise<Round> {
  const report = path.join(directory, `${String(seed)}.json`);
  const vitest = path.join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const child = spawn(
    process.execPath,
    [vitest, 'run', '--reporter=json', `--outputFile=${report}`, ...files],
    {
      cwd: root,
      env: { ...process.env, TIDEMARK_TEST_SEED: String(seed) },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  const [complaints] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  const told = await readFile(report, 'utf8').catch(() => null);
  if (told === null) throw new Error(`No results for the seed ${String(seed)}: ${complaints.slice(-2_000)}`);
  const { numPassedTests, testResults } = JSON.parse(told) as {
    numPassedTests: number;
    testResults: {
      message: string;
      assertionResults: { status: string; fullName: string; failureMessages: string[] }[];
    }[];
  };
  const failed = testResults.flatMap(({ assertionResults }) =>
    assertionResults
      .filter(({ status }) => status === 'failed')
      .map(({ fullName, failureMessages }) => `${fullName}: ${failureMessages.join(' ')}`),
  );
  return { seed, passed: numPassedTests, failed };
}

it('hold whatever the seed', async () => {
  const files = await propertyFiles();
  const told: Round[] = [];
  for (let round = 0; round < rounds; round += 1) told.push(await runWith(randomInt(2 ** 31), files));
  expect(told.filter(({ failed }) => failed.length > 0)).toEqual([]);
  const tests = told[0]!.passed;
  expect(tests).toBeGreaterThan(files.length);
  await writeEvidence(database.pool, {
    name: 'properties',
    finding: `${String(files.length)} files of properties, ${String(tests)} tests with their neighbours, by ${String(rounds)} fresh seeds: all hold.`,
    figures: { files: files.length, tests, seeds: told.map(({ seed }) => seed) },
  });
});
