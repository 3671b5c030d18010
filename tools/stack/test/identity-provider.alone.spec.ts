import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TokenVerifier } from '@attest/auth';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Person } from '../src/identity-provider/people.js';

const MAIN = join(process.cwd(), 'tools/stack/dist/identity-provider/main.js');
const PEOPLE = [
  'person_id,name,role,organisation_code,from,to',
  'manager.a81001,"Manager, of the practice",DECLARATION_MANAGEMENT,A81001,2020-04-01,',
  'manager.a81001,"Manager, of the practice",VIEW,A81001,2020-04-01,',
  'finance.qhm,Finance,FINANCE_MANAGEMENT,QHM,2020-04-01,',
].join('\r\n');

describe('the development identity provider', () => {
  const folder = mkdtempSync(join(tmpdir(), 'attest-identity-'));
  const people = join(folder, 'people.csv');
  const state = join(folder, 'state');
  const running: ChildProcess[] = [];

  beforeAll(() => writeFileSync(people, PEOPLE));
  afterEach(async () => {
    for (const child of running.splice(0)) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const run = (args: string[], env: Record<string, string> = {}): ChildProcess => {
    const child = spawn(process.execPath, [MAIN, ...args], {
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.push(child);
    return child;
  };
  const start = async (): Promise<string> => {
    const child = run(['--people', people, '--state', state]);
    const [line] = (await once(child.stdout!, 'data')) as [Buffer];
    return /http:\/\/\S+(?=\.)/.exec(line.toString())![0];
  };
  const tokenOf = async (issuer: string, personId: string): Promise<string> => {
    const answer = await fetch(`${issuer}/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ person_id: personId }),
    });
    return ((await answer.json()) as { access_token: string }).access_token;
  };

  it('gives a token that services accept, for the person asked for', async () => {
    const issuer = await start();
    const verifier = new TokenVerifier({ issuer, audience: 'attest', takesLoopbackHttp: true });
    expect(await verifier.verify(await tokenOf(issuer, 'finance.qhm'))).toEqual({ personId: 'finance.qhm' });
  });

  it('keeps its key for a restart, readable by its owner alone', async () => {
    const first = await start();
    const { keys } = (await (await fetch(`${first}/jwks`)).json()) as { keys: object[] };
    const again = await start();
    expect(await (await fetch(`${again}/jwks`)).json()).toEqual({ keys });
    expect(keys[0]).not.toHaveProperty('d');
    expect(statSync(join(state, 'identity-provider-key.json')).mode & 0o077).toBe(0);
  });

  it('lists people with their roles, by role and organisation', async () => {
    const issuer = await start();
    const list = async (query: string): Promise<readonly Person[]> =>
      ((await (await fetch(`${issuer}/people${query}`)).json()) as { people: Person[] }).people;
    expect(await list('')).toHaveLength(2);
    expect(await list('?role=VIEW')).toEqual([
      {
        personId: 'manager.a81001',
        name: 'Manager, of the practice',
        roles: [
          { role: 'DECLARATION_MANAGEMENT', organisationCode: 'A81001' },
          { role: 'VIEW', organisationCode: 'A81001' },
        ],
      },
    ]);
    expect(await list('?role=VIEW&organisation=QHM')).toEqual([]);
  });

  it.each([
    ['nobody it knows', '{"person_id":"stranger"}', 'invalid_grant'],
    ['no person', '{}', 'invalid_request'],
    ['no JSON', 'nonsense', 'invalid_request'],
    ['too much', `{"person_id":"${'x'.repeat(20_000)}"}`, 'invalid_request'],
  ])('gives no token for %s', async (_whom, body, error) => {
    const issuer = await start();
    const answer = await fetch(`${issuer}/token`, { method: 'POST', body });
    expect([answer.status, ((await answer.json()) as { error: string }).error]).toEqual([400, error]);
  });

  it('does not run in production', async () => {
    const child = run(['--people', people, '--state', state], { NODE_ENV: 'production' });
    let words = '';
    child.stderr!.on('data', (chunk: Buffer) => (words += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number];
    expect([code, words]).toEqual([1, expect.stringContaining('does not run in production')]);
  });
});
