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

  it('keeps a calendar entry on which a declaration rests, whatever is published later', async () => {
    const entry = (achievementDate: string, payOn = '2026-08-20') => ({
      achievementDate,
      paymentPeriod: '2026-07',
      opensOn: '2026-07-09',
      providerDeadlineOn: '2026-07-24',
      cutOffAt: '2026-07-31T17:00:00Z',
      payOn,
    });
    const publish = (version: bigint, calendar: ReturnType<typeof entry>[]) =>
      database.transaction((tx) =>
        new PgReferenceStore().routings(tx, [
          { serviceCode: 'XKEEP', agencyCode: 'XPAY', version, calendar },
        ]),
      );
    expect(await publish(1n, [entry('2026-05-31'), entry('2026-06-30')])).toEqual([]);
    await database.query(
      `INSERT INTO declaration_state (declaration_id, kind, service_code, achievement_date, provider_code, commissioner_code,
                                      payment_period, status, declaration_version, attempt, pence, revision)
       VALUES (gen_random_uuid(), 'achievement', 'XKEEP', '2026-06-30', 'X00001', 'XQA', '2026-07', 'FINANCIALLY_APPROVED', 1, 1, 100, 4)`,
    );
    expect(await publish(2n, [entry('2026-07-31')])).toEqual([
      { serviceCode: 'XKEEP', achievementDate: '2026-06-30' },
    ]);
    expect(await publish(3n, [entry('2026-06-30', '2026-08-21'), entry('2026-07-31')])).toEqual([]);
    const { rows } = await database.query(
      `SELECT achievement_date::text AS date, pay_on::text AS pay FROM payment_calendar WHERE service_code = 'XKEEP' ORDER BY 1`,
    );
    expect(rows).toEqual([
      { date: '2026-06-30', pay: '2026-08-21' },
      { date: '2026-07-31', pay: '2026-08-20' },
    ]);
  });
});
