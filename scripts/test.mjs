// `npm test`: everything that fits into 20 minutes. Arguments go to vitest; TIDEMARK_TEST_REPORT names a file
// for its results as JSON.
import { runVitest } from './run-vitest.mjs';

const report = process.env['TIDEMARK_TEST_REPORT'] ?? '';
const reporters =
  report === '' ? [] : ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
await runVitest([...reporters, ...process.argv.slice(2)]);
