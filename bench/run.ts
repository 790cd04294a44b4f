/**
 * `npm run bench [-- load collection analysis accuracy chain exports site]`: the measurements named, or all of them. Progress goes to
 * stderr; the figures, one JSON document, to stdout and to the file after `--out`.
 */
import { writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { runAccuracyBench } from './accuracy.js';
import { runAnalysisBench } from './analysis.js';
import { runChainBench } from './chain.js';
import { runCollectionBench } from './collection.js';
import { runExportsBench } from './exports.js';
import { runLoadBench } from './load.js';
import { runSiteBench } from './site.js';

const benches: Readonly<Record<string, () => Promise<object>>> = {
  load: () => runLoadBench(),
  collection: () => runCollectionBench(),
  analysis: () => runAnalysisBench(),
  accuracy: () => Promise.resolve(runAccuracyBench()),
  chain: () => runChainBench(),
  exports: () => runExportsBench(),
  site: () => runSiteBench(),
};

const { values, positionals } = parseArgs({ allowPositionals: true, options: { out: { type: 'string' } } });
const unknown = positionals.filter((name) => !(name in benches));
if (unknown.length > 0) {
  console.error(`There is no bench «${unknown.join(', ')}»; there are ${Object.keys(benches).join(', ')}.`);
  process.exit(2);
}
const results: Record<string, unknown> = {
  machine: {
    node: process.version,
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
  },
};
for (const [name, run] of Object.entries(benches)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  console.error(`Measuring ${name} …`);
  // On a busy machine seconds on the clock say little; CPU seconds say nearly as much as ever.
  const circumstances = {
    measuredAt: new Date().toISOString(),
    loadBefore: Number(loadavg()[0]!.toFixed(1)),
  };
  results[name] = { ...circumstances, ...(await run()) };
}
const text = `${JSON.stringify(results, null, 2)}\n`;
process.stdout.write(text);
if (values.out !== undefined) await writeFile(values.out, text);
