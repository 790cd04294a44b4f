// A child of the supervisor's: ready at once, or never, or dying; drains slowly when told so.
import { writeFileSync } from 'node:fs';
import { register } from 'tsx/esm/api';

register();
const { reportReady, stopRequested } = await import('../../runtime/child-process.ts');
const [behaviour, trace] = process.argv.slice(2);
if (behaviour === 'fails') {
  console.error('it cannot begin');
  process.exit(7);
}
if (behaviour === 'deaf') process.on('SIGTERM', () => undefined);
const alive = setInterval(() => undefined, 60_000);
// Listened for before the word that it is ready: the signal may follow at once.
const asked = behaviour === 'deaf' ? null : stopRequested();
reportReady();
if (asked !== null) {
  const why = await asked;
  writeFileSync(trace, why);
  // Nothing is left to do, and nothing may keep the process: not the channel to its supervisor either.
  clearInterval(alive);
}
