import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { uuidV7, type NewEvent } from '@attest/contracts';
import type { Tx } from '@attest/persistence';
import { PgLocks } from '../src/persistence/core/locks.js';
import {
  awaiting,
  blocked,
  calculated,
  membership,
  notApplicable,
  servicePublished,
  signed,
} from './neighbours.js';
import { soon, startWorld, type World } from './world.js';

let world: World;
beforeAll(async () => {
  // Two at once: the smallest number that leaves some to follow.
  world = await startWorld({ BULK_CHUNK_SIZE: '2' });
  await world.tell(servicePublished('XORD'));
}, 90_000);
afterAll(() => world?.service.close());

type Who = { readonly serviceCode: string; readonly organisationCode: string };

const waiting = async (organisationCode: string, serviceCode: string | null = null): Promise<number> => {
  const { rows } = await world.service.database.query(
    `SELECT 1 FROM waiting_achievement WHERE organisation_code = $1 AND ($2::text IS NULL OR service_code = $2)`,
    [organisationCode, serviceCode],
  );
  return rows.length;
};

const again = (event: NewEvent): NewEvent => ({ ...event, id: uuidV7() });

describe('figures', () => {
  it('wait for an organisation that is not known yet, and open when it is', async () => {
    await world.tell(calculated({ serviceCode: 'XORD', organisationCode: 'X99999', figureRevision: 2 }));
    await soon(async () => (await waiting('X99999')) === 1);
    await world.service.know([{ code: 'X99999', kind: 'practice', commissionerCode: 'XQB' }], []);
    expect(await world.declarationOf('XORD', 'X99999')).toMatchObject({ commissioner_code: 'XQB' });
    expect(await waiting('X99999')).toBe(0);
  });

  it('wait for a service that is not known yet, with the markers that came after them', async () => {
    await world.tell(
      calculated({ serviceCode: 'XNEW', organisationCode: 'X00001' }),
      awaiting({ serviceCode: 'XNEW', organisationCode: 'X00001', closesAtRevision: 2 }),
    );
    await soon(async () => (await waiting('X00001')) === 1);
    await world.tell(servicePublished('XNEW'));
    const opened = await world.declarationOf('XNEW', 'X00001', (row) => row.awaiting !== null);
    expect(
      (await world.declare(opened.declaration_id, {}, 'declarer', Number(opened.revision))).body.code,
    ).toBe('ACHIEVEMENT_AWAITING_AGGREGATION');
    await world.tell(calculated({ serviceCode: 'XNEW', organisationCode: 'X00001', figureRevision: 2 }));
    await world.byId(opened.declaration_id, (row) => row.awaiting === null);
  });

  it('that waited in numbers open a chunk at a time, so that no membership change waits for all of them', async () => {
    const practices = ['X00001', 'X00002', 'X00003', 'X00004', 'X00005'];
    await world.tell(
      ...practices.map((code) => calculated({ serviceCode: 'XMANY', organisationCode: code })),
    );
    const { database } = world.service;
    const waitingFor = async (serviceCode: string) =>
      (await database.query('SELECT FROM waiting_achievement WHERE service_code = $1', [serviceCode]))
        .rowCount;
    await soon(async () => (await waitingFor('XMANY')) === practices.length);
    await world.tell(servicePublished('XMANY'));
    for (const code of practices) await world.declarationOf('XMANY', code);
    expect(await waitingFor('XMANY')).toBe(0);
    // A row of the history is written once: its transaction is the one that opened.
    const { rows } = await database.query(
      `SELECT count(*)::int AS opened FROM declaration_history JOIN declaration d USING (declaration_id)
       WHERE service_code = 'XMANY' AND action = 'open' GROUP BY declaration_history.xmin ORDER BY 1`,
    );
    expect(rows.map((row) => row.opened)).toEqual([1, 2, 2]);
  });

  it('close the markers that came before the first of them', async () => {
    await world.tell(
      awaiting({ serviceCode: 'XORD', organisationCode: 'X00002', closesAtRevision: 1, figureRevision: 0 }),
      calculated({ serviceCode: 'XORD', organisationCode: 'X00002' }),
    );
    expect(await world.declarationOf('XORD', 'X00002')).toMatchObject({ awaiting: null, blocked: null });
  });

  it('that are blocked refuse every forward step until they are there', async () => {
    await world.tell(
      calculated({ serviceCode: 'XORD', organisationCode: 'X00003' }),
      blocked({ serviceCode: 'XORD', organisationCode: 'X00003', closesAtRevision: 2, code: 'PAGE_PARKED' }),
    );
    const { declaration_id: id, revision } = await world.declarationOf(
      'XORD',
      'X00003',
      (row) => row.blocked !== null,
    );
    expect((await world.declare(id, {}, 'declarer', Number(revision))).body.code).toBe(
      'UPSTREAM_EVENT_PARKED',
    );
    await world.tell(calculated({ serviceCode: 'XORD', organisationCode: 'X00003', figureRevision: 2 }));
    const open = await world.byId(id, (row) => row.blocked === null);
    expect((await world.declare(id, {}, 'declarer', Number(open.revision))).status).toBe(200);
  });

  it('that no longer apply end it, and later ones open another', async () => {
    const who = { serviceCode: 'XORD', organisationCode: 'X00004' };
    await world.tell(calculated(who), notApplicable({ ...who, figureRevision: 2 }));
    const lapsed = await world.declarationOf('XORD', 'X00004', (row) => row.status === 'LAPSED');
    expect(lapsed.status_code).toBe('NOT_APPLICABLE');
    await world.tell(calculated({ ...who, figureRevision: 3 }));
    const opened = await world.declarationOf('XORD', 'X00004', (row) => row.status !== 'LAPSED');
    expect(opened.declaration_id).not.toBe(lapsed.declaration_id);
  });

  it('that cannot be read park their key, and every forward step of it is refused until then', async () => {
    await world.tell(calculated({ serviceCode: 'XORD', organisationCode: 'X00005' }));
    const { declaration_id: id } = await world.declarationOf('XORD', 'X00005');
    const bad = calculated({ serviceCode: 'XORD', organisationCode: 'X00005', figureRevision: 2 });
    (bad.data as { pence: unknown }).pence = 'a lot';
    await world.tell(bad);
    await soon(async () => {
      const { rows } = await world.service.database.query(
        `SELECT 1 FROM blocked_key WHERE topic = 'achievements'`,
      );
      return rows.length > 0;
    });
    const refused = await world.declare(id);
    expect([refused.status, refused.body.code]).toEqual([409, 'UPSTREAM_EVENT_PARKED']);
    const why = await world.service.get('declarer', `declarations/${id}/why`);
    expect(why.body).toMatchObject({ code: 'UPSTREAM_EVENT_PARKED', actsNext: 'operator' });
  });
});

describe('in one batch', () => {
  it('what lapses makes room for what is opened', async () => {
    const who = { serviceCode: 'XORD', organisationCode: 'X00008' };
    await world.tell(calculated(who));
    await world.declarationOf('XORD', 'X00008');
    const consumption = (what: string, body: object) =>
      world.service.post('operator', `operations/consumption/${what}`, body);
    await consumption('pause', { topic: 'achievements', reason: 'one batch' });
    await world.tell(
      notApplicable({ ...who, figureRevision: 2 }),
      calculated({ ...who, figureRevision: 3, pence: '5000' }),
      calculated({ ...who, figureRevision: 4, pence: '6000' }),
    );
    await consumption('resume', { topic: 'achievements' });
    const { rows } = await soon(async () => {
      const found = await world.service.database.query(
        `SELECT status, pence FROM declaration WHERE organisation_code = 'X00008' ORDER BY declaration_id`,
      );
      return found.rows.at(-1)?.pence === '6000' && found;
    });
    expect(rows).toEqual([
      { status: 'LAPSED', pence: '0' },
      { status: 'AWAITING_PROVIDER_APPROVAL', pence: '6000' },
    ]);
  });
});

describe('a membership change that is being recorded', () => {
  it('is not missed by a declaration that opens at the same moment', async () => {
    await world.tell(servicePublished('XRACE', { dependsOn: ['page', 'membership'] }));
    const other = await world.service.database.connect();
    try {
      await other.query('BEGIN');
      // As another replica does in the middle of its own transaction.
      await new PgLocks().forMembershipChange(other as unknown as Tx, ['X00009']);
      await other.query(
        `INSERT INTO membership_requirement
           (organisation_code, pcn_code, membership_version, code, practice_codes, changed_from, event_id)
         VALUES ('X00009', 'XP3', 9, 'PCN_PRACTICE_LEFT', '{X00009}', '2026-07-01', gen_random_uuid())`,
      );
      await world.tell(
        calculated({ serviceCode: 'XRACE', organisationCode: 'X00009', memberships: { XP3: 8 } }),
      );
      await soon(async () => {
        const { rows } = await other.query(
          `SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
             AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
        );
        return rows.length > 0;
      });
      await other.query('COMMIT');
    } finally {
      other.release();
    }
    const opened = await world.declarationOf('XRACE', 'X00009');
    expect(opened.holds.map((hold) => hold.code)).toEqual(['PCN_PRACTICE_LEFT']);
  });
});

describe('a marker that arrives while the figures that waited are being opened', () => {
  it.each([
    ['awaiting', 'XMIDA', (who: Who) => awaiting({ ...who, closesAtRevision: 2 })],
    ['blocked', 'XMIDB', (who: Who) => blocked({ ...who, closesAtRevision: 2, code: 'PAGE_PARKED' })],
  ] as const)('stands on the declaration that was opened: %s', async (column, serviceCode, marker) => {
    const who = { serviceCode, organisationCode: 'X00001' };
    await world.tell(calculated(who));
    await soon(async () => (await waiting('X00001', serviceCode)) === 1);
    // Stands for the one that is opened.
    await world.tell(calculated({ serviceCode: 'XORD', organisationCode: 'X00001' }));
    const { declaration_id: id } = await world.declarationOf('XORD', 'X00001');
    const other = await world.service.database.connect();
    try {
      await other.query('BEGIN');
      // As another replica does that has heard of the service and is about to commit.
      await other.query('SELECT pg_advisory_xact_lock_shared(7302651101), pg_advisory_xact_lock(7302651102)');
      await other.query('DELETE FROM waiting_achievement WHERE service_code = $1', [serviceCode]);
      await other.query(
        `INSERT INTO quality_service (service_code, name, provider_kind, depends_on_membership, oldest_open_on, agency_code, version)
         VALUES ($1, 'Made-up', 'practice', false, '2025-04-01', 'XPAY', 1)`,
        [serviceCode],
      );
      await other.query('UPDATE declaration SET service_code = $2 WHERE declaration_id = $1', [
        id,
        serviceCode,
      ]);
      await world.tell(marker(who));
      await soon(async () => {
        const { rows } = await other.query(
          `SELECT 1 FROM pg_locks WHERE NOT granted AND pid IN
             (SELECT pid FROM pg_stat_activity WHERE datname = current_database())`,
        );
        return rows.length > 0;
      });
      await other.query('COMMIT');
    } finally {
      other.release();
    }
    await world.byId(id, (row) => row[column] !== null);
    expect(await waiting('X00001', serviceCode)).toBe(0);
  });
});

describe('a signature that could not be applied', () => {
  it('is applied when it is replayed, with the one that is parked behind it', async () => {
    const { database } = world.service;
    await world.tell(servicePublished('XSIG'));
    await world.tell(calculated({ serviceCode: 'XSIG', organisationCode: 'X00002' }));
    const { declaration_id: id } = await world.declarationOf('XSIG', 'X00002');
    await world.declare(id);
    await database.query(`
      CREATE FUNCTION stop_here() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'stopped'; END $$;
      CREATE TRIGGER stop_here BEFORE UPDATE ON declaration FOR EACH ROW
        WHEN (NEW.declaration_id = '${id}') EXECUTE FUNCTION stop_here();`);
    await world.tell(signed(id, 'commissioner', 'approver'), signed(id, 'finance', 'finance'));
    await soon(async () => (await database.query('SELECT FROM parked_event WHERE key = $1', [id])).rowCount);
    await database.query('DROP TRIGGER stop_here ON declaration; DROP FUNCTION stop_here');
    // Until then nothing else moves it forward.
    const why = await world.service.get('declarer', `declarations/${id}/why`);
    expect(why.body.code).toBe('UPSTREAM_EVENT_PARKED');

    const replayed = await world.service.post('operator', 'operations/dead-letters/replay', {
      topic: 'approvals',
      key: id,
      reason: 'What stopped it is gone.',
    });
    expect(replayed.body).toMatchObject({ applied: 2, failed: [] });
    expect(await world.byId(id, () => true)).toMatchObject({ status: 'FINANCIALLY_APPROVED' });
    expect(world.told.filter((e) => e.key === id && e.type === 'approval.refused.v1')).toEqual([]);
  });
});

describe('everything once more, with an empty inbox', () => {
  it('changes nothing and answers nothing twice', async () => {
    await world.tell(servicePublished('XREP', { dependsOn: ['page', 'membership'] }));
    const who = { serviceCode: 'XREP', organisationCode: 'X00006' };
    const story: NewEvent[] = [
      awaiting({ ...who, closesAtRevision: 1, figureRevision: 0 }),
      calculated({ ...who, memberships: { XP1: 1 } }),
    ];
    await world.tell(...story);
    const { declaration_id: id } = await world.declarationOf('XREP', 'X00006');
    await world.declare(id);
    const more: NewEvent[] = [
      signed(id, 'commissioner', 'approver'),
      signed(id, 'finance', 'approver', { approvalVersion: 2 }),
      signed(id, 'finance', 'finance', { approvalVersion: 3 }),
    ];
    await world.tell(...more);
    await world.byId(id, (row) => row.status === 'FINANCIALLY_APPROVED');
    const change = membership('left', 'XP1', 2, { practices: ['X00006'] });
    await world.tell(change);
    const before = await world.byId(id, (row) => row.holds.length === 1);
    await soon(() => world.events(id).includes('held'));
    const told = world.told.filter((event) => event.key === id).length;

    await world.service.database.query('TRUNCATE inbox, inbox_done');
    await world.tell(...[...story, ...more, change].map(again));
    // Something that does move it shows that everything before has been applied.
    await world.tell(calculated({ ...who, figureRevision: 2, memberships: { XP1: 2 } }));
    const after = await world.byId(id, (row) => row.figure_revision === '2');
    expect(after).toMatchObject({
      status: 'FINANCIALLY_APPROVED',
      declaration_version: before.declaration_version,
    });
    expect(Number(after.revision)).toBe(Number(before.revision) + 1);
    await soon(() => world.told.filter((event) => event.key === id).length === told + 1);
  });
});
