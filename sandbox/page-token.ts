/**
 * Page tokens as YouTube's look: base64 of a small protobuf whose field 1 is the offset and whose field 2
 * says which way to go (0 forward). `CDIQAA` leads to the item at 50.
 */
export function pageToken(offset: number): string {
  const bytes = [0x08];
  let rest = offset;
  while (rest > 0x7f) {
    bytes.push((rest & 0x7f) | 0x80);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest, 0x10, 0x00);
  return Buffer.from(bytes).toString('base64url');
}

/** The offset that a token stands for; null when it is none of ours. */
export function readPageToken(token: string): number | null {
  const bytes = Buffer.from(token, 'base64url');
  if (bytes[0] !== 0x08) return null;
  let offset = 0;
  let scale = 1;
  for (let i = 1; i < bytes.length; i += 1) {
    const byte = bytes[i]!;
    offset += (byte & 0x7f) * scale;
    if (byte < 0x80) return pageToken(offset) === token ? offset : null;
    scale *= 128;
  }
  return null;
}
