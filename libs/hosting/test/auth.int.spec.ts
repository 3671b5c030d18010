import { createHmac } from 'node:crypto';
import { Access, CurrentCaller, Public, RequiresRole, type Caller } from '@attest/auth';
import { eventually, testIdentity, type TestIdentity } from '@attest/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, Module, Param } from '@nestjs/common';
import { bareService, type BareService } from './bare-service.js';

@Controller('figures')
class FiguresController {
  constructor(private readonly access: Access) {}

  @Get(':organisationCode')
  @RequiresRole('VIEW', 'DECLARATION_MANAGEMENT')
  async read(
    @Param('organisationCode') code: string,
    @CurrentCaller() caller: Caller,
  ): Promise<{ personId: string }> {
    await this.access.require(caller, ['VIEW', 'DECLARATION_MANAGEMENT'], code);
    return caller;
  }
}

@Controller('open')
class OpenController {
  @Get()
  @Public()
  read(): string {
    return 'open';
  }
}

@Module({ controllers: [FiguresController, OpenController] })
class FiguresModule {}

@Controller('forgotten')
class ForgottenController {
  @Get('things')
  read(): string {
    return 'nobody decided';
  }
}

@Module({ controllers: [ForgottenController] })
class ForgottenModule {}

describe('who may come in', () => {
  let service: BareService;
  let stranger: TestIdentity;

  beforeAll(async () => {
    service = await bareService(FiguresModule);
    stranger = await testIdentity();
    await service.appoint('practice-person', 'DECLARATION_MANAGEMENT', 'A81001');
    await service.appoint('icb-person', 'VIEW', 'QHM');
    await service.appoint('national-person', 'VIEW', 'ENGLAND');
    await service.appoint('finance-person', 'FINANCE_MANAGEMENT', 'QHM');
    await service.appoint('former-person', 'VIEW', 'A81001', 1, '2021-04-01');
  });
  afterAll(async () => {
    await stranger.close();
    await service.close();
  });

  const ask = async (path: string, token?: string): Promise<{ status: number; code: string | undefined }> => {
    const answer = await fetch(
      `${service.url}/api/v1/${path}`,
      token ? { headers: { authorization: `Bearer ${token}` } } : {},
    );
    const body = (await answer.json().catch(() => ({}))) as { code?: string };
    return { status: answer.status, code: body.code };
  };
  const now = (): number => Math.floor(Date.now() / 1000);

  it('a public route asks nobody', async () => {
    expect((await ask('open')).status).toBe(200);
  });

  it('no token is refused', async () => {
    expect(await ask('figures/A81001')).toEqual({ status: 401, code: 'TOKEN_MISSING' });
  });

  it.each<[string, () => Promise<string>]>([
    ['of another issuer', () => stranger.token('practice-person')],
    [
      'that only claims our issuer',
      () => stranger.token('practice-person', { iss: service.identity.issuer }),
    ],
    ['for another audience', () => service.identity.token('practice-person', { aud: 'somebody-else' })],
    [
      'of another issuer’s name',
      () => service.identity.token('practice-person', { iss: 'https://issuer.example' }),
    ],
    ['given in the future', () => service.identity.token('practice-person', { iat: now() + 600 })],
    ['that is not valid yet', () => service.identity.token('practice-person', { nbf: now() + 600 })],
    ['of a key nobody knows', () => service.identity.token('practice-person', {}, { kid: 'unknown' })],
    ['with a subject too long to be a person', () => service.identity.token('x'.repeat(200))],
    ['with algorithm none', async () => unsigned(service.identity.issuer)],
    ['signed with the public key as HS256', () => confused(service.identity.issuer)],
    ['changed after signing', async () => tampered(await service.identity.token('practice-person'))],
    ['that is not one', async () => 'nonsense'],
  ])('a token %s is refused', async (_what, token) => {
    expect(await ask('figures/A81001', await token())).toEqual({ status: 401, code: 'TOKEN_NOT_ACCEPTED' });
  });

  it.each(['JWT', 'id_token', ''])('a token of type %j is no access token, and is told so', async (typ) => {
    const token = await service.identity.token('practice-person', {}, { typ });
    expect(await ask('figures/A81001', token)).toEqual({ status: 401, code: 'ACCESS_TOKEN_NEEDED' });
  });

  it('an expired token is refused and says so', async () => {
    const token = await service.identity.token('practice-person', { iat: now() - 7200, exp: now() - 3600 });
    expect(await ask('figures/A81001', token)).toEqual({ status: 401, code: 'TOKEN_EXPIRED' });
  });

  it('a token that expires stops being remembered', async () => {
    const token = await service.identity.token('practice-person', { exp: now() - 1 });
    // Within the tolerance for clocks that differ, so it is proved; yet it is never taken from memory.
    expect((await ask('figures/A81001', token)).status).toBe(200);
    const later = await service.identity.token('practice-person', { exp: now() - 6 });
    expect((await ask('figures/A81001', later)).code).toBe('TOKEN_EXPIRED');
  });

  it.each([
    ['practice-person', 'A81001'],
    ['icb-person', 'QHM'],
    ['icb-person', 'U07032'],
    ['icb-person', 'A81001'],
    ['national-person', 'A81002'],
    ['national-person', 'UNKNOWN'],
  ])('%s reads %s', async (person, organisation) => {
    expect((await ask(`figures/${organisation}`, await service.identity.token(person))).status).toBe(200);
  });

  it.each([
    ['finance-person', 'A81001', 'with another role', 'ROLE_MISSING'],
    ['former-person', 'A81001', 'after the role ended', 'ROLE_MISSING'],
    ['nobody', 'A81001', 'without any role', 'ROLE_MISSING'],
  ])('%s does not read %s: %s', async (person, organisation, _why, code) => {
    expect(await ask(`figures/${organisation}`, await service.identity.token(person))).toEqual({
      status: 403,
      code,
    });
  });

  it.each([
    ['practice-person', 'A81002', 'another organisation'],
    ['practice-person', 'U07032', 'the PCN above'],
    ['icb-person', 'A81002', 'a practice of another commissioner'],
    ['icb-person', 'UNKNOWN', 'what nobody knows'],
  ])('to %s, %s is not there: %s', async (person, organisation) => {
    expect(await ask(`figures/${organisation}`, await service.identity.token(person))).toEqual({
      status: 404,
      code: 'ORGANISATION_UNKNOWN',
    });
  });

  it('of an organisation that is theirs, somebody is told which role is missing', async () => {
    await service.appoint('half-person', 'VIEW', 'A81001');
    await service.appoint('half-person', 'FINANCE_MANAGEMENT', 'A81002');
    expect(await ask('figures/A81002', await service.identity.token('half-person'))).toEqual({
      status: 403,
      code: 'NOT_YOUR_ORGANISATION',
    });
  });

  it('a revoked role stops working with its event, on a token that still lives', async () => {
    await service.appoint('leaver', 'VIEW', 'A81001', 1);
    const token = await service.identity.token('leaver');
    expect((await ask('figures/A81001', token)).status).toBe(200);
    await service.appoint('leaver', 'VIEW', 'A81001', 2, service.platform.clock.today());
    expect((await ask('figures/A81001', token)).status).toBe(403);
  });

  it('an older event about a role changes nothing', async () => {
    await service.appoint('leaver', 'VIEW', 'A81001', 1, null);
    expect((await ask('figures/A81001', await service.identity.token('leaver'))).status).toBe(403);
  });

  it('an operator appointed by an organisation is no operator', async () => {
    await service.appoint('self-made', 'NATIONAL_OPERATOR', 'QHM');
    expect(await ask('operations/dead-letters', await service.identity.token('self-made'))).toEqual({
      status: 403,
      code: 'ROLE_MISSING',
    });
  });

  it('organisations are allowed in one go, and a scope says where', async () => {
    const { access } = service.platform;
    const caller = { personId: 'icb-person' };
    expect(await access.allowed(caller, ['VIEW'], ['A81001', 'A81002', 'U07032', 'UNKNOWN'])).toEqual(
      new Set(['A81001', 'U07032']),
    );
    expect(await access.scope(caller, ['VIEW'])).toEqual(['QHM']);
    expect(await access.scope({ personId: 'nobody' }, ['VIEW'])).toEqual([]);
  });

  it('somebody acts for the nearest organisation at which the role is held', async () => {
    const { access } = service.platform;
    const acts = (personId: string, code: string) => access.actsFor({ personId }, ['VIEW'], code);
    expect(await acts('icb-person', 'A81001')).toBe('QHM');
    expect(await acts('national-person', 'UNKNOWN')).toBe('ENGLAND');
    await service.appoint('both-person', 'VIEW', 'QHM');
    await service.appoint('both-person', 'VIEW', 'A81001');
    expect(await acts('both-person', 'A81001')).toBe('A81001');
    await expect(acts('icb-person', 'A81002')).rejects.toMatchObject({ code: 'ORGANISATION_UNKNOWN' });
  });
});

describe('an issuer that is away', () => {
  it('lets nobody in and says when to come again; when it is back, it passes by itself', async () => {
    const service = await bareService(FiguresModule);
    try {
      await service.appoint('practice-person', 'VIEW', 'A81001');
      const headers = await service.identity.headers('practice-person');
      const ask = (): Promise<Response> => fetch(`${service.url}/api/v1/figures/A81001`, { headers });
      service.identity.become('failing');
      const refused = await ask();
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '3']);
      expect(await refused.json()).toMatchObject({ code: 'ISSUER_UNREACHABLE' });
      service.identity.become('well');
      await eventually(async () => (await ask()).status === 200);
    } finally {
      await service.close();
    }
  });
});

describe('a route that nobody decided about', () => {
  it('ends the start, by name', async () => {
    await expect(bareService(ForgottenModule)).rejects.toMatchObject({
      code: 'ROUTE_WITHOUT_RULE',
      detail: expect.stringContaining('GET things (ForgottenController.read)'),
    });
  });
});

const base64url = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const claims = (issuer: string): object => ({
  sub: 'practice-person',
  aud: 'attest',
  iss: issuer,
  iat: 1,
  exp: 9_999_999_999,
});

const unsigned = (issuer: string): string =>
  `${base64url({ alg: 'none', typ: 'at+jwt' })}.${base64url(claims(issuer))}.`;

async function confused(issuer: string): Promise<string> {
  const jwks = await (await fetch(`${issuer}/jwks`)).text();
  const content = `${base64url({ alg: 'HS256', typ: 'at+jwt', kid: 'test' })}.${base64url(claims(issuer))}`;
  return `${content}.${createHmac('sha256', jwks).update(content).digest('base64url')}`;
}

function tampered(token: string): string {
  const [header, , signature] = token.split('.');
  return `${header}.${base64url({ ...claims('x'), sub: 'national-person' })}.${signature}`;
}
