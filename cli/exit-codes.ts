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
