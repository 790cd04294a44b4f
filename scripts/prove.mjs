// `npm run prove`: the long proofs, whose figures they write to docs/evidence/. Arguments go to vitest.
import { runVitest } from './run-vitest.mjs';

await runVitest(['--config', 'scripts/prove.config.ts', ...process.argv.slice(2)]);
