#!/usr/bin/env node
// The sources run as they are, by tsx: there is no build step between a clone and its first command.
const { register } = await import('tsx/esm/api').catch(() => {
  process.stderr.write(
    'error: the dependencies are not installed\nmend:  run npm ci, or npm start, which does\n',
  );
  process.exit(1);
});
register();
await import('../cli/main.ts');
