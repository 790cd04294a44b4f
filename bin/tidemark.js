#!/usr/bin/env node
// In a clone the sources run as they are, by tsx; a build has no sources beside it and runs what was compiled.
import { existsSync } from 'node:fs';

const source = new URL('../cli/main.ts', import.meta.url);
const compiled = new URL('../dist/cli/main.js', import.meta.url);

if (existsSync(source)) {
  const { register } = await import('tsx/esm/api').catch(() => {
    process.stderr.write(
      'error: the dependencies are not installed\nmend:  run npm ci, or npm start, which does\n',
    );
    process.exit(1);
  });
  register();
  await import(source.href);
} else {
  await import(compiled.href);
}
