/** Schemathesis, which asks an API by its own description: found in the cache, or put there by pip. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { ApiExamples } from './api-examples.js';

const run = promisify(execFile);
const version = '4.32.5';

/** @returns the program's path. @throws Error that says what mends it, where Python or its packages cannot be had */
export async function installSchemathesis(): Promise<string> {
  const base = process.env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache');
  const folder = path.join(base, 'tidemark', `schemathesis-${version}`);
  const program = path.join(folder, 'bin', 'schemathesis');
  if (existsSync(program)) return program;
  await mkdir(path.dirname(folder), { recursive: true });
  try {
    await run('python3', ['-m', 'venv', folder]);
    await run(path.join(folder, 'bin', 'pip'), ['install', '--quiet', `schemathesis==${version}`]);
  } catch (error) {
    throw new Error(
      'Schemathesis cannot be had. Install Python 3.10 or newer with its venv module (on Debian: apt install ' +
        `python3-venv), see that pip reaches its index, remove ${folder} and start again.`,
      { cause: error },
    );
  }
  return program;
}

export interface SchemathesisReport {
  passed: boolean;
  output: string;
  /** Of the description; how many were asked. */
  operations: number;
  /** Requests that were made up, and judged. */
  generated: number;
}

/** All phases over the description at the address, with one caller's headers. */
export async function runSchemathesis(
  program: string,
  options: {
    url: string;
    headers: Record<string, string>;
    /** How many of each kind. */
    examples: number;
    seed: number;
    known: ApiExamples;
  },
): Promise<SchemathesisReport> {
  const headers = Object.entries(options.headers).flatMap(([name, value]) => [
    '--header',
    `${name}: ${value}`,
  ]);
  const checks = [
    'not_a_server_error',
    'status_code_conformance',
    'content_type_conformance',
    'response_headers_conformance',
    'response_schema_conformance',
    'negative_data_rejection',
    'unsupported_method',
    'missing_required_header',
  ];
  const given = [
    ...['run', 'openapi.json', '--url', options.url, ...headers],
    ...['--phases', 'examples,coverage,fuzzing,stateful', '--checks', checks.join(',')],
    ...['--max-examples', String(options.examples), '--seed', String(options.seed)],
    ...['--continue-on-failure', '--no-color', '--workers', '1'],
  ];
  // It keeps notes where it runs.
  const cwd = await mkdtemp(path.join(tmpdir(), 'tidemark-schemathesis-'));
  await writeFile(path.join(cwd, 'openapi.json'), await descriptionAt(options.url, options.known));
  try {
    const { stdout } = await run(program, given, { cwd, maxBuffer: 64 * 2 ** 20 });
    return report(true, stdout);
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    return report(false, `${stdout ?? ''}\n${stderr ?? ''}`);
  } finally {
    await rm(cwd, { recursive: true });
  }
}

function report(passed: boolean, output: string): SchemathesisReport {
  const figure = (pattern: RegExp): number => Number(pattern.exec(output)?.[1]?.replaceAll(',', '') ?? 0);
  return {
    passed,
    output,
    operations: figure(/Tested: (\d+)/),
    generated: figure(/(\d[\d,]*) generated/),
  };
}

interface Operation {
  parameters?: { in: string; example?: unknown }[];
  requestBody?: { content: Record<string, { example?: unknown }> };
}

/**
 * The server's own description with examples of what is there, but for the header that every write may bring: where a
 * route tells of headers, Schemathesis expects unknown ones to be refused, and HTTP takes any.
 */
async function descriptionAt(url: string, known: ApiExamples): Promise<string> {
  const answer = await fetch(`${url}/docs/json`);
  const description = (await answer.json()) as { paths: Record<string, Record<string, Operation>> };
  for (const [place, operations] of Object.entries(description.paths))
    for (const [method, operation] of Object.entries(operations)) {
      operation.parameters = (operation.parameters ?? []).filter((parameter) => parameter.in !== 'header');
      for (const parameter of operation.parameters)
        if (parameter.in === 'path' && place in known.paths) parameter.example = known.paths[place];
      const body = known.bodies[`${method.toUpperCase()} ${place}`];
      const form = operation.requestBody?.content['application/json'];
      if (form !== undefined && body !== undefined) form.example = body;
    }
  return JSON.stringify(description);
}
