/** Every workflow, under the name that it is registered by; `contracts/runs.ts` lists the same names. */
export { analyzeDaily } from './analyze-daily.js';
export { analyzePerformance } from './analyze-performance.js';
export { backfill } from './backfill.js';
export { collectStats } from './collect-stats.js';
export { exportData } from './export-data.js';
export { importFile } from './import-file.js';
export { maintainData } from './maintain-data.js';
export { tick } from './tick.js';
