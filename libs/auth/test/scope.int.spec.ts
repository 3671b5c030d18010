import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Database, migrate } from '@attest/persistence';
import { testDatabase, type TestDatabase } from '@attest/testing';
import { anyIsInScope, directoryMigrations, isInScope } from '../src/index.js';

const KNOWN = [
  ['ENGLAND', 'national', []],
  ['Y63', 'region', ['ENGLAND']],
  ['QX1', 'commissioner', ['Y63', 'ENGLAND']],
  ['A81001', 'practice', ['QX1', 'Y63', 'ENGLAND']],
  ['A81002', 'practice', ['QX1', 'Y63', 'ENGLAND']],
] as const;
/** What a row is about; nobody knows Z99999. */
const PAYMENTS = [
  ['A81001', 'QX1'],
  ['A81002', 'QX1'],
  ['Z99999', 'QX1'],
  ['Z99999', null],
] as const;

describe('what lies within a scope', () => {
  let made: TestDatabase;
  let database: Database;
  beforeAll(async () => {
    made = await testDatabase('scope');
    await migrate(made.url, directoryMigrations);
    database = new Database({ url: made.url, poolSize: 2, applicationName: 'scope-spec' });
    for (const [code, kind, ancestors] of KNOWN)
      await database.query(
        `INSERT INTO directory_organisation (code, kind, name, ancestors, version) VALUES ($1, $2, $1, $3, 1)`,
        [code, kind, ancestors],
      );
    await database.query(`CREATE TABLE payment (provider_code text, commissioner_code text)`);
    for (const codes of PAYMENTS) await database.query(`INSERT INTO payment VALUES ($1, $2)`, [...codes]);
  });
  afterAll(async () => {
    await database.close();
    await made.drop();
  });

  const seenIn = async (list: string, scope: readonly string[]): Promise<string[]> =>
    (await database.query<{ code: string }>(`${list} ORDER BY 1`, [scope])).rows.map(({ code }) => code);

  it.each([
    [['A81001'], ['A81001']],
    [['QX1'], ['A81001', 'A81002', 'QX1']],
    [['Y63'], ['A81001', 'A81002', 'QX1', 'Y63']],
    [['ENGLAND'], ['A81001', 'A81002', 'ENGLAND', 'QX1', 'Y63']],
    [
      ['A81001', 'A81002'],
      ['A81001', 'A81002'],
    ],
    [['QX2'], []],
    [[], []],
  ])('of organisations, for %j: itself and what lies below', async (scope, seen) => {
    const list = `SELECT o.code FROM directory_organisation o WHERE ${isInScope('$1')}`;
    expect(await seenIn(list, scope)).toEqual(seen);
  });

  it.each([
    [['A81001'], ['A81001']],
    [['QX1'], ['A81001', 'A81002']],
    [['Z99999'], ['Z99999', 'Z99999']],
    [['ENGLAND'], ['A81001', 'A81002', 'Z99999', 'Z99999']],
  ])('of rows with a code, for %j: one that nobody knows is its own and England’s', async (scope, seen) => {
    const list = `SELECT p.provider_code AS code FROM payment p
                  LEFT JOIN directory_organisation o ON o.code = p.provider_code
                  WHERE ${isInScope('$1', 'p.provider_code')}`;
    expect(await seenIn(list, scope)).toEqual(seen);
  });

  it.each([
    [['A81001'], ['A81001']],
    [['QX1'], ['A81001', 'A81002', 'Z99999']],
    [['Y63'], ['A81001', 'A81002', 'Z99999']],
    [['ENGLAND'], ['A81001', 'A81002', 'Z99999', 'Z99999']],
    [['QX2'], []],
  ])('of rows with two codes, for %j: one of them is enough', async (scope, seen) => {
    const list = `SELECT p.provider_code AS code FROM payment p
                  WHERE ${anyIsInScope('$1', 'p.provider_code', 'p.commissioner_code')}`;
    expect(await seenIn(list, scope)).toEqual(seen);
  });
});
