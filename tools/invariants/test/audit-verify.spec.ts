import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { serviceUrl } from '@attest/stack/databases';

let state: string;
let passwords: string;
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'attest-audit-verify-'));
  passwords = join(state, 'run', 'postgres');
  mkdirSync(passwords, { recursive: true });
});
afterEach(() => rmSync(state, { recursive: true, force: true }));

const made = (): void =>
  writeFileSync(join(passwords, 'secrets.json'), JSON.stringify({ attest_payment_export: 'made-up' }));

/** The command, of a stack that may be up or not. */
const verify = (databaseUrl: string) =>
  new Promise<{ code: number; said: string }>((resolve) => {
    execFile(
      process.execPath,
      [join(import.meta.dirname, '..', 'dist', 'audit', 'verify.js'), '--service', 'payment-export'],
      { env: { ...process.env, NODE_OPTIONS: '', ATTEST_STATE: state, DATABASE_URL: databaseUrl } },
      (error, stdout, stderr) => resolve({ code: Number(error?.code ?? 0), said: stdout + stderr }),
    );
  });

describe('npm run audit:verify', () => {
  it('looks at the server that DATABASE_URL named for `npm start`, as the role that it made there', async () => {
    made();
    expect(
      serviceUrl('postgres://admin:secret@db:5433/postgres?sslmode=require', passwords, 'payment-export'),
    ).toBe('postgres://attest_payment_export:made-up@db:5433/attest_payment_export?sslmode=require');
    const { code, said } = await verify('postgres://admin:secret@127.0.0.1:1/postgres');
    expect(code).toBe(2);
    expect(said).toContain('ECONNREFUSED 127.0.0.1:1');
  });

  it.each([
    ['without one that was named', ''],
    ['on one that was named', 'postgres://admin:secret@127.0.0.1:1/postgres'],
  ])('says what to do where no stack is up %s', async (_, databaseUrl) => {
    const { code, said } = await verify(databaseUrl);
    expect(code).toBe(2);
    expect(said).toContain('Start one with `npm start`, or set DATABASE_URL');
  });
});
