// `npm run bench`: the measurements. Arguments go to bench/run.ts.
import { ensureDependencies } from './prepare.mjs';

await ensureDependencies();
const { register } = await import('tsx/esm/api');
register();
await import('../bench/run.ts');
