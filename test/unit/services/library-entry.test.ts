import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import * as library from '../../../services/index.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** What a program without any preparation gets, by the package’s own name. */
function inPlainNode(script: string): unknown {
  return JSON.parse(
    execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
      cwd: root,
      encoding: 'utf8',
    }),
  );
}

describe('the package’s entry', () => {
  it('is the same to a program that plain Node runs', () => {
    const names = inPlainNode(
      `import * as all from 'tidemark'; console.log(JSON.stringify(Object.keys(all).sort()));`,
    );
    expect(names).toEqual(Object.keys(library).sort());
    const benchmark = inPlainNode(
      `import { getConfigForEnvironment } from 'tidemark';
       const { benchmark_engagement_rate } = getConfigForEnvironment('development', {}).getPlatformConfig('youtube');
       console.log(JSON.stringify(benchmark_engagement_rate));`,
    );
    expect(benchmark).toBe(0.04);
  }, 60_000);

  it('is told to TypeScript by its sources', () => {
    const { exports } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8')) as { exports: unknown };
    expect(exports).toEqual({ '.': { types: './services/index.ts', default: './bin/library.js' } });
  });
});
