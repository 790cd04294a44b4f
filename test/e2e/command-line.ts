/** The command line as a shell runs it: a process of its own, with nothing of this one's settings. */
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { settingNames } from '../../runtime/settings.js';
import { expect } from 'vitest';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const program = path.join(root, 'bin', 'tidemark.js');

/** Where no world runs. */
const nowhere = path.join(tmpdir(), `tidemark-nowhere-${process.pid}`);

export interface Finished {
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

/** Empty, a variable is as good as unset, and keeps a developer's own `.env` out. */
export function cleanEnvironment(settings: Record<string, string> = {}): NodeJS.ProcessEnv {
  const unset = Object.fromEntries(settingNames.map((name) => [name, '']));
  return { ...process.env, ...unset, TIDEMARK_STATE_DIRECTORY: nowhere, ...settings };
}

export function tidemark(args: readonly string[], settings: Record<string, string> = {}): Promise<Finished> {
  const child = spawn(process.execPath, [program, ...args], {
    cwd: root,
    env: cleanEnvironment(settings),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const finished: Finished = { exitCode: null, stdout: '', stderr: '' };
  child.stdout.on('data', (data: Buffer) => (finished.stdout += data.toString()));
  child.stderr.on('data', (data: Buffer) => (finished.stderr += data.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => resolve({ ...finished, exitCode }));
  });
}

/** The one document on standard output, every field of it in snake_case. */
export function documentOf(finished: Finished): unknown {
  const document: unknown = JSON.parse(finished.stdout);
  expect(namesOf(document).filter((name) => /[A-Z]/.test(name))).toEqual([]);
  return document;
}

function namesOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(namesOf);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, field]) => [name, ...namesOf(field)]);
}

/** A failure is told in words: what, and where it is known the mend; no stack, no secret, no data. */
export function expectTold(finished: Finished, expected: { exitCode: number; says: RegExp }): void {
  const { exitCode, stdout, stderr } = finished;
  expect({ exitCode, stdout, stderr }).toMatchObject({ exitCode: expected.exitCode, stdout: '' });
  expect(stderr).toMatch(expected.says);
  expect(stderr).toMatch(/^(?:.*\n)*error: /);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(stderr).not.toContain('canary');
}
