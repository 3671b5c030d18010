import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { parseLondonDate } from '@attest/calendar';
import {
  DEFAULT_POLICY,
  newEvent,
  PaymentNotIncludedV1,
  PaymentReleaseRequestedV1,
  PaymentSealedV1,
  uuidV7,
  type NewEvent,
} from '@attest/contracts';
import { Database } from '@attest/persistence';
import { PgFreezeStore } from '../src/persistence/periods/freeze.store.js';
import { PgPolicyStore } from '../src/persistence/signing/policy.store.js';
import { calculated, DATE, servicePublished, signed } from './neighbours.js';
import { soon, startWorld, type World } from './world.js';

const BARRIER = uuidV7();
const REASON = 'A register was extracted wrongly.';
const PRACTICES = ['X00001', 'X00002', 'X00003', 'X00004', 'X00005'];
const SERVICES = ['XFA', 'XFB', 'XFC', 'XFD', 'XFE', 'XFF', 'XFG', 'XFH', 'XFI', 'XFJ', 'XFK'];
let world: World;
let hand: pg.Client;

beforeAll(async () => {
  // Several chunks for a handful of declarations.
  world = await startWorld({ BULK_CHUNK_SIZE: '2' });
  await world.service.know(
    [{ code: 'X00011', kind: 'practice', commissionerCode: 'XQB', ancestors: ['XQB', 'ENGLAND'] }],
    [
      { personId: 'declarer.b', role: 'DECLARATION_MANAGEMENT', organisationCode: 'X00011' },
      { personId: 'of.both', role: 'APPROVAL_MANAGEMENT', organisationCode: 'XQA' },
      { personId: 'of.both', role: 'COMMISSIONING_MANAGEMENT', organisationCode: 'XQB' },
    ],
  );
  await world.tell(...SERVICES.map((code) => servicePublished(code)));
  await world.service.database.query(
    `INSERT INTO barrier (barrier_id, route, requested_by, requested_at, expires_at, status)
     VALUES ($1, 'release', 'payment-export', now(), now() + interval '1 hour', 'passed')`,
    [BARRIER],
  );
  hand = new pg.Client({ connectionString: world.service.env['DATABASE_URL'] });
  await hand.connect();
}, 90_000);
// Whatever failed: nobody waits for a transaction that was left open.
afterEach(() => hand.query('ROLLBACK'));
afterAll(async () => {
  await hand?.end();
  await world?.service.close();
});

async function opened(serviceCode: string, ...organisationCodes: string[]): Promise<string[]> {
  await world.tell(
    ...organisationCodes.map((organisationCode) => calculated({ serviceCode, organisationCode })),
  );
  const ids = [];
  for (const code of organisationCodes)
    ids.push((await world.declarationOf(serviceCode, code)).declaration_id);
  return ids;
}
async function approved(serviceCode: string, organisationCode: string): Promise<string> {
  const [id] = await opened(serviceCode, organisationCode);
  await world.declare(id!);
  await world.tell(signed(id!, 'commissioner', 'approver'), signed(id!, 'finance', 'finance'));
  await world.byId(id!, (row) => row.status === 'FINANCIALLY_APPROVED');
  return id!;
}
const freeze = (serviceCode: string, person = 'approver', body: object = {}, headers = {}) =>
  world.service.post(
    person,
    'freezes',
    { serviceCode, achievementDate: DATE, reason: REASON, ...body },
    headers,
  );
const on = (freezeId: string, what: string, body: object = {}, person = 'approver') =>
  world.service.post(person, `freezes/${freezeId}/${what}`, body);
const shown = async (freezeId: string, person = 'approver') =>
  (await world.service.get(person, `freezes/${freezeId}`)).body;
let paymentVersion = 0;
const payment = (id: string, runId: string) => ({
  declarationId: id,
  declarationVersion: 1,
  attempt: 1,
  runId,
  paymentVersion: ++paymentVersion,
});
const requested = (id: string, runId = uuidV7()): NewEvent =>
  newEvent(PaymentReleaseRequestedV1, {
    ...payment(id, runId),
    barrierId: BARRIER,
    requestedAt: '2026-09-01T17:00:00Z',
  }) as unknown as NewEvent;
const sealed = (id: string, runId: string): NewEvent =>
  newEvent(PaymentSealedV1, {
    ...payment(id, runId),
    fileName: 'XPAY-2026-08.csv',
    lineNumber: 1,
    agencyCode: 'XPAY',
    pence: '10060',
    sealedAt: '2026-09-01T17:01:00Z',
    payOn: '2026-09-20',
  }) as unknown as NewEvent;
/** Until somebody waits for the lock of a period. */
const waiting = () =>
  soon(async () => {
    const { rows } = await world.service.database.query(
      `SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    );
    return rows.length > 0;
  });
const freezeByHand = async (serviceCode: string): Promise<void> => {
  await hand.query('BEGIN');
  await hand.query(
    `SELECT pg_advisory_xact_lock(hashtextextended('freeze ' || $1::text || '|' || $2::date::text, 0))`,
    [serviceCode, DATE],
  );
  await hand.query(
    `INSERT INTO period_freeze (freeze_id, service_code, achievement_date, scope_code, version, reason, frozen_by, frozen_for, frozen_at)
     VALUES ($1, $2, $3, 'ENGLAND', 1, 'by hand', 'operator', 'ENGLAND', now())`,
    [uuidV7(), serviceCode, DATE],
  );
};

describe('while a period is frozen', () => {
  it('nobody declares or signs it, others go on, and after the thaw it goes on too', async () => {
    const [first, second] = (await opened('XFA', 'X00001', 'X00002')) as [string, string];
    const [other] = (await opened('XFB', 'X00001')) as [string];
    const [foreign] = (await opened('XFA', 'X00011')) as [string];
    await world.declare(second);
    const frozen = await freeze('XFA');
    expect([frozen.status, frozen.body]).toMatchObject([
      201,
      { serviceCode: 'XFA', achievementDate: DATE, scopeCode: 'XQA', frozenBy: 'approver', thawedAt: null },
    ]);
    const { freezeId } = frozen.body;
    const told = await soon(() => world.told.find((e) => e.type === 'period.frozen.v1'));
    expect(told).toMatchObject({
      key: `XFA|${DATE}`,
      data: { freezeId, scopeCode: 'XQA', freezeVersion: 1 },
    });

    expect((await world.declare(first)).body.code).toBe('PERIOD_FROZEN');
    const bulk = await world.service.post('declarer', 'declarations/bulk-declare', {
      items: [{ declarationId: first }, { declarationId: other }],
    });
    expect(bulk.body.items.map((item: { code: string }) => item.code)).toEqual(['PERIOD_FROZEN', 'DECLARED']);
    await world.tell(signed(second, 'commissioner', 'approver'));
    const refused = await soon(() =>
      world.told.find((e) => e.type === 'approval.refused.v1' && e.key === second),
    );
    expect(refused.data.code).toBe('PERIOD_FROZEN');
    // Another commissioner's declarations of the same service go on.
    expect((await world.declare(foreign, {}, 'declarer.b')).body.code).toBe('DECLARED');
    const why = await world.service.get('declarer', `declarations/${first}/why`);
    expect(why.body).toMatchObject({
      code: 'PERIOD_FROZEN',
      cause: expect.stringContaining(REASON),
      actsNext: 'commissioner',
    });
    expect((await freeze('XFA')).body.code).toBe('ALREADY_FROZEN');

    const thawed = await on(freezeId, 'thaw', {
      providerDeadlineOn: '2101-01-31',
      cutOffAt: '2101-02-10T17:00:00Z',
    });
    expect(thawed.body).toMatchObject({ providerDeadlineOn: '2101-01-31', thawedBy: 'approver' });
    const thaw = await soon(() => world.told.find((e) => e.type === 'period.thawed.v1'));
    expect(thaw.data).toMatchObject({ freezeVersion: 2, providerDeadlineOn: '2101-01-31' });
    expect((await world.declare(first)).body.code).toBe('DECLARED');
    const calendarOf = async (id: string, person: string) =>
      (await world.service.get(person, `declarations/${id}`)).body.calendar.providerDeadlineOn;
    expect([await calendarOf(first, 'declarer'), await calendarOf(foreign, 'declarer.b')]).toEqual([
      '2101-01-31',
      '2100-08-24',
    ]);
    expect((await on(freezeId, 'thaw')).body.code).toBe('ALREADY_THAWED');
    // It may be frozen again.
    expect((await freeze('XFA')).status).toBe(201);
  });

  it('a provider whose deadline passed meanwhile declares in time by the new one', async () => {
    await world.tell(servicePublished('XFLATE', { opensOn: '2020-01-01', deadline: '2020-01-24' }));
    const [id, other] = (await opened('XFLATE', 'X00001', 'X00002')) as [string, string];
    const { freezeId } = (await freeze('XFLATE')).body;
    expect((await world.declare(id)).body.code).toBe('PERIOD_FROZEN');
    await on(freezeId, 'thaw', { providerDeadlineOn: '2101-01-31', cutOffAt: '2101-02-10T17:00:00Z' });
    const { body } = await world.declare(id);
    expect(body).toMatchObject({ code: 'DECLARED', late: false });
    // A later thaw that names no dates brings the calendar's back.
    await on((await freeze('XFLATE')).body.freezeId, 'thaw');
    expect((await world.declare(other)).body.code).toBe('LATE_REASON_MISSING');
  });

  it('a new deadline in the past, or a cut-off before it, is refused', async () => {
    const { freezeId } = (await freeze('XFB')).body;
    for (const body of [
      { providerDeadlineOn: '2020-01-31' },
      { cutOffAt: '2020-01-31T17:00:00Z' },
      { providerDeadlineOn: '2101-03-01', cutOffAt: '2101-02-10T17:00:00Z' },
    ])
      expect((await on(freezeId, 'thaw', body)).body.code).toBe('DEADLINE_NOT_AHEAD');
    expect((await on(freezeId, 'thaw', { providerDeadlineOn: '31/01/2101' })).status).toBe(400);
    expect((await on(freezeId, 'thaw')).status).toBe(200);
  });
});

describe('what the system would do in a frozen period', () => {
  it('is not even looked at until the thaw; what the freeze does not reach goes on', async () => {
    await world.tell(servicePublished('XFL', { policy: { ...DEFAULT_POLICY, declaration: 'not-required' } }));
    const { freezeId } = await soon(async () => {
      const { status, body } = await freeze('XFL');
      return status === 201 && body;
    });
    const [id, foreign] = (await opened('XFL', 'X00001', 'X00011')) as [string, string];
    await world.byId(foreign, (row) => row.status === 'AWAITING_COMMISSIONER_APPROVAL');
    const database = new Database({
      url: world.service.env['DATABASE_URL']!,
      poolSize: 1,
      applicationName: 'spec',
    });
    try {
      const policies = new PgPolicyStore(database);
      const due = await database.transaction((tx) =>
        policies.lockDue(tx, parseLondonDate('2026-12-01'), null, 100),
      );
      expect(due).toEqual([]);
    } finally {
      await database.close();
    }
    expect((await world.byId(id, () => true)).status).toBe('AWAITING_PROVIDER_APPROVAL');
    await on(freezeId, 'thaw');
    await world.byId(id, (row) => row.status === 'AWAITING_COMMISSIONER_APPROVAL');
  });
});

describe('who freezes', () => {
  it.each([
    ['a commissioner for another one', 'foreigner', { commissionerCode: 'XQA' }, 404, 'ORGANISATION_UNKNOWN'],
    ['a commissioner for England', 'approver', { commissionerCode: 'ENGLAND' }, 403, 'NOT_YOUR_ORGANISATION'],
    ['somebody of two commissioners without a word', 'of.both', {}, 422, 'FREEZE_SCOPE_MISSING'],
    ['a provider', 'declarer', {}, 403, 'ROLE_MISSING'],
    ['an operator for a practice', 'operator', { commissionerCode: 'X00001' }, 422, 'FREEZE_SCOPE_UNKNOWN'],
    ['anybody without a reason', 'operator', { reason: '' }, 400, 'REASON_MISSING'],
    ['anybody with an over-long reason', 'operator', { reason: 'x'.repeat(1_001) }, 400, 'REASON_TOO_LONG'],
    ['anybody beyond the calendar', 'operator', { achievementDate: '2026-06-30' }, 404, 'PERIOD_UNKNOWN'],
  ])('%s is refused', async (_, person, body, status, code) => {
    const refused = await freeze('XFC', person, body);
    expect([refused.status, refused.body.code]).toEqual([status, code]);
  });

  it('what the operator froze only the operator thaws; others see it where it reaches them', async () => {
    const [mine] = (await opened('XFC', 'X00003')) as [string];
    const { body } = await freeze('XFC', 'operator');
    expect(body).toMatchObject({ scopeCode: 'ENGLAND', frozenFor: 'ENGLAND' });
    expect((await world.declare(mine)).body.code).toBe('PERIOD_FROZEN');
    const why = await world.service.get('declarer', `declarations/${mine}/why`);
    expect(why.body).toMatchObject({ code: 'PERIOD_FROZEN', actsNext: 'operator' });
    expect((await on(body.freezeId, 'revert-approvals', { reason: REASON })).body.code).toBe(
      'FREEZE_NOT_YOURS',
    );
    expect((await on(body.freezeId, 'thaw')).body.code).toBe('FREEZE_NOT_YOURS');
    expect((await shown(body.freezeId, 'declarer')).freezeId).toBe(body.freezeId);
    expect((await on(body.freezeId, 'thaw', {}, 'operator')).status).toBe(200);

    const own = (await freeze('XFC')).body;
    const listed = async (person: string) =>
      (await world.service.get(person, 'freezes?serviceCode=XFC&standing=true')).body.items.map(
        (one: { freezeId: string }) => one.freezeId,
      );
    expect(await listed('approver')).toEqual([own.freezeId]);
    expect(await listed('declarer')).toEqual([own.freezeId]);
    expect(await listed('foreigner')).toEqual([]);
    expect((await shown(own.freezeId, 'foreigner')).code).toBe('FREEZE_UNKNOWN');
    expect((await on(own.freezeId, 'thaw', {}, 'foreigner')).body.code).toBe('FREEZE_UNKNOWN');
    expect((await on(uuidV7(), 'thaw')).body.code).toBe('FREEZE_UNKNOWN');
  });

  it('what a region froze for one of its boards the board neither reverts nor thaws', async () => {
    await world.service.know(
      [
        { code: 'XRG', kind: 'region', ancestors: ['ENGLAND'] },
        { code: 'XQC', kind: 'commissioner', ancestors: ['XRG', 'ENGLAND'] },
      ],
      [
        { personId: 'regional', role: 'COMMISSIONING_MANAGEMENT', organisationCode: 'XRG' },
        { personId: 'of.board', role: 'APPROVAL_MANAGEMENT', organisationCode: 'XQC' },
      ],
    );
    const { body } = await freeze('XFC', 'regional', { commissionerCode: 'XQC' });
    expect(body).toMatchObject({ scopeCode: 'XQC', frozenFor: 'XRG' });
    const { freezeId } = body;
    expect((await on(freezeId, 'revert-approvals', { reason: REASON }, 'of.board')).body.code).toBe(
      'FREEZE_NOT_YOURS',
    );
    expect((await on(freezeId, 'thaw', {}, 'of.board')).body.code).toBe('FREEZE_NOT_YOURS');
    expect((await on(freezeId, 'thaw', {}, 'regional')).status).toBe(200);
  });

  it('freezes once for one idempotency key', async () => {
    const key = { 'idempotency-key': 'freeze-once' };
    const first = await freeze('XFH', 'approver', {}, key);
    expect((await freeze('XFH', 'approver', {}, key)).body).toEqual(first.body);
    expect((await freeze('XFH', 'approver', { reason: 'Another.' }, key)).body.code).toBe(
      'IDEMPOTENCY_KEY_REUSED',
    );
  });
});

describe('a freeze that meets a step under way', () => {
  it('waits for a declare that has begun, and the declare counts', async () => {
    const [id] = (await opened('XFD', 'X00001')) as [string];
    await hand.query('BEGIN');
    await hand.query('SELECT 1 FROM declaration WHERE declaration_id = $1 FOR UPDATE', [id]);
    const declaring = world.declare(id);
    await soon(async () => {
      const { rows } = await world.service.database.query(
        `SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND mode = 'ShareLock' AND granted AND classid <> 0
           AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
           AND pid IN (SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock')`,
      );
      return rows.length > 0;
    });
    let answered = false;
    const freezing = freeze('XFD').finally(() => (answered = true));
    await waiting();
    expect(answered).toBe(false);
    await hand.query('ROLLBACK');
    expect((await declaring).body.code).toBe('DECLARED');
    const frozen = await freezing;
    expect(frozen.status).toBe(201);
    await on(frozen.body.freezeId, 'thaw');
  });

  it('that has begun is waited for by a declare, which is refused', async () => {
    const [id] = (await opened('XFD', 'X00002')) as [string];
    await freezeByHand('XFD');
    const declaring = world.declare(id);
    await waiting();
    await hand.query('COMMIT');
    expect((await declaring).body.code).toBe('PERIOD_FROZEN');
  });

  it('that has begun is waited for by a confirm, which is refused', async () => {
    const id = await approved('XFI', 'X00003');
    await freezeByHand('XFI');
    await world.tell(requested(id));
    await waiting();
    await hand.query('COMMIT');
    const refused = await soon(() =>
      world.told.find((e) => e.type === 'declaration.confirm-refused.v1' && e.key === id),
    );
    expect(refused.data.fact.code).toBe('PERIOD_FROZEN');
  });

  it('that has begun is waited for by a signature, which is refused', async () => {
    const [id] = (await opened('XFJ', 'X00004')) as [string];
    await world.declare(id);
    await freezeByHand('XFJ');
    await world.tell(signed(id, 'commissioner', 'approver'));
    await waiting();
    await hand.query('COMMIT');
    const refused = await soon(() =>
      world.told.find((e) => e.type === 'approval.refused.v1' && e.key === id),
    );
    expect(refused.data.code).toBe('PERIOD_FROZEN');
  });

  it('lets nothing through once it is answered, however many declare at once', async () => {
    const ids = await opened('XFE', ...PRACTICES);
    const declaring = ids.map((id) => world.declare(id));
    const frozen = await freeze('XFE');
    const statuses = async () =>
      (
        await world.service.database.query(
          'SELECT declaration_id, status FROM declaration WHERE declaration_id = ANY($1) ORDER BY 1',
          [ids],
        )
      ).rows;
    const atFreeze = await statuses();
    const answers = await Promise.all(declaring);
    expect(await statuses()).toEqual(atFreeze);
    for (const { body } of answers) expect(['DECLARED', 'PERIOD_FROZEN']).toContain(body.code);
    expect(atFreeze.filter((row) => row.status !== 'AWAITING_PROVIDER_APPROVAL')).toHaveLength(
      answers.filter(({ body }) => body.code === 'DECLARED').length,
    );
    expect(frozen.status).toBe(201);
  });
});

describe('reverting approvals', () => {
  it('goes on after it was stopped half-way, takes each back once, and then the period can be thawed', async () => {
    const ids = await opened('XFF', ...PRACTICES, 'X00011');
    for (const id of ids) await world.declare(id, {}, id === ids[5] ? 'declarer.b' : 'declarer');
    const { freezeId } = (await freeze('XFF')).body;
    const own = ids.slice(0, 5).sort();
    // The third of five cannot be written: the second chunk fails as a crash would leave it.
    await world.service.database.query(`
      CREATE FUNCTION stop_here() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'stopped'; END $$;
      CREATE TRIGGER stop_here BEFORE UPDATE ON declaration FOR EACH ROW
        WHEN (NEW.declaration_id = '${own[2]}') EXECUTE FUNCTION stop_here();`);
    const asked = await on(freezeId, 'revert-approvals', { reason: REASON });
    expect([asked.status, asked.body.revert]).toMatchObject([202, { askedBy: 'approver', doneAt: null }]);
    expect((await on(freezeId, 'revert-approvals', { reason: REASON })).body.code).toBe(
      'REVERT_ASKED_ALREADY',
    );
    await soon(async () => (await shown(freezeId)).revert.reverted === 2);
    expect((await on(freezeId, 'thaw')).body.code).toBe('REVERT_UNDER_WAY');
    await soon(async () => {
      const { rows } = await world.service.database.query(
        `SELECT 1 FROM firing WHERE job = 'revert-frozen-approvals' AND error_code IS NOT NULL`,
      );
      return rows.length > 1;
    });
    await world.service.database.query('DROP TRIGGER stop_here ON declaration');
    await soon(async () => (await shown(freezeId)).revert.doneAt);
    expect((await shown(freezeId)).revert.reverted).toBe(5);
    const { rows } = await world.service.database.query(
      `SELECT declaration_id, count(*)::int AS n, min(actor) AS actor, min(reason) AS reason
       FROM declaration_history WHERE declaration_id = ANY($1) AND action = 'revert' GROUP BY 1 ORDER BY 1`,
      [ids],
    );
    expect(rows).toEqual(
      own.map((id) => ({ declaration_id: id, n: 1, actor: 'commissioner', reason: REASON })),
    );
    expect((await world.byId(ids[5]!, () => true)).status).toBe('AWAITING_COMMISSIONER_APPROVAL');
    await soon(() =>
      own.every((id) => world.events(id).filter((event) => event === 'reverted').length === 1),
    );
    expect((await on(freezeId, 'thaw')).status).toBe(200);
    const again = await world.byId(own[0]!, () => true);
    expect(
      (await world.declare(own[0]!, {}, 'declarer', Number(again.revision))).body.declarationVersion,
    ).toBe(2);
  });

  it('waits for what a run holds, and takes back what the run leaves out', async () => {
    const [out, paid] = [await approved('XFG', 'X00001'), await approved('XFG', 'X00002')];
    const run = uuidV7();
    await world.tell(requested(out, run), requested(paid, run));
    for (const id of [out, paid]) await world.byId(id, (row) => row.status === 'RELEASING');
    const { freezeId } = (await freeze('XFG', 'operator')).body;
    await on(freezeId, 'revert-approvals', { reason: REASON }, 'operator');
    await world.tell(sealed(paid, run));
    await world.byId(paid, (row) => row.status === 'SENT_TO_AGENCY');
    expect((await shown(freezeId, 'operator')).revert.doneAt).toBeNull();
    await world.tell(
      newEvent(PaymentNotIncludedV1, {
        ...payment(out, run),
        code: 'PERIOD_FROZEN',
        words: 'Frozen.',
        owedPence: null,
      }) as unknown as NewEvent,
    );
    await world.byId(out, (row) => row.status === 'AWAITING_PROVIDER_APPROVAL');
    await soon(async () => (await shown(freezeId, 'operator')).revert.doneAt);
    // What was sent is followed by its adjustment, listed for its commissioner.
    await world.tell(
      calculated({ serviceCode: 'XFG', organisationCode: 'X00002', figureRevision: 2, pence: '8000' }),
    );
    await world.declarationOf('XFG', 'X00002', () => true, 'adjustment');
    const listed = async (person: string, query = '') =>
      (await world.service.get(person, `freezes/${freezeId}/declarations${query}`)).body;
    const kinds = (items: { kind: string; status: string }[]) =>
      items.map(({ kind, status }) => `${kind} ${status}`);
    expect(kinds((await listed('approver')).items).sort()).toEqual([
      'achievement AWAITING_PROVIDER_APPROVAL',
      'achievement SENT_TO_AGENCY',
      'adjustment AWAITING_PROVIDER_APPROVAL',
    ]);
    expect(kinds((await listed('approver', '?status=SENT_TO_AGENCY')).items)).toEqual([
      'achievement SENT_TO_AGENCY',
    ]);
    expect((await listed('foreigner')).items).toEqual([]);
    const first = await listed('operator', '?limit=2');
    expect(first.items).toHaveLength(2);
    expect((await listed('operator', `?limit=2&cursor=${first.nextCursor}`)).items).toHaveLength(1);
  });

  it('has not ended beside an approved one that a run left out after the last look', async () => {
    const id = await approved('XFK', 'X00004');
    const { freezeId } = (await freeze('XFK')).body;
    const database = new Database({
      url: world.service.env['DATABASE_URL']!,
      poolSize: 1,
      applicationName: 'spec',
    });
    try {
      const freezes = new PgFreezeStore(database);
      const ended = () =>
        database.transaction(async (tx) =>
          freezes.endRevert(tx, (await freezes.lock(tx, freezeId))!, new Date()),
        );
      expect(await ended()).toBe(false);
      await on(freezeId, 'revert-approvals', { reason: REASON });
      await world.byId(id, (row) => row.status === 'AWAITING_PROVIDER_APPROVAL');
      await soon(async () => (await shown(freezeId)).revert.doneAt);
      expect(await ended()).toBe(true);
    } finally {
      await database.close();
    }
  });
});
