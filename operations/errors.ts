export type OperationErrorCode = 'notFound' | 'conflict' | 'usage' | 'unreachable';

/** What an operator asked for cannot be done; `mend` is what to do about it. */
export class OperationError extends Error {
  override readonly name = 'OperationError';

  constructor(
    readonly code: OperationErrorCode,
    message: string,
    readonly mend: string | null = null,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
