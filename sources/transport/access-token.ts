export interface GrantedToken {
  value: string;
  expiresInSeconds: number;
}

/** A token is renewed this long before it expires, so that none expires on its way. */
const renewBeforeMs = 60_000;

/**
 * One access token, kept until shortly before it expires and fetched once however many wait for it.
 *
 * Its age is counted on the monotonic clock: the program's own may stand still over recordings, and the
 * machine's may jump.
 */
export class AccessTokens {
  #current: { value: string; renewAt: number } | null = null;
  #pending: Promise<string> | null = null;

  /**
   * @param grant asks for a token; called only when there is none and nobody else is asking
   * @throws whatever the grant throws; a failed grant is not remembered
   */
  get(grant: () => Promise<GrantedToken>): Promise<string> {
    if (this.#current !== null && performance.now() < this.#current.renewAt) {
      return Promise.resolve(this.#current.value);
    }
    this.#pending ??= this.#renew(grant).finally(() => {
      this.#pending = null;
    });
    return this.#pending;
  }

  /** Forgets a token that the platform refused; one that has been renewed meanwhile is kept. */
  invalidate(value: string): void {
    if (this.#current?.value === value) this.#current = null;
  }

  async #renew(grant: () => Promise<GrantedToken>): Promise<string> {
    const { value, expiresInSeconds } = await grant();
    const lifetimeMs = expiresInSeconds * 1000;
    this.#current = {
      value,
      renewAt: performance.now() + Math.max(lifetimeMs - renewBeforeMs, lifetimeMs / 2),
    };
    return value;
  }
}
