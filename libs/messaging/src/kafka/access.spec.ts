import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { certificateAuthority } from '@attest/testing';
import { accessFaults } from './access.js';

const DAY_MS = 86_400_000;
let folder: string;
const at = (name: string): string => join(folder, name);
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'attest-access-'));
  const ca = await certificateAuthority();
  const [own, other, late, early] = await Promise.all([
    ca.issue('catalogue'),
    ca.issue('other'),
    ca.issue('late', { from: new Date('2026-01-01'), to: new Date('2026-02-01') }),
    ca.issue('early', { from: new Date(Date.now() + DAY_MS), to: new Date(Date.now() + 2 * DAY_MS) }),
  ]);
  const files = {
    'ca.pem': ca.certificate,
    'bundle.pem': late.certificate + ca.certificate,
    'own.pem': own.certificate,
    'own.key': own.key,
    'other.key': other.key,
    'late.pem': late.certificate,
    'late.key': late.key,
    'early.pem': early.certificate,
    'early.key': early.key,
    password: 'secret\n',
    'empty.password': '\n',
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(at(name), text);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const caFile = () => at('ca.pem');
const mutual = (name: string) => ({
  caFile: caFile(),
  certFile: at(`${name}.pem`),
  keyFile: at(`${name}.key`),
});
const scram = (password: string) => ({ caFile: caFile(), username: 'catalogue', passwordFile: at(password) });

describe('the way to Kafka', () => {
  it.each([
    ['plaintext, with nothing', 'plaintext', () => ({})],
    ['TLS with a certificate', 'tls', () => mutual('own')],
    ['TLS with a user and a password', 'tls', () => scram('password')],
    ['TLS with the CAs that Node knows', 'tls', () => ({ ...scram('password'), caFile: undefined })],
    [
      'TLS with a CA file of which one has expired',
      'tls',
      () => ({ ...mutual('own'), caFile: at('bundle.pem') }),
    ],
  ] as const)('may be %s', (_, security, access) => {
    expect(accessFaults(security, access())).toEqual([]);
  });

  it.each([
    [
      'a CA file without TLS',
      'plaintext',
      () => ({ caFile: caFile() }),
      /^KAFKA_TLS_CA_FILE is set, but KAFKA_SECURITY is not tls/,
    ],
    ['nobody who connects', 'tls', () => ({ caFile: caFile() }), /nothing says who connects/],
    ['two who connect', 'tls', () => ({ ...mutual('own'), ...scram('password') }), /told twice who connects/],
    [
      'a certificate without its key',
      'tls',
      () => ({ certFile: at('own.pem') }),
      /^KAFKA_TLS_CERT_FILE needs KAFKA_TLS_KEY_FILE/,
    ],
    [
      'a key without its certificate',
      'tls',
      () => ({ keyFile: at('own.key') }),
      /^KAFKA_TLS_KEY_FILE needs KAFKA_TLS_CERT_FILE/,
    ],
    [
      'a user without a password',
      'tls',
      () => ({ username: 'catalogue' }),
      /^KAFKA_SASL_USERNAME needs KAFKA_SASL_PASSWORD_FILE/,
    ],
    [
      'a password without a user',
      'tls',
      () => ({ passwordFile: at('password') }),
      /^KAFKA_SASL_PASSWORD_FILE needs KAFKA_SASL_USERNAME/,
    ],
    [
      'a file that is missing',
      'tls',
      () => scram('missing'),
      /^KAFKA_SASL_PASSWORD_FILE names .*missing, which cannot be read \(ENOENT\)$/,
    ],
    ['a password that is empty', 'tls', () => scram('empty.password'), /which is empty$/],
    [
      'a CA file that holds none',
      'tls',
      () => ({ ...mutual('own'), caFile: at('password') }),
      /^KAFKA_TLS_CA_FILE names .* which holds no certificate in PEM$/,
    ],
    [
      'a CA that has expired',
      'tls',
      () => ({ ...mutual('own'), caFile: at('late.pem') }),
      /^KAFKA_TLS_CA_FILE names .* whose certificate expired on 2026-02-01$/,
    ],
    [
      'a certificate that has expired',
      'tls',
      () => mutual('late'),
      /^KAFKA_TLS_CERT_FILE names .* whose certificate expired on 2026-02-01$/,
    ],
    [
      'a certificate that is not valid yet',
      'tls',
      () => mutual('early'),
      /whose certificate is valid only from/,
    ],
    [
      'a key that is none',
      'tls',
      () => ({ ...mutual('own'), keyFile: at('own.pem') }),
      /^KAFKA_TLS_KEY_FILE names .* which holds no open private key in PEM$/,
    ],
    [
      'a key of another certificate',
      'tls',
      () => ({ ...mutual('own'), keyFile: at('other.key') }),
      /which is not the key of .*own\.pem$/,
    ],
  ] as const)('is refused with %s', (_, security, access, words) => {
    expect(accessFaults(security, access())).toEqual([expect.stringMatching(words)]);
  });
});
