import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { describe, expect, it } from '@jest/globals';
import { Database } from '@attest/persistence';
import { certificateAuthority } from '@attest/testing';
import { createMessaging } from '../src/index.js';
import { specLogger } from './harness.js';

describe('a broker whose certificate has expired', () => {
  it('refuses the start: it is not waited for like one that is away', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'attest-refused-'));
    const ca = await certificateAuthority();
    const expired = await ca.issue('broker', { from: new Date(0), to: new Date(86_400_000) });
    const server = createServer({ cert: expired.certificate, key: expired.key });
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    const own = await ca.issue('catalogue');
    const file = (name: string, text: string): string => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const database = new Database({
      url: 'postgres://127.0.0.1:1/none',
      poolSize: 1,
      applicationName: 'messaging-spec',
    });
    const messaging = createMessaging({
      service: 'catalogue',
      brokers: [`127.0.0.1:${(server.address() as AddressInfo).port}`],
      access: {
        caFile: file('ca.pem', ca.certificate),
        certFile: file('own.pem', own.certificate),
        keyFile: file('own.key', own.key),
      },
      database,
      logger: specLogger,
    });
    try {
      await expect(messaging.start()).rejects.toMatchObject({
        code: 'KAFKA_ACCESS_REFUSED',
        message: expect.stringMatching(/broker has expired/),
      });
    } finally {
      await messaging.stop();
      await database.close();
      server.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
