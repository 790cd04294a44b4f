/** `/at/<instant>` before a path; the rest is the platform's own. */
const momentPath = /^\/at\/([^/]+)(\/.*)$/;
const instantForm = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})$/;

export interface MountedPath {
  /** Null: the platform's own now. */
  moment: Date | null;
  /** What stood before the platform's path: empty, or `/at/<instant>` as it was written. */
  mountedAt: string;
  url: string;
}

/** Splits the moment from a request's URL; null when what stands after `/at/` is no instant. */
export function readMoment(url: string): MountedPath | null {
  const match = momentPath.exec(url);
  if (match === null) return { moment: null, mountedAt: '', url };
  const written = match[1] ?? '';
  let text: string;
  try {
    text = decodeURIComponent(written);
  } catch {
    return null;
  }
  if (!instantForm.test(text)) return null;
  const moment = new Date(text);
  if (Number.isNaN(moment.getTime())) return null;
  return { moment, mountedAt: `/at/${written}`, url: match[2] ?? '/' };
}
