/** What the process tells the shell; scripts rely on these. */
export const exitCodes = {
  ok: 0,
  failure: 1,
  usage: 2,
  notFound: 3,
  rejectedRows: 4,
  unreachable: 5,
  partial: 6,
  conflict: 7,
  quotaExhausted: 8,
  interrupted: 130,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

const byGravity: readonly ExitCode[] = [
  exitCodes.ok,
  exitCodes.conflict,
  exitCodes.partial,
  exitCodes.rejectedRows,
  exitCodes.notFound,
  exitCodes.quotaExhausted,
  exitCodes.unreachable,
  exitCodes.usage,
  exitCodes.failure,
  exitCodes.interrupted,
];

/** Of several runs' codes, the one that the command as a whole ends with; 0 of none. */
export function gravest(codes: readonly ExitCode[]): ExitCode {
  return codes.reduce<ExitCode>(
    (worst, code) => (byGravity.indexOf(code) > byGravity.indexOf(worst) ? code : worst),
    exitCodes.ok,
  );
}
