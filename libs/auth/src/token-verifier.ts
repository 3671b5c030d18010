import { errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey, type JWTVerifyResult } from 'jose';
import {
  AccessTokenNeededError,
  IssuerUnreachableError,
  TokenExpiredError,
  TokenNotAcceptedError,
} from './auth.errors.js';
import type { Caller } from './caller.js';
import { IssuerKeys, type KeyTimes } from './issuer-keys.js';

export interface TokenVerifierOptions {
  /** Exactly as the token's `iss` says it; its `/.well-known/openid-configuration` names the keys. */
  readonly issuer: string;
  readonly audience: string;
  /**
   * For an issuer that cannot write the type of an access token: then every token needs this scope, which an ID token
   * never has, and may say `JWT` or no type.
   */
  readonly requiredScope?: string | undefined;
  /** Development and tests: http is taken from this machine itself. */
  readonly takesLoopbackHttp?: boolean;
  /** For specs. */
  readonly times?: Partial<KeyTimes>;
  /** For specs. */
  readonly now?: () => number;
}

/** Asymmetric ones alone: with a shared secret every service could sign. */
const ALGORITHMS = ['RS256', 'ES256'];
/** RFC 9068. */
const ACCESS_TOKEN = new Set(['at+jwt', 'application/at+jwt']);
const UNTYPED = new Set(['', 'jwt', 'application/jwt']);
const REMEMBERED = 5_000;
/** By so much the clocks of the issuer and of this machine may differ. */
const LEEWAY_S = 5;

/**
 * Proves access tokens against the issuer's keys. Remembers proved ones until they expire or the keys change: a proof
 * costs 0.1 ms of CPU.
 */
export class TokenVerifier {
  readonly #keys: IssuerKeys;
  readonly #proved = new Map<string, { caller: Caller; expiresAtMs: number }>();
  #provedBy = 0;

  constructor(private readonly options: TokenVerifierOptions) {
    const { issuer, takesLoopbackHttp = false, times, now } = options;
    this.#keys = new IssuerKeys({
      issuer,
      takesLoopbackHttp,
      ...(times ? { times } : {}),
      ...(now ? { now } : {}),
    });
  }

  /** @throws TokenExpiredError, TokenNotAcceptedError, AccessTokenNeededError, IssuerUnreachableError */
  async verify(token: string): Promise<Caller> {
    const keys = await this.#keys.current();
    this.#forgetIfKeysChanged();
    const known = this.#proved.get(token);
    if (known && known.expiresAtMs > Date.now()) return known.caller;
    this.#proved.delete(token);
    const change = this.#keys.change;
    const payload = await this.#prove(token, keys);
    const caller = { personId: payload.sub! };
    // Keys that came while it was proved may no longer hold the one that proved it.
    if (change === this.#keys.change) this.#remember(token, caller, payload.exp! * 1000);
    return caller;
  }

  async #prove(token: string, keys: JWTVerifyGetKey): Promise<JWTPayload> {
    try {
      return this.#accessOnly(await this.#signed(token, keys));
    } catch (error) {
      if (error instanceof errors.JWTExpired) throw new TokenExpiredError();
      if (error instanceof errors.JOSEError) throw new TokenNotAcceptedError();
      if (
        error instanceof TokenNotAcceptedError ||
        error instanceof AccessTokenNeededError ||
        error instanceof IssuerUnreachableError
      )
        throw error;
      // A published key that cannot be used says nothing about the token.
      throw new IssuerUnreachableError();
    }
  }

  async #signed(token: string, keys: JWTVerifyGetKey): Promise<JWTVerifyResult> {
    const verify = (by: JWTVerifyGetKey): Promise<JWTVerifyResult> =>
      jwtVerify(token, by, {
        issuer: this.options.issuer,
        audience: this.options.audience,
        algorithms: ALGORITHMS,
        clockTolerance: LEEWAY_S,
        requiredClaims: ['sub', 'exp', 'iat'],
      });
    try {
      return await verify(keys);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || !(await this.#keys.lookAgain())) throw error;
      return verify(await this.#keys.current());
    }
  }

  #accessOnly({ payload, protectedHeader }: JWTVerifyResult): JWTPayload {
    const { requiredScope } = this.options;
    const type = (protectedHeader.typ ?? '').toLowerCase();
    const fits = ACCESS_TOKEN.has(type) || (requiredScope !== undefined && UNTYPED.has(type));
    if (!fits || (requiredScope !== undefined && !scopesOf(payload).includes(requiredScope)))
      throw new AccessTokenNeededError(requiredScope);
    if (typeof payload.sub !== 'string' || payload.sub.length === 0 || payload.sub.length > 120)
      throw new TokenNotAcceptedError();
    // jose asks for `exp` and `nbf` alone.
    if (payload.iat! > Date.now() / 1000 + LEEWAY_S) throw new TokenNotAcceptedError();
    return payload;
  }

  #forgetIfKeysChanged(): void {
    if (this.#provedBy === this.#keys.change) return;
    this.#proved.clear();
    this.#provedBy = this.#keys.change;
  }

  #remember(token: string, caller: Caller, expiresAtMs: number): void {
    this.#forgetIfKeysChanged();
    if (this.#proved.size >= REMEMBERED) this.#proved.delete(this.#proved.keys().next().value!);
    this.#proved.set(token, { caller, expiresAtMs });
  }
}

/** `scope` is words with blanks between (RFC 8693); some issuers write them as a list, or as `scp`. */
function scopesOf({ scope, scp }: JWTPayload): string[] {
  return [scope, scp].flatMap((said) =>
    typeof said === 'string' ? said.split(' ') : Array.isArray(said) ? said.map(String) : [],
  );
}
