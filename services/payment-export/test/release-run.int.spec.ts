import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { uuidV7 } from '@attest/contracts';
import { eventually } from '@attest/testing';
import {
  aDeclaration,
  organisationChanged,
  practice,
  servicePublished,
  startPaymentsWorld,
  type PaymentsWorld,
} from './payments-world.js';

let world: PaymentsWorld;
beforeAll(async () => {
  world = await startPaymentsWorld();
}, 90_000);
afterAll(() => world?.close());
afterEach(() => {
  world.neighbours.answering = () => 'confirm';
  world.neighbours.barriersPass = true;
});

const linesOf = (fileName: string): string[] =>
  readFileSync(join(world.fileStore, fileName), 'utf8').trimEnd().split('\n').slice(1);
const endOf = (declarationId: string) =>
  eventually(() =>
    world
      .told(declarationId)
      .findLast(({ type }) => ['payment.sealed.v1', 'payment.not-included.v1'].includes(type)),
  );

describe('a release run', () => {
  it('asks behind its barrier, seals what was confirmed in one file, and tells each end', async () => {
    const [a, b, c] = [2, 0, 1].map((n) =>
      aDeclaration({ organisationCode: practice(n), pence: String(1_000 + n) }),
    );
    await world.approve(a!, b!, c!);
    const run = await world.release();
    expect(run).toMatchObject({ state: 'sealed', listed: 3, requested: 3, included: 3, notIncluded: 0 });
    const [file] = run.files;
    expect(file).toMatchObject({
      fileName: `ATTEST-XPAY-2026-07-R00${run.sequence}.csv`,
      agencyCode: 'XPAY',
      lines: 3,
      totalPence: '3003',
      payOn: '2026-08-20',
    });
    expect(linesOf(file.fileName)).toEqual(
      [b!, c!, a!].map(
        (d, n) =>
          `${n + 1},${d.declarationId},1,1,${d.organisationCode},${d.organisationCode},ATTEST-${d.organisationCode},XVI2223,2026-06-30,${d.pence},${d.organisationCode} XVI2223 2026-06-30`,
      ),
    );
    const manifest = JSON.parse(
      readFileSync(join(world.fileStore, `${file.fileName}.manifest.json`), 'utf8'),
    );
    expect(manifest).toMatchObject({ lines: 3, totalPence: '3003', sha256: file.sha256, runId: run.runId });
    const bytes = readFileSync(join(world.fileStore, file.fileName));
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(file.sha256);
    expect((await endOf(a!.declarationId)).data).toMatchObject({
      fileName: file.fileName,
      lineNumber: 3,
      pence: '1002',
      paymentVersion: 2,
      runId: run.runId,
    });
    const last = await eventually(() =>
      world.payments.find(({ type, key }) => type === 'release-run.ended.v1' && key === run.runId),
    );
    expect(last.data).toMatchObject({ outcome: 'sealed', included: 3, files: [{ sha256: file.sha256 }] });
  });

  it('finds nothing left when it runs again, and writes no file', async () => {
    const run = await world.release();
    expect(run).toMatchObject({ state: 'sealed', listed: 0, included: 0, files: [] });
  });

  it('leaves out what was refused, with its reason, and asks again next time', async () => {
    const [held, free] = [
      aDeclaration({ organisationCode: practice(3) }),
      aDeclaration({ organisationCode: practice(4) }),
    ];
    await world.approve(held, free);
    world.neighbours.answering = (d) => (d.declarationId === held.declarationId ? 'ON_HOLD' : 'confirm');
    const run = await world.release();
    expect(run).toMatchObject({ included: 1, notIncluded: 1 });
    const { body } = await world.service.get('finance', `release-runs/${run.runId}/items?state=refused`);
    expect(body.items).toEqual([
      expect.objectContaining({ declarationId: held.declarationId, code: 'ON_HOLD' }),
    ]);
    // Its confirm was refused: there is nothing to end.
    expect(world.told(held.declarationId).map(({ type }) => type)).toEqual(['payment.release-requested.v1']);
    world.neighbours.answering = () => 'confirm';
    expect(await world.release()).toMatchObject({ included: 1, notIncluded: 0 });
  });

  it('does not wait past its collecting time, and ends late confirms as not included', async () => {
    const late = aDeclaration({ organisationCode: practice(5) });
    await world.approve(late);
    world.neighbours.answering = () => 'silent';
    const run = await world.release({ collectSeconds: 1 });
    expect(run).toMatchObject({ state: 'sealed', included: 0, notIncluded: 1, files: [] });
    expect((await endOf(late.declarationId)).data).toMatchObject({
      code: 'NOT_ANSWERED',
      runId: run.runId,
      owedPence: null,
    });
    // The answer of a run that has ended counts for nothing.
    await world.neighbours.declare('declaration.confirmed.v1', {
      ...late,
      status: 'RELEASING',
      revision: 5,
      runId: run.runId,
    });
    await world.neighbours.declare('declaration.not-included.v1', { ...late, revision: 6 });
    await world.knows({ ...late, revision: 6 });
    world.neighbours.answering = () => 'confirm';
    expect(await world.release()).toMatchObject({ included: 1 });
    expect(
      world.payments.filter((e) => e.type === 'payment.sealed.v1' && e.key === late.declarationId),
    ).toHaveLength(1);
  });

  it('is aborted when its barrier does not pass, names who did not answer, and pays nothing', async () => {
    const waiting = aDeclaration({ organisationCode: practice(6) });
    await world.approve(waiting);
    world.neighbours.barriersPass = false;
    const run = await world.release({ limitSeconds: 1 });
    expect(run).toMatchObject({ state: 'aborted', listed: 0, included: 0, files: [] });
    expect(run.words).toMatch(/^Nothing was paid: .*organisations/s);
    expect(world.told(waiting.declarationId)).toEqual([]);
    const last = await eventually(() =>
      world.payments.find(({ type, key }) => type === 'release-run.ended.v1' && key === run.runId),
    );
    expect(last.data).toMatchObject({ outcome: 'aborted', files: [], included: 0 });
    // All of it rolls over.
    world.neighbours.barriersPass = true;
    expect(await world.release()).toMatchObject({ included: 1 });
  });

  it('is the only one under way', async () => {
    world.neighbours.barriersPass = false;
    const answers = await Promise.all([
      world.startRun({ limitSeconds: 1 }),
      world.startRun({ limitSeconds: 1 }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 409]);
    const refused = answers.find(({ status }) => status === 409)!;
    expect(refused.body.code).toBe('RUN_UNDER_WAY');
    await world.ended(answers.find(({ status }) => status === 202)!.body.runId as string);
  });

  it('snapshots payee and account when it asks', async () => {
    const before = aDeclaration({ organisationCode: practice(7) });
    await world.approve(before);
    const payee = { payeeCode: 'XPAYEE', payeeName: 'Made-up payee', accountReference: '=ATTEST, "new"' };
    await world.neighbours.publish([organisationChanged(practice(7), 2, payee)]);
    await eventually(async () => {
      const { rows } = await world.service.database.query(`SELECT 1 FROM payee WHERE payee_code = 'XPAYEE'`);
      return rows.length === 1;
    });
    const run = await world.release();
    // Text that a spreadsheet would run is made text; the amount stays digits.
    expect(linesOf(run.files[0].fileName)[0]).toContain(
      `,XPAYEE,"'=ATTEST, ""new""",XVI2223,2026-06-30,12072,`,
    );
  });

  it('writes one file per agency, each complete in itself', async () => {
    await world.neighbours.publish([servicePublished('XSBS', { agencyCode: 'XOTHER' })]);
    await eventually(async () => {
      const { rows } = await world.service.database.query(
        `SELECT 1 FROM service_routing WHERE service_code = 'XSBS'`,
      );
      return rows.length === 1;
    });
    const [pcse, sbs] = [
      aDeclaration({ organisationCode: practice(8), pence: '100' }),
      aDeclaration({ organisationCode: practice(8), pence: '200', serviceCode: 'XSBS' }),
    ];
    await world.approve(pcse, sbs);
    const run = await world.release();
    expect(
      run.files.map((f: { agencyCode: string; totalPence: string }) => [f.agencyCode, f.totalPence]).sort(),
    ).toEqual([
      ['XOTHER', '200'],
      ['XPAY', '100'],
    ]);
  });

  it.each([
    ['PAYEE_MISSING', { organisationCode: 'X09999' }],
    ['SERVICE_UNKNOWN', { serviceCode: 'XNONE' }],
    ['CALENDAR_MISSING', { achievementDate: '2026-05-31' }],
  ])('says %s where something to pay with is missing, and pays the rest', async (code, changes) => {
    const lacking = aDeclaration({ organisationCode: practice(9), ...changes });
    const whole = aDeclaration({ organisationCode: practice(10), achievementDate: '2026-06-30' });
    await world.approve(lacking, whole);
    const run = await world.release();
    expect(run.included).toBe(1);
    const { body } = await world.service.get('finance', `release-runs/${run.runId}/items?state=not-included`);
    const item = body.items.find(
      (one: { declarationId: string }) => one.declarationId === lacking.declarationId,
    );
    expect(item).toMatchObject({ code, words: expect.stringMatching(/next run\.$/) });
    expect((await endOf(lacking.declarationId)).data.code).toBe(code);
    // Gone from later specs.
    await world.neighbours.declare('declaration.reopened.v1', {
      ...lacking,
      status: 'AWAITING_PROVIDER_APPROVAL',
      revision: 9,
    });
    await world.knows({ ...lacking, revision: 9 });
  });

  it('gives £0 no line, and less than that none either: it is taken over as a debt', async () => {
    const nil = aDeclaration({ organisationCode: practice(11), pence: '0' });
    const recovery = aDeclaration({ organisationCode: practice(11), pence: '-500', kind: 'adjustment' });
    await world.approve(nil, recovery);
    expect(await world.release()).toMatchObject({ listed: 1, included: 0, netted: 1, notIncluded: 0 });
  });

  it('pays nothing whose payee or amount could not be read', async () => {
    const parked = aDeclaration({ organisationCode: practice(12) });
    await world.approve(parked);
    await world.neighbours.publishPoison('organisations', 'organisation.changed.v1', practice(12));
    await eventually(async () => {
      const { rows } = await world.service.database.query(`SELECT 1 FROM blocked_key WHERE key = $1`, [
        practice(12),
      ]);
      return rows.length === 1;
    });
    const run = await world.release();
    expect(run).toMatchObject({ included: 0, notIncluded: 1 });
    expect((await endOf(parked.declarationId)).data.code).toBe('UPSTREAM_EVENT_PARKED');
  });

  it('keeps its files as they are: the database refuses to change a line, an entry or a sealed file', async () => {
    const { database } = world.service;
    const changes = [
      'UPDATE sealed_line SET pence = pence + 1',
      'DELETE FROM sealed_line',
      'TRUNCATE sealed_line',
      'UPDATE ledger_entry SET pence = 0',
      'DELETE FROM ledger_entry',
      'TRUNCATE ledger_entry',
      `UPDATE acknowledgement_line SET code = 'x'`,
      'DELETE FROM acknowledgement_line',
      'TRUNCATE acknowledgement_line',
      `UPDATE sealed_file SET sha256 = 'x'`,
      'DELETE FROM sealed_file',
    ];
    for (const change of changes)
      await expect(database.query(change)).rejects.toMatchObject({ code: '42501' });
    // The one thing that it may note, it notes once.
    await expect(database.query('UPDATE sealed_file SET stored_at = now()')).rejects.toMatchObject({
      code: '23001',
    });
    // Nor does giving itself the right help.
    const tables = 'sealed_line, ledger_entry, acknowledgement_line, sealed_file';
    await database.query(`GRANT UPDATE, DELETE, TRUNCATE ON ${tables} TO CURRENT_USER`);
    for (const change of changes)
      await expect(database.query(change)).rejects.toMatchObject({ code: '23001' });
    await database.query(`REVOKE UPDATE, DELETE, TRUNCATE ON ${tables} FROM CURRENT_USER`);
    await database.query('GRANT UPDATE (stored_at) ON sealed_file TO CURRENT_USER');
  });

  it('names every file by its run alone, and no name twice', () => {
    const names = readdirSync(world.fileStore).filter((name) => name.endsWith('.csv'));
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^ATTEST-(XPAY|XOTHER)-2026-07-R\d{3}\.csv$/);
  });
});

describe('starting a run', () => {
  it.each([
    ['a period that no calendar knows', { paymentPeriod: '2062-07' }, 422, 'PAYMENT_PERIOD_UNKNOWN'],
    ['a period that is none', { paymentPeriod: '2026-13' }, 400, 'REQUEST_FAULTY'],
    ['no time to collect', { collectSeconds: 0 }, 400, 'REQUEST_FAULTY'],
    ['an unknown property', { agency: 'XPAY' }, 400, 'REQUEST_FAULTY'],
  ])('is refused with %s', async (_, body, status, code) => {
    const answer = await world.startRun(body);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  it.each([
    ['finance.a', 'NOT_YOUR_ORGANISATION'],
    ['agency', 'ROLE_MISSING'],
    ['declarer', 'ROLE_MISSING'],
  ])('is refused to %s', async (personId, code) => {
    const { status, body } = await world.service.post(personId, 'release-runs', { paymentPeriod: '2026-07' });
    expect([status, body.code]).toEqual([403, code]);
  });

  it('needs an idempotency key, and gives a repeat the same run', async () => {
    const missing = await world.service.post(
      'finance',
      'release-runs',
      { paymentPeriod: '2026-07' },
      { 'idempotency-key': '' },
    );
    expect(missing.body.code).toBe('IDEMPOTENCY_KEY_MISSING');
    const key = { 'idempotency-key': uuidV7() };
    const body = { paymentPeriod: '2026-07' };
    const first = await world.service.post('operator', 'release-runs', body, key);
    const second = await world.service.post('operator', 'release-runs', body, key);
    expect(second.body.runId).toBe(first.body.runId);
    await world.ended(first.body.runId as string);
  });
});

describe('reading runs', () => {
  it('counts for a commissioner what is its own', async () => {
    const [mine, theirs] = [
      aDeclaration({ organisationCode: practice(13) }),
      aDeclaration({ organisationCode: practice(23), commissionerCode: 'XQB' }),
    ];
    await world.approve(mine, theirs);
    const { runId, included } = await world.release();
    expect(included).toBe(2);
    const { body } = await world.service.get('finance.a', `release-runs/${runId}`);
    expect(body).toMatchObject({ included: 1, files: [], words: null });
    const items = await world.service.get('finance.a', `release-runs/${runId}/items?state=included`);
    expect(items.body.items.map((item: { declarationId: string }) => item.declarationId)).toEqual([
      mine.declarationId,
    ]);
    const practiceOnly = await world.service.get('declarer', `release-runs/${runId}/items`);
    expect(practiceOnly.status).toBe(403);
  });

  it('is paged by cursor, and refuses a cursor of another list', async () => {
    const first = await world.service.get('finance', 'release-runs?limit=2');
    const second = await world.service.get('finance', `release-runs?limit=2&cursor=${first.body.nextCursor}`);
    const ids = [...first.body.items, ...second.body.items].map((run: { runId: string }) => run.runId);
    expect(new Set(ids).size).toBe(4);
    const other = Buffer.from(JSON.stringify(['not a run'])).toString('base64url');
    const faulty = await world.service.get('finance', `release-runs?cursor=${other}`);
    expect([faulty.status, faulty.body.code]).toEqual([400, 'CURSOR_FAULTY']);
  });

  it('tells whoever asks for a run that is none', async () => {
    const { status, body } = await world.service.get('finance', `release-runs/${uuidV7()}`);
    expect([status, body.code]).toEqual([404, 'UNKNOWN_RUN']);
  });
});
