/** Entry of the command line: bin/tidemark.js imports it, and importing it runs the command given. */
import { run } from './run.js';

// Whoever reads our output may have read enough, as `head` does; that is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

process.exitCode = await run(process.argv.slice(2));
