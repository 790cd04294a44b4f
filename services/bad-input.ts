/** What was asked for makes no sense, and asking again does not mend it. */
export class BadInputError extends Error {
  override readonly name = 'BadInputError';
}
