// `npm start`: installs what is missing, then everything runs in this very process, so that signals reach it.
import { ensureDependencies } from './prepare.mjs';

await ensureDependencies();
process.argv.splice(2, 0, 'demo');
await import('../bin/tidemark.js');
