/** A file that is not of the form it was given as: nothing of it may be loaded. */
export class FileFormatError extends Error {
  constructor(
    readonly file: string,
    readonly line: number,
    /** What was found there. */
    readonly found: string,
    readonly expected: string,
    /** What the operator can do about it. */
    readonly mend: string,
    options?: ErrorOptions,
  ) {
    super(`${file}, line ${line}: ${found}. Expected ${expected}. ${mend}`, options);
    this.name = 'FileFormatError';
  }
}
