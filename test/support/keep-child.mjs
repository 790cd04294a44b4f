// A supervisor with one child, to be killed.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { register } from 'tsx/esm/api';

register();
const { startChild } = await import('../../runtime/child-process.ts');
const [script, trace, pidFile, directory] = process.argv.slice(2);
const child = await startChild({
  name: 'worker',
  args: [script, 'drains', trace],
  env: process.env,
  cwd: directory,
  logFile: join(directory, 'worker.log'),
  readyMs: 20_000,
  drainMs: 5_000,
  announce: () => undefined,
});
writeFileSync(pidFile, String(child.pid));
