import type { ExitCode } from '../exit-codes.js';

/** Tells the exit code of a command that ended without an error of its own. */
export type Settle = (code: ExitCode) => void;
