/** What the runtime throws: each says what was wrong and what to do about it. */

/** A server that the program starts itself did not come up; `mend` is the operator's next step. */
export class ServerStartError extends Error {
  override readonly name = 'ServerStartError';

  constructor(
    readonly server: string,
    reason: string,
    readonly mend: string,
    options?: ErrorOptions,
  ) {
    super(`${server} did not start: ${reason}. ${mend}`, options);
  }
}

/** A server that the program was pointed at does not answer. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';

  constructor(
    readonly dependency: string,
    readonly address: string,
    reason: string,
    readonly mend: string,
    options?: ErrorOptions,
  ) {
    super(`${dependency} at ${address} does not answer: ${reason}. ${mend}`, options);
  }
}
