/** Says what was asked and how it was refused; the platform's words are cut to 200 characters. */
export function refusalMessage(
  operation: string,
  status: number,
  reason: string | undefined,
  words: string | undefined,
): string {
  const told = [reason, words?.slice(0, 200)].filter((part) => part !== undefined && part !== '').join(': ');
  return `${operation} was answered ${status}${told === '' ? '' : ` (${told})`}`;
}
