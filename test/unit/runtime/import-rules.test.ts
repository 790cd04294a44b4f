import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

interface Cruise {
  summary: {
    totalCruised: number;
    violations: { from: string; to: string; rule: { name: string } }[];
  };
}

const repository = new URL('../../..', import.meta.url).pathname;
const cruiser = join(repository, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');

function cruise(directory: string): Cruise['summary'] {
  const options = { cwd: directory, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 } as const;
  const config = join(repository, '.dependency-cruiser.cjs');
  const args = [cruiser, '--config', config, '--output-type', 'json', '.'];
  return (JSON.parse(execFileSync(process.execPath, args, options)) as Cruise).summary;
}

describe('the import rules', () => {
  it('hold over every module of the project, which are more than none', () => {
    const { totalCruised, violations } = cruise(repository);
    expect(totalCruised).toBeGreaterThan(150);
    expect(violations.map(({ from, to, rule }) => `${rule.name}: ${from} → ${to}`)).toEqual([]);
  });

  it('catch what they forbid, and leave type-only imports out of account', () => {
    const project = mkdtempSync(join(tmpdir(), 'import-rules-'));
    symlinkSync(join(repository, 'node_modules'), join(project, 'node_modules'));
    symlinkSync(join(repository, 'tsconfig.json'), join(project, 'tsconfig.json'));
    writeFileSync(join(project, 'package.json'), '{"type":"module","devDependencies":{"fast-check":"*"}}');
    const files: Record<string, string> = {
      'contracts/words.ts': "import '../store/rows.js';\n",
      'analytics/mean.ts': "import { readFileSync } from 'node:fs';\nexport const mean = readFileSync;\n",
      'workflows/tick.ts': "import { rows } from '../store/rows.js';\nexport const tick = rows;\n",
      'workflows/fine.ts':
        "import type { rows } from '../store/rows.js';\nimport { sleep } from '@temporalio/workflow';\n" +
        'export const fine = (x: typeof rows): unknown => [x, sleep];\n',
      'sources/client.ts': "import pg from 'pg';\nexport const client = pg;\n",
      'store/rows.ts': "import { log } from '@temporalio/activity';\nexport const rows = log;\n",
      'services/rank.ts': "import http from 'node:http';\nexport const rank = http;\n",
      'runtime/pool.ts': "import { rows } from '../store/rows.js';\nexport const pool = rows;\n",
      'operations/doctor.ts':
        "import { main } from '../cli/main.js';\nimport { start } from '../workers/start.js';\nexport const d = [main, start];\n",
      'cli/main.ts': "import { start } from '../workers/start.js';\nexport const main = start;\n",
      'workers/start.ts': "import { face } from '../server/face.js';\nexport const start = face;\n",
      'server/face.ts': 'export const face = 1;\n',
      'server/page.ts': "import { start } from '../workers/start.js';\nexport const page = start;\n",
      'sandbox/server.ts': "import { client } from '../sources/client.js';\nexport const server = client;\n",
    };
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(join(project, path, '..'), { recursive: true });
      writeFileSync(join(project, path), content);
    }
    const found = cruise(project).violations.map(({ from, rule }) => `${from} ${rule.name}`);
    expect(found.sort()).toEqual([
      'analytics/mean.ts analytics-are-pure',
      'contracts/words.ts contracts-import-nothing',
      'operations/doctor.ts nothing-imports-the-commands',
      'operations/doctor.ts only-the-commands-import-workers',
      'runtime/pool.ts runtime-stands-below-everything',
      'sandbox/server.ts sandbox-stands-alone',
      'server/page.ts only-the-commands-import-workers',
      'services/rank.ts store-and-services-know-no-temporal-and-no-http-server',
      'sources/client.ts sources-know-no-database-and-no-temporal',
      'store/rows.ts store-and-services-know-no-temporal-and-no-http-server',
      'workers/start.ts only-the-commands-import-the-server',
      'workflows/tick.ts workflows-are-deterministic',
    ]);
  });
});
