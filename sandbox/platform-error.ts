/** An answer that is an error, in the platform's own form. */
export class PlatformError extends Error {
  constructor(
    readonly status: number,
    readonly body: unknown,
    readonly headers: Record<string, string> = {},
  ) {
    super(`the platform answers ${status}`);
    this.name = 'PlatformError';
  }
}

const googleStatus: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  503: 'UNAVAILABLE',
};

interface GoogleErrorDetail {
  reason: string;
  message: string;
  domain?: string;
  location?: string;
}

/** Google's error envelope; quota errors of YouTube carry no `status`, the others do. */
export function googleError(code: number, detail: GoogleErrorDetail): PlatformError {
  const domain = detail.domain ?? 'global';
  const entry = {
    message: detail.message,
    domain,
    reason: detail.reason,
    ...(detail.location === undefined ? {} : { location: detail.location, locationType: 'parameter' }),
  };
  const status = domain === 'youtube.quota' ? undefined : googleStatus[code];
  return new PlatformError(code, {
    error: { code, message: detail.message, errors: [entry], ...(status === undefined ? {} : { status }) },
  });
}

/** OAuth's error form (RFC 6749, section 5.2), where `error` is a string. */
export function oauthError(status: number, error: string, description: string): PlatformError {
  return new PlatformError(status, { error, error_description: description });
}

export function spotifyError(status: number, message: string, reason?: string): PlatformError {
  return new PlatformError(status, {
    error: { status, message, ...(reason === undefined ? {} : { reason }) },
  });
}
