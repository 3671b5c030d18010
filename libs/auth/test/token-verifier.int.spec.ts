import { eventually, testIdentity, type TestIdentity } from '@attest/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { KEY_TIMES, TokenVerifier, type TokenVerifierOptions } from '../src/index.js';

let identity: TestIdentity;
/** Of the keys alone: what is in the tokens is asked of the real clock. */
let nowMs: number;
beforeEach(async () => {
  identity = await testIdentity();
  nowMs = 1_000_000;
});
afterEach(() => identity.close());

const verifier = (options: Partial<TokenVerifierOptions> = {}): TokenVerifier =>
  new TokenVerifier({
    issuer: identity.issuer,
    audience: 'attest',
    takesLoopbackHttp: true,
    now: () => nowMs,
    ...options,
  });
const codeOf = async (verified: Promise<unknown>): Promise<string> =>
  verified.then(
    () => 'let in',
    (error: { code: string }) => error.code,
  );
const lettingIn = { personId: 'somebody' };

describe('a token', () => {
  it.each(['at+jwt', 'AT+JWT', 'application/at+jwt'])('of type %s is an access token', async (typ) => {
    expect(await verifier().verify(await identity.token('somebody', {}, { typ }))).toEqual(lettingIn);
  });

  it.each(['JWT', 'id_token', ''])('of type %j is none, whatever scope it has', async (typ) => {
    const token = await identity.token('somebody', { scope: 'attest' }, { typ });
    expect(await codeOf(verifier().verify(token))).toBe('ACCESS_TOKEN_NEEDED');
  });

  const scoped = (): TokenVerifier => verifier({ requiredScope: 'attest' });
  it.each<[string, object]>([
    ['JWT', { scope: 'openid attest' }],
    ['', { scp: ['attest'] }],
    ['at+jwt', { scope: 'attest' }],
  ])('of type %j is let in by the scope that an issuer without types writes', async (typ, claims) => {
    const token = await identity.token('somebody', { ...claims }, { typ });
    expect(await scoped().verify(token)).toEqual(lettingIn);
  });

  it.each<[string, object]>([
    ['JWT', { nonce: 'of an ID token' }],
    ['JWT', { scope: 'attestation' }],
    ['at+jwt', { scope: 'openid' }],
    ['id_token', { scope: 'attest' }],
  ])('of type %j without the required scope is refused: %j', async (typ, claims) => {
    const token = await identity.token('somebody', { ...claims }, { typ });
    expect(await codeOf(scoped().verify(token))).toBe('ACCESS_TOKEN_NEEDED');
  });

  const inSeconds = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds;
  it.each<[string, () => Record<string, unknown>, string]>([
    ['no subject', () => ({ sub: undefined }), 'TOKEN_NOT_ACCEPTED'],
    ['no expiry', () => ({ exp: undefined }), 'TOKEN_NOT_ACCEPTED'],
    ['no time of issue', () => ({ iat: undefined }), 'TOKEN_NOT_ACCEPTED'],
    ['a time of issue that is to come', () => ({ iat: inSeconds(20) }), 'TOKEN_NOT_ACCEPTED'],
    ['a beginning that is to come', () => ({ nbf: inSeconds(20) }), 'TOKEN_NOT_ACCEPTED'],
    ['an end that has passed', () => ({ exp: inSeconds(-20) }), 'TOKEN_EXPIRED'],
    ['times that differ by what clocks may', () => ({ iat: inSeconds(2), nbf: inSeconds(2) }), 'let in'],
  ])('with %s', async (_what, claims, code) => {
    expect(await codeOf(verifier().verify(await identity.token('somebody', claims())))).toBe(code);
  });
});

describe('the issuer’s keys', () => {
  it('one that was withdrawn stops within a minute, for tokens that were proved before, too', async () => {
    const mine = verifier();
    const token = await identity.token('somebody');
    await mine.verify(token);
    await identity.changeKey('withdrawn');
    nowMs += 60_000;
    expect(await codeOf(mine.verify(token))).toBe('TOKEN_NOT_ACCEPTED');
    expect(await mine.verify(await identity.token('somebody'))).toEqual(lettingIn);
  });

  it('are read beside the requests while in use, which do not wait', async () => {
    const mine = verifier();
    const token = await identity.token('somebody');
    await mine.verify(token);
    await identity.changeKey('withdrawn');
    nowMs += KEY_TIMES.readAgainMs - 1;
    expect(await mine.verify(token)).toEqual(lettingIn);
    expect(identity.keyReads).toBe(1);
    nowMs += 1;
    // Begins the read, and is answered by what is known.
    expect(await mine.verify(token)).toEqual(lettingIn);
    await eventually(async () => (await codeOf(mine.verify(token))) === 'TOKEN_NOT_ACCEPTED');
    expect(identity.keyReads).toBe(2);
  });

  it('one that is new is looked for at once, and nobody’s key at most every few seconds', async () => {
    const mine = verifier();
    await mine.verify(await identity.token('somebody'));
    await identity.changeKey('published');
    nowMs += KEY_TIMES.restMs;
    expect(await mine.verify(await identity.token('somebody'))).toEqual(lettingIn);
    const forged = (kid: string): Promise<string> => identity.token('somebody', {}, { kid });
    for (const kid of ['a', 'b', 'c'])
      expect(await codeOf(mine.verify(await forged(kid)))).toBe('TOKEN_NOT_ACCEPTED');
    expect(identity.keyReads).toBe(2);
    nowMs += KEY_TIMES.restMs;
    const many = await Promise.all(['d', 'e', 'f'].map(forged));
    await Promise.all(many.map((token) => codeOf(mine.verify(token))));
    expect(identity.keyReads).toBe(3);
  });

  it('stand for ten minutes while the issuer is away, then nobody is let in; it passes by itself', async () => {
    const mine = verifier();
    const token = await identity.token('somebody');
    await mine.verify(token);
    identity.become('failing');
    nowMs += KEY_TIMES.standMs - 1;
    expect(await mine.verify(token)).toEqual(lettingIn);
    nowMs += 1;
    await expect(mine.verify(token)).rejects.toMatchObject({
      code: 'ISSUER_UNREACHABLE',
      status: 503,
      passesByItself: true,
    });
    identity.become('well');
    nowMs += KEY_TIMES.restMs;
    expect(await mine.verify(token)).toEqual(lettingIn);
  });

  it('that are unknown while the issuer is away say nothing about the token: 503, never 401', async () => {
    const mine = verifier();
    await mine.verify(await identity.token('somebody'));
    await identity.changeKey('published');
    identity.become('failing');
    nowMs += KEY_TIMES.restMs;
    for (const _ of [1, 2])
      expect(await codeOf(mine.verify(await identity.token('somebody')))).toBe('ISSUER_UNREACHABLE');
  });

  it('that an issuer takes too long to say are given up, and it is not asked for each request', async () => {
    const times = { limitMs: 50 };
    const become = (mood: 'well' | 'silent'): void => {
      // One that is well may take its time on a busy machine.
      times.limitMs = mood === 'well' ? KEY_TIMES.limitMs : 50;
      identity.become(mood);
    };
    const mine = verifier({ times });
    const token = await identity.token('somebody');
    become('silent');
    expect(await codeOf(mine.verify(token))).toBe('ISSUER_UNREACHABLE');
    become('well');
    expect(await codeOf(mine.verify(token))).toBe('ISSUER_UNREACHABLE');
    nowMs += KEY_TIMES.restMs;
    expect(await mine.verify(token)).toEqual(lettingIn);
    become('silent');
    nowMs += KEY_TIMES.waitAfterMs;
    // The first waits for its limit; then the last keys stand.
    expect(await mine.verify(token)).toEqual(lettingIn);
  });

  it('are not taken over http, unless from this machine in development', async () => {
    const token = await identity.token('somebody');
    expect(await codeOf(verifier({ takesLoopbackHttp: false }).verify(token))).toBe('ISSUER_UNREACHABLE');
  });
});
