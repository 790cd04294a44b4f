/** What the proofs measured, in `docs/evidence`: a JSON file each, and a page that lists them all. */
import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Pool } from 'pg';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = path.join(root, 'docs', 'evidence');

export interface Proof {
  /** The file's name, without its ending. */
  name: string;
  /** One sentence with the figures that matter. */
  finding: string;
  figures: Record<string, unknown>;
}

interface Evidence extends Proof {
  /** ISO day. */
  date: string;
  /** Ends in `-dirty` where files differed from it; null outside a clone. */
  commit: string | null;
  node: string;
  postgres: string;
  cores: number;
}

/** Writes the proof's file, in place of an earlier one, and the page anew. */
export async function writeEvidence(pool: Pool, proof: Proof): Promise<void> {
  const { rows } = await pool.query<{ server_version: string }>('show server_version');
  const evidence: Evidence = {
    ...proof,
    date: new Date().toISOString().slice(0, 10),
    commit: describeCommit(),
    node: process.versions.node,
    postgres: rows[0]!.server_version,
    cores: availableParallelism(),
  };
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, `${proof.name}.json`), `${JSON.stringify(evidence, null, 2)}\n`);
  await writeFile(path.join(folder, 'README.md'), await page());
}

async function page(): Promise<string> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
  const rows: string[] = [];
  for (const name of names) {
    const found = JSON.parse(await readFile(path.join(folder, name), 'utf8')) as Partial<Evidence>;
    if (found.finding === undefined) continue;
    rows.push(
      `| [${path.basename(name, '.json')}](${name}) | ${found.finding} | ${found.date ?? ''} ` +
        `| ${found.commit ?? 'none'} | ${found.node ?? ''} | ${found.postgres ?? ''} | ${found.cores ?? ''} |`,
    );
  }
  return [
    '# Evidence',
    '',
    '`npm run prove` runs the long proofs and writes what they found here. Commits that end in `-dirty` had',
    'changes in the working tree.',
    '',
    '| Proof | Found | Date | Commit | Node | Postgres | Cores |',
    '|---|---|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

function describeCommit(): string | null {
  try {
    const options = { cwd: root, encoding: 'utf8', stdio: 'pipe' } as const;
    return execFileSync('git', ['describe', '--always', '--dirty', '--exclude=*'], options).trim();
  } catch {
    return null;
  }
}
