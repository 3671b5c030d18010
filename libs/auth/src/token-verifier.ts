import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import { IssuerUnreachableError, TokenExpiredError, TokenNotAcceptedError } from './auth.errors.js';
import type { Caller } from './caller.js';

export interface TokenVerifierOptions {
  /** Exactly as the token's `iss` says it; its `/.well-known/openid-configuration` names the keys. */
  readonly issuer: string;
  readonly audience: string;
}

/** Asymmetric ones alone: with a shared secret every service could sign. */
const ALGORITHMS = ['RS256', 'ES256'];
/** An access token says so (RFC 9068); many issuers still write the older JWT. An id_token-typed one is refused. */
const TYPES = new Set(['at+jwt', 'application/at+jwt', 'jwt']);
const REMEMBERED = 5_000;
const DISCOVERY_TIMEOUT_MS = 5_000;
const CLOCK_TOLERANCE_S = 5;

/** Proves tokens against the issuer's keys. Remembers proved ones until they expire: a proof costs 0.1 ms of CPU. */
export class TokenVerifier {
  #keys: Promise<JWTVerifyGetKey> | undefined;
  readonly #proved = new Map<string, { caller: Caller; expiresAtMs: number }>();

  constructor(private readonly options: TokenVerifierOptions) {}

  /** @throws TokenExpiredError, TokenNotAcceptedError, IssuerUnreachableError */
  async verify(token: string): Promise<Caller> {
    const known = this.#proved.get(token);
    if (known && known.expiresAtMs > Date.now()) return known.caller;
    this.#proved.delete(token);
    const payload = await this.#prove(token);
    const caller = { personId: payload.sub! };
    this.#remember(token, caller, payload.exp! * 1000);
    return caller;
  }

  async #prove(token: string): Promise<JWTPayload> {
    const keys = await this.#issuerKeys();
    try {
      const { payload, protectedHeader } = await jwtVerify(token, keys, {
        issuer: this.options.issuer,
        audience: this.options.audience,
        algorithms: ALGORITHMS,
        clockTolerance: CLOCK_TOLERANCE_S,
        requiredClaims: ['sub', 'exp', 'iat'],
      });
      if (!TYPES.has((protectedHeader.typ ?? '').toLowerCase())) throw new TokenNotAcceptedError();
      if (typeof payload.sub !== 'string' || payload.sub.length === 0 || payload.sub.length > 120)
        throw new TokenNotAcceptedError();
      return payload;
    } catch (error) {
      if (error instanceof errors.JWTExpired) throw new TokenExpiredError();
      // A key set that cannot be fetched says nothing about the token.
      if (
        error instanceof errors.JWKSTimeout ||
        !(error instanceof errors.JOSEError || error instanceof TokenNotAcceptedError)
      )
        throw new IssuerUnreachableError();
      if (error.code === 'ERR_JOSE_GENERIC') throw new IssuerUnreachableError();
      throw new TokenNotAcceptedError();
    }
  }

  #issuerKeys(): Promise<JWTVerifyGetKey> {
    this.#keys ??= discover(this.options.issuer).catch((error: unknown) => {
      // The next request asks again.
      this.#keys = undefined;
      throw error;
    });
    return this.#keys;
  }

  #remember(token: string, caller: Caller, expiresAtMs: number): void {
    if (this.#proved.size >= REMEMBERED) this.#proved.delete(this.#proved.keys().next().value!);
    this.#proved.set(token, { caller, expiresAtMs });
  }
}

async function discover(issuer: string): Promise<JWTVerifyGetKey> {
  const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  let document: { issuer?: unknown; jwks_uri?: unknown };
  try {
    const answer = await fetch(address, {
      signal: AbortSignal.timeout(DISCOVERY_TIMEOUT_MS),
      redirect: 'error',
    });
    if (!answer.ok) throw new IssuerUnreachableError();
    document = (await answer.json()) as typeof document;
  } catch {
    throw new IssuerUnreachableError();
  }
  if (document.issuer !== issuer || typeof document.jwks_uri !== 'string') throw new IssuerUnreachableError();
  return createRemoteJWKSet(new URL(document.jwks_uri), {
    timeoutDuration: DISCOVERY_TIMEOUT_MS,
    cooldownDuration: 5_000,
  });
}
