/**
 * The seed of every property: the same commit gives the same answer wherever it is tested. Other seeds are for
 * `npm run prove`, which looks for what this one does not find.
 */
import fc from 'fast-check';

fc.configureGlobal({ seed: Number(process.env['TIDEMARK_TEST_SEED'] ?? 20_261_128) });
