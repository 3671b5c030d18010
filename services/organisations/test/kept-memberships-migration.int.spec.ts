import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Database, migrate } from '@attest/persistence';
import { testDatabase, type TestDatabase } from '@attest/testing';
import { organisationsMigrations } from '../src/persistence/migrations/index.js';

describe('what was changed of a PCN', () => {
  let made: TestDatabase;
  let database: Database;
  beforeAll(async () => {
    made = await testDatabase('memberships-migration');
    database = new Database({ url: made.url, poolSize: 2, applicationName: 'migration-spec' });
    const before = organisationsMigrations.findIndex(({ name }) => name.includes('KeepMembershipChanges'));
    await migrate(made.url, organisationsMigrations.slice(0, before));
    await change('U1', 1, [['A1', '2020-04-01', null]]);
    await change('U1', 4, [
      ['A1', '2020-04-01', '2025-10-01'],
      ['A2', '2021-04-01', null],
    ]);
    await migrate(made.url, organisationsMigrations);
  });
  afterAll(async () => {
    await database.close();
    await made.drop();
  });

  type Spell = readonly [practice: string, from: string, to: string | null];
  /** As a process of the version before writes it, which keeps nothing of what it tells. */
  const change = (pcn: string, version: number, spells: readonly Spell[], keep?: object): Promise<void> =>
    database.transaction(async (tx) => {
      await tx.query(
        `INSERT INTO pcn_membership (pcn_code, version) VALUES ($1, $2)
         ON CONFLICT (pcn_code) DO UPDATE SET version = excluded.version`,
        [pcn, version],
      );
      await tx.query(`DELETE FROM membership_spell WHERE pcn_code = $1`, [pcn]);
      for (const [practice, from, to] of spells)
        await tx.query(
          `INSERT INTO membership_spell (pcn_code, practice_code, from_on, to_on) VALUES ($1, $2, $3, $4)`,
          [pcn, practice, from, to],
        );
      if (keep)
        await tx.query(
          `INSERT INTO pcn_membership_told (pcn_code, version, kind, state) VALUES ($1, $2, 'joined', $3)`,
          [pcn, version, keep],
        );
    });
  const told = async (pcn: string): Promise<unknown[]> =>
    (
      await database.query(
        `SELECT version::int, kind, state FROM pcn_membership_told WHERE pcn_code = $1 ORDER BY version`,
        [pcn],
      )
    ).rows;
  const spell = (practiceCode: string, from: string, to: string | null) => ({ practiceCode, from, to });

  it('before the upgrade is told again as one correction of every date', async () => {
    expect(await told('U1')).toEqual([
      {
        version: 4,
        kind: 'corrected',
        state: {
          pcnCode: 'U1',
          membershipVersion: 4,
          members: [spell('A1', '2020-04-01', '2025-10-01'), spell('A2', '2021-04-01', null)],
          changedPractices: ['A1', 'A2'],
          changedFrom: '2020-04-01',
          changedTo: null,
        },
      },
    ]);
  });

  it('by a process of the version before, while both run, is told again, too', async () => {
    await change('U2', 1, [['A3', '2020-04-01', null]]);
    await change('U2', 2, []);
    expect(await told('U2')).toEqual([
      expect.objectContaining({ version: 1, kind: 'established' }),
      {
        version: 2,
        kind: 'corrected',
        state: {
          pcnCode: 'U2',
          membershipVersion: 2,
          members: [],
          // It was a member until then.
          changedPractices: ['A3'],
          changedFrom: '2020-04-01',
          changedTo: null,
        },
      },
    ]);
  });

  it('by a process of this version is told as that one says', async () => {
    await change('U3', 1, [['A4', '2020-04-01', null]], { said: 'by it' });
    expect(await told('U3')).toEqual([{ version: 1, kind: 'joined', state: { said: 'by it' } }]);
  });
});
