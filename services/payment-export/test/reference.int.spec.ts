import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Database } from '@attest/persistence';
import { testDatabase, type TestDatabase } from '@attest/testing';
import { paymentExport } from '../src/index.js';
import { PgReferenceStore } from '../src/persistence/reference.store.js';

let testing: TestDatabase;
let database: Database;

beforeAll(async () => {
  testing = await testDatabase('references');
  await paymentExport.migrate(testing.url);
  database = new Database({ url: testing.url, poolSize: 1, applicationName: 'references-spec' });
});
afterAll(async () => {
  await database?.close();
  await testing?.drop();
});

describe('what payment-export knows of others', () => {
  it('is the newest version, also where an older one is told again later in the same batch', async () => {
    const payee = (accountReference: string, version: bigint) => ({
      organisationCode: 'X00001',
      payeeCode: 'X00001',
      payeeName: 'Made-up Surgery 00001',
      accountReference,
      version,
    });
    await database.transaction((tx) =>
      new PgReferenceStore().payees(tx, [payee('OLD', 1n), payee('NEW', 2n), payee('OLD', 1n)]),
    );
    const { rows } = await database.query('SELECT account_reference, version::int FROM payee');
    expect(rows).toEqual([{ account_reference: 'NEW', version: 2 }]);
  });
});
