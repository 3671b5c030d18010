import { createRemoteJWKSet, type JWTVerifyGetKey } from 'jose';
import { IssuerUnreachableError } from './auth.errors.js';
import { isProtectedAddress } from './protected-address.js';

/** How old the keys may be. For specs other than these; production has no reason to. */
export interface KeyTimes {
  /** While in use they are read again so often, beside the requests. */
  readonly readAgainMs: number;
  /** Nobody is let in by keys that nobody tried to read for so long: a key that was withdrawn stops within it. */
  readonly waitAfterMs: number;
  /** While the identity provider is away the last keys stand so long. Then nobody is let in. */
  readonly standMs: number;
  /** After a failure, or for a key that nobody knows, they are read no sooner than so long after the last time. */
  readonly restMs: number;
  /** Each of the two answers of the identity provider comes within it. */
  readonly limitMs: number;
}

export const KEY_TIMES: KeyTimes = {
  readAgainMs: 30_000,
  waitAfterMs: 60_000,
  standMs: 600_000,
  restMs: 3_000,
  limitMs: 5_000,
};

export interface IssuerKeysOptions {
  readonly issuer: string;
  /** Development and tests: http is taken from this machine itself. */
  readonly takesLoopbackHttp: boolean;
  readonly times?: Partial<KeyTimes>;
  /** For specs. */
  readonly now?: () => number;
}

type RemoteKeys = ReturnType<typeof createRemoteJWKSet>;

/**
 * The issuer's keys as it publishes them now, or said a moment ago. We say when they are read; jose reads them, one
 * read at a time, and swaps the whole set.
 */
export class IssuerKeys {
  readonly #now: () => number;
  #keys: RemoteKeys | undefined;
  #text = '';
  #change = 0;
  #readAtMs = -Infinity;
  #triedAtMs = -Infinity;
  #failed = false;
  #reading: Promise<void> | undefined;

  constructor(private readonly options: IssuerKeysOptions) {
    this.#now = options.now ?? Date.now;
  }

  get #times(): KeyTimes {
    return { ...KEY_TIMES, ...this.options.times };
  }

  /** Counts the sets that differ. What was proved by an earlier one has to be proved again. */
  get change(): number {
    return this.#change;
  }

  /** Those to prove by. Requests wait only where nothing young enough is known. @throws IssuerUnreachableError */
  async current(): Promise<JWTVerifyGetKey> {
    const { readAgainMs, waitAfterMs, restMs } = this.#times;
    const sinceTried = this.#now() - this.#triedAtMs;
    if (!this.#stand() || sinceTried >= waitAfterMs) await this.#readUnlessResting();
    else if (sinceTried >= (this.#failed ? restMs : readAgainMs)) void this.#read();
    const keys = this.#stand();
    if (!keys) throw new IssuerUnreachableError();
    return keys;
  }

  /**
   * A token names a key that nobody knows: perhaps it is new.
   * @returns whether the keys were read since
   * @throws IssuerUnreachableError where that cannot be told, for the issuer is away
   */
  async lookAgain(): Promise<boolean> {
    const hasRead = await this.#readUnlessResting();
    if (this.#failed) throw new IssuerUnreachableError();
    return hasRead;
  }

  #stand(): RemoteKeys | undefined {
    return this.#now() - this.#readAtMs < this.#times.standMs ? this.#keys : undefined;
  }

  /** Joins the read that is under way. */
  async #readUnlessResting(): Promise<boolean> {
    if (!this.#reading && this.#now() - this.#triedAtMs < this.#times.restMs) return false;
    await this.#read();
    return true;
  }

  #read(): Promise<void> {
    this.#reading ??= this.#take().finally(() => (this.#reading = undefined));
    return this.#reading;
  }

  /** Never throws: the last keys stand for a while. */
  async #take(): Promise<void> {
    const startedAt = this.#now();
    this.#triedAtMs = startedAt;
    try {
      // After a failure the address is asked for anew: the issuer may have moved its keys.
      const keys = this.#failed || !this.#keys ? await this.#discovered() : this.#keys;
      await keys.reload();
      const text = JSON.stringify(keys.jwks());
      if (text !== this.#text) this.#change += 1;
      this.#text = text;
      this.#keys = keys;
      this.#readAtMs = startedAt;
      this.#failed = false;
    } catch {
      this.#failed = true;
    }
  }

  async #discovered(): Promise<RemoteKeys> {
    const { issuer, takesLoopbackHttp } = this.options;
    const answer = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, {
      signal: AbortSignal.timeout(this.#times.limitMs),
      redirect: 'error',
    });
    const document = (await answer.json()) as { issuer?: unknown; jwks_uri?: unknown };
    const address = document.jwks_uri;
    if (
      !answer.ok ||
      document.issuer !== issuer ||
      typeof address !== 'string' ||
      !isProtectedAddress(address, takesLoopbackHttp)
    )
      throw new IssuerUnreachableError();
    return createRemoteJWKSet(new URL(address), {
      timeoutDuration: this.#times.limitMs,
      // It never reads by itself: it would make requests wait, and after a failure ask for each of them.
      cacheMaxAge: Infinity,
      cooldownDuration: Infinity,
    });
  }
}
