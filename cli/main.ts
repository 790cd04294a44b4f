/** Entry of the command line: bin/tidemark.js imports it, and importing it runs the command given. */
import { run } from './program.js';

process.exitCode = await run(process.argv.slice(2));
