const longestText = 500;

/**
 * Text without secrets: queries, fragments and user names of addresses are cut, values of key-like parameters
 * and bearer tokens are replaced by an ellipsis, and what is left is at most 500 characters long.
 */
export function redactText(text: string): string {
  const redacted = text
    .replace(/\b(https?:\/\/)[^\s/@'"]*@/gi, '$1')
    .replace(/\b(https?:\/\/[^\s?#'"]*)[?#][^\s'"]*/gi, '$1')
    .replace(
      /\b(key|api_key|apikey|access_token|refresh_token|client_secret|token|password)(["']?\s*=\s*["']?|["']\s*:\s*["']?|\s*:\s*["'])[^\s&"',}]+/gi,
      '$1$2…',
    )
    .replace(/\b(Bearer|Basic)\s+[\w.~+/=-]{6,}/gi, '$1 …');
  return redacted.length > longestText ? `${redacted.slice(0, longestText)}…` : redacted;
}
