import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

interface PrepareBrowser {
  findChromium: (environment: NodeJS.ProcessEnv) => Promise<string | null>;
}
const script = new URL('../../../scripts/prepare-browser.mjs', import.meta.url).href;
const { findChromium } = (await import(script)) as PrepareBrowser;

describe('the browser of the tests', () => {
  const folder = mkdtempSync(join(tmpdir(), 'browser-'));
  const executable = join(folder, 'chromium');
  writeFileSync(executable, '#!/bin/sh\n');

  it('is one on the PATH that can be run', async () => {
    chmodSync(executable, 0o644);
    expect(await findChromium({ PATH: folder })).not.toBe(executable);
    chmodSync(executable, 0o755);
    expect(await findChromium({ PATH: folder })).toBe(executable);
  });

  it('is the one that is named, and nothing instead of it', async () => {
    const named = join(folder, 'own');
    writeFileSync(named, '#!/bin/sh\n', { mode: 0o755 });
    expect(await findChromium({ PATH: folder, CHROMIUM_PATH: named })).toBe(named);
    await expect(findChromium({ PATH: folder, CHROMIUM_PATH: `${named}-not` })).rejects.toThrow(
      'CHROMIUM_PATH',
    );
  });
});
