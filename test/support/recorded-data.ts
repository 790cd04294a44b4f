/** The recordings beside the repository, which are not part of it. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe } from 'vitest';

const folder = fileURLToPath(new URL('../../../shared/data', import.meta.url));

/**
 * The folder of the recordings.
 *
 * @throws when it is missing.
 */
export function requireSharedData(): string {
  if (!existsSync(folder)) throw new Error(`The recordings are missing: ${folder} does not exist`);
  return folder;
}

/**
 * A `describe` over the recordings. Where the folder is missing it fails if `CI` is set, and is left out with
 * a line on stderr otherwise.
 */
export function describeRecorded(title: string, define: (sharedData: string) => void): void {
  const ci = process.env['CI'] ?? '';
  if (existsSync(folder) || (ci !== '' && ci !== 'false')) {
    const sharedData = requireSharedData();
    describe(title, () => define(sharedData));
    return;
  }
  console.error(`LEFT OUT: «${title}» needs the recordings in ${folder}`);
  describe.skip(title, () => define(folder));
}
