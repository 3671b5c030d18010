import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { uuidV7, type DeclarationState } from '@attest/contracts';
import { eventually } from '@attest/testing';
import { accept, linesIn, reject, type Line } from './answer-lines.js';
import { aDeclaration, practice, startPaymentsWorld, type PaymentsWorld } from './payments-world.js';

let world: PaymentsWorld;
let fileName: string;
const lines: Line[] = [];
const paid: DeclarationState[] = Array.from({ length: 20 }, (_, n) =>
  aDeclaration({ organisationCode: practice(n), pence: String(10_000 + n) }),
);

const resultsOf = async (fileId: string, query = '', personId = 'agency') =>
  (await world.service.get(personId, `acknowledgement-files/${fileId}/lines?limit=500${query}`)).body.items;
const toldOf = (declarationId: string, type: string) =>
  world.told(declarationId).filter((event) => event.type === `payment.${type}.v1`);
const accountOf = async (n: number) =>
  (await world.service.get('finance', `accounts/${practice(n)}/XVI2223`)).body;

beforeAll(async () => {
  world = await startPaymentsWorld({ ACKNOWLEDGEMENT_FILE_MOST_BYTES: '100000' });
  await world.approve(...paid);
  const run = await world.release();
  fileName = run.files[0].fileName;
  lines.push(...linesIn(world.fileStore, fileName));
});
afterAll(() => world?.close());

describe('an agency', () => {
  it('lists its files, and reads bytes and manifest', async () => {
    const { body } = await world.service.get('agency', 'payment-files');
    expect(body.items).toEqual([expect.objectContaining({ fileName, lines: 20, totalPence: '200190' })]);
    const bytes = await world.service.get('agency', `payment-files/${fileName}`);
    expect(bytes.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    const sha256 = createHash('sha256')
      .update(bytes.body as string)
      .digest('hex');
    expect(bytes.headers.get('etag')).toBe(`"${sha256}"`);
    const manifest = await world.service.get('agency', `payment-files/${fileName}/manifest`);
    expect(manifest.body).toMatchObject({ sha256, lines: 20, totalPence: '200190', payOn: '2026-08-20' });
    const again = await world.service.get('agency', `payment-files/${fileName}`, {
      'if-none-match': `"${sha256}"`,
    });
    expect(again.status).toBe(304);
  });

  it.each(['', '/manifest'])("never sees another agency's file%s", async (part) => {
    const { status, body } = await world.service.get('other.agency', `payment-files/${fileName}${part}`);
    expect([status, body.code]).toEqual([404, 'UNKNOWN_PAYMENT_FILE']);
    expect((await world.service.get('other.agency', 'payment-files')).body.items).toEqual([]);
  });

  it.each(['finance', 'declarer', 'operator'])('is nobody else: %s reads no file', async (personId) => {
    const { status, body } = await world.service.get(personId, `payment-files/${fileName}`);
    expect([status, body.code]).toEqual([403, 'ROLE_MISSING']);
  });

  it('is not served bytes that were changed or are gone', async () => {
    const path = join(world.fileStore, fileName);
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.toString().replace(',10000,', ',99999,'));
    expect((await world.service.get('agency', `payment-files/${fileName}`)).body.code).toBe(
      'SEALED_FILE_DIFFERS',
    );
    writeFileSync(path, bytes);
    expect((await world.service.get('agency', `payment-files/${fileName}`)).status).toBe(200);
  });
});

describe('an acknowledgement file', () => {
  it('is applied line by line, in any order', async () => {
    const answers = [accept(lines[1]!), reject(lines[2]!, 'Closed, says "" the bank'), accept(lines[0]!)];
    const { status, body } = await world.acknowledge(answers, 'day1.csv');
    expect(status).toBe(201);
    expect(body).toMatchObject({ lines: 3, applied: 3, repeated: 0, quarantined: 0, repeatedFile: false });
    const acknowledged = await eventually(() => toldOf(lines[0]!.id, 'acknowledged')[0]);
    expect(acknowledged.data).toMatchObject({
      fileName,
      lineNumber: 1,
      pence: lines[0]!.pence,
      paymentVersion: 3,
    });
    const rejection = await eventually(() => toldOf(lines[2]!.id, 'rejected')[0]);
    expect(rejection.data).toMatchObject({ reasonCode: 'AC04', reason: 'Closed, says " the bank' });
    expect((await accountOf(0)).achievements[0]).toMatchObject({
      entitlement: '10000',
      paid: '10000',
      owed: '0',
    });
    expect((await accountOf(2)).achievements[0]).toMatchObject({
      sealed: '10002',
      rejected: '10002',
      owed: '10002',
    });
  });

  it('that comes again gets the same receipt, whatever it is called, and changes nothing', async () => {
    const answers = [accept(lines[3]!)];
    const first = await world.acknowledge(answers, 'day2.csv');
    const second = await world.acknowledge(answers, 'day2-again.csv');
    expect(second.body).toEqual({ ...first.body, repeatedFile: true });
    await eventually(() => toldOf(lines[3]!.id, 'acknowledged').length === 1);
    expect((await accountOf(3)).entries.items.map((entry: { kind: string }) => entry.kind)).toEqual([
      'entitlement',
      'sealed',
      'paid',
    ]);
  });

  it('sent twice at the same moment is applied once', async () => {
    const answers = [accept(lines[4]!), accept(lines[5]!)];
    const [a, b] = await Promise.all([
      world.acknowledge(answers, 'both.csv'),
      world.acknowledge(answers, 'both.csv'),
    ]);
    expect([a!.body.repeatedFile, b!.body.repeatedFile].sort()).toEqual([false, true]);
    const [c, d] = await Promise.all([
      world.acknowledge([accept(lines[6]!), accept(lines[7]!)], 'c.csv'),
      world.acknowledge([accept(lines[7]!), accept(lines[6]!)], 'd.csv'),
    ]);
    expect([c!.body.applied + d!.body.applied, c!.body.repeated + d!.body.repeated]).toEqual([2, 2]);
  });

  it('repeats what another said: a repeat, also twice in one file; what contradicts it is kept aside', async () => {
    const answers = [accept(lines[8]!), accept(lines[8]!), accept(lines[1]!), reject(lines[0]!)];
    const { body } = await world.acknowledge(answers, 'contradict.csv');
    expect(body).toMatchObject({ applied: 1, repeated: 2, quarantined: 1 });
    expect(await resultsOf(body.fileId as string)).toMatchObject([
      { line: 2, state: 'applied', code: null },
      { line: 3, state: 'repeated', code: null },
      { line: 4, state: 'repeated', code: null },
      { line: 5, state: 'quarantined', code: 'ANSWERS_CONTRADICT', text: answers[3] },
    ]);
    expect((await accountOf(0)).achievements[0]).toMatchObject({ rejected: '0', paid: '10000' });
  });

  it.each([
    ['LINE_MALFORMED', 'a truncated line', () => accept(lines[9]!).slice(0, 40)],
    [
      'LINE_MALFORMED',
      'a quote that does not close',
      () => accept(lines[9]!).replace('ACCEPTED,,', 'REJECTED,A,"b'),
    ],
    ['LINE_MALFORMED', 'decimal pence', () => accept(lines[9]!, { pence: '100.09' })],
    ['LINE_MALFORMED', 'a NUL', () => `${accept(lines[9]!)}\0`],
    ['LINE_UNKNOWN', 'another line number', () => accept(lines[9]!, { number: '11' })],
    ['LINE_UNKNOWN', 'another declaration', () => accept(lines[9]!, { id: uuidV7() })],
    ['LINE_UNKNOWN', 'another attempt', () => accept(lines[9]!, { attempt: '2' })],
    ['LINE_UNKNOWN', 'another file', () => accept(lines[9]!, { fileName: 'ATTEST-XPAY-2026-07-R999.csv' })],
    ['AMOUNT_DIFFERS', 'another amount', () => accept(lines[9]!, { pence: '10010' })],
    ['OUTCOME_UNKNOWN', 'another outcome', () => accept(lines[9]!).replace('ACCEPTED', 'PENDING')],
    ['REASON_MISSING', 'a rejection without reason', () => accept(lines[9]!).replace('ACCEPTED', 'REJECTED')],
    ['REASON_TOO_LONG', 'a reason without end', () => reject(lines[9]!, 'x'.repeat(1_001))],
    ['PATIENT_IDENTIFIER_FOUND', 'an NHS number', () => reject(lines[9]!, 'For 943 476 5919')],
  ])('keeps aside with %s a line with %s, and applies the one beside it', async (code, _, text) => {
    const line = text();
    const { body } = await world.acknowledge([line, accept(lines[1]!)], 'quarantine.csv');
    expect(body).toMatchObject({ lines: 2, applied: 0, repeated: 1, quarantined: 1 });
    const [kept] = await resultsOf(body.fileId as string, '&state=quarantined');
    expect(kept).toMatchObject({ line: 2, code, words: expect.stringMatching(/\.$/) });
    expect(kept.text).toBe(
      code === 'PATIENT_IDENTIFIER_FOUND' ? '[not kept]' : line.replaceAll('\0', '\uFFFD'),
    );
    expect((await accountOf(9)).achievements[0]).toMatchObject({ paid: '0', rejected: '0' });
    expect(JSON.stringify(kept)).not.toContain('5919');
    if (code !== 'PATIENT_IDENTIFIER_FOUND') return;
    // What line it is of is no patient's number.
    const { body: aside } = await world.service.get('finance', 'acknowledgement-files/quarantined-answers');
    expect(aside.items[0]).toMatchObject({
      code,
      text: '[not kept]',
      declarationId: lines[9]!.id,
      attempt: 1,
    });
  });

  it('of blank spreadsheet rows is no answer: they are counted in the receipt, and none is kept', async () => {
    const blank = Array.from({ length: 300 }, () => ',,,,,,,');
    const { body } = await world.acknowledge([accept(lines[1]!), ...blank], 'blank.csv');
    expect(body).toMatchObject({ lines: 1, repeated: 1, quarantined: 0, blank: 300 });
    expect(await resultsOf(body.fileId as string)).toHaveLength(1);
    const { body: receipt } = await world.service.get('agency', `acknowledgement-files/${body.fileId}`);
    expect(receipt).toMatchObject({ lines: 1, blank: 300 });
  });

  it('that was repaired is applied', async () => {
    const { body } = await world.acknowledge([accept(lines[9]!)], 'repaired.csv');
    expect(body).toMatchObject({ applied: 1, quarantined: 0 });
  });

  it("of another agency knows none of this agency's lines", async () => {
    const { body } = await world.acknowledge([accept(lines[10]!)], 'theirs.csv', 'other.agency');
    expect(body).toMatchObject({ agencyCode: 'XOTHER', applied: 0, quarantined: 1 });
    expect((await resultsOf(body.fileId as string, '', 'other.agency'))[0].code).toBe('LINE_UNKNOWN');
    const read = await world.service.get('agency', `acknowledgement-files/${body.fileId}`);
    expect([read.status, read.body.code]).toEqual([404, 'UNKNOWN_ACKNOWLEDGEMENT_FILE']);
    const readLines = await world.service.get('agency', `acknowledgement-files/${body.fileId}/lines`);
    expect(readLines.status).toBe(404);
  });

  it.each([
    ['FILE_EMPTY', 422, '', 'a.csv', 'agency'],
    ['HEADER_WRONG', 422, 'a,b\n1,2\n', 'a.csv', 'agency'],
    ['FILE_NOT_UTF8', 422, Buffer.from([0xff, 0xfe]), 'a.csv', 'agency'],
    ['FILE_TOO_LARGE', 413, 'x'.repeat(100_001), 'a.csv', 'agency'],
    ['PATIENT_IDENTIFIER_FOUND', 422, 'x', '9434765919.csv', 'agency'],
    ['REQUEST_FAULTY', 400, 'x', '../a.csv', 'agency'],
    ['AGENCY_UNKNOWN', 422, 'x', 'a.csv', 'both.agencies'],
    ['ROLE_MISSING', 403, 'x', 'a.csv', 'finance'],
  ])('is refused whole with %s', async (code, status, bytes, name, personId) => {
    const answer = await world.service.post(
      personId,
      `acknowledgement-files?fileName=${encodeURIComponent(name)}`,
      bytes,
      { 'content-type': 'text/csv' },
    );
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  it('of whoever acts for several agencies names the one, and only one of theirs', async () => {
    const send = (personId: string, agencyCode: string) =>
      world.service.post(
        personId,
        `acknowledgement-files?fileName=n.csv&agencyCode=${agencyCode}`,
        `${['file_name,line_number,declaration_id,attempt,amount_pence,outcome,reason_code,reason', accept(lines[0]!)].join('\n')}\n`,
        { 'content-type': 'text/csv' },
      );
    expect((await send('both.agencies', 'XPAY')).body).toMatchObject({ agencyCode: 'XPAY', repeated: 1 });
    const other = await send('agency', 'XOTHER');
    expect([other.status, other.body.code]).toEqual([404, 'ORGANISATION_UNKNOWN']);
  });

  it('needs an idempotency key; another body under the same one is refused', async () => {
    const key = { 'content-type': 'text/csv', 'idempotency-key': uuidV7() };
    const path = 'acknowledgement-files?fileName=key.csv';
    const header = 'file_name,line_number,declaration_id,attempt,amount_pence,outcome,reason_code,reason';
    const first = await world.service.post('agency', path, `${header}\n${accept(lines[0]!)}\n`, key);
    const again = await world.service.post('agency', path, `${header}\n${accept(lines[0]!)}\n`, key);
    expect(again.body).toEqual(first.body);
    const other = await world.service.post('agency', path, `${header}\n${accept(lines[1]!)}\n`, key);
    expect([other.status, other.body.code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
  });
});

describe('what stands in quarantine', () => {
  const listed = async (personId: string, query = '') =>
    (await world.service.get(personId, `acknowledgement-files/quarantined-answers?limit=500${query}`)).body
      .items;
  // Of practice 12, of practice 13 and of nobody.
  const sent: string[] = [];
  beforeAll(async () => {
    sent.push(
      accept(lines[12]!, { pence: '1' }),
      reject(lines[13]!, 'x'.repeat(1_001)),
      'what is this',
      accept(lines[14]!),
    );
    const { body } = await world.acknowledge(sent, 'aside.csv');
    expect(body).toMatchObject({ applied: 1, quarantined: 3 });
    await world.acknowledge([accept(lines[13]!)], 'repaired-13.csv');
  });

  it('is listed for the finance people of England, with the payment that it names and what became of it', async () => {
    expect((await listed('finance')).slice(0, 3)).toMatchObject([
      {
        fileName: 'aside.csv',
        agencyCode: 'XPAY',
        line: 2,
        code: 'AMOUNT_DIFFERS',
        words: expect.stringMatching(/\.$/),
        text: sent[0],
        declarationId: lines[12]!.id,
        providerCode: practice(12),
        commissionerCode: 'XQA',
        serviceCode: 'XVI2223',
        achievementDate: '2026-06-30',
        attempt: 1,
        lineState: 'unanswered',
        newestAttempt: 1,
        newestLineState: 'unanswered',
      },
      { line: 3, code: 'REASON_TOO_LONG', declarationId: lines[13]!.id, lineState: 'acknowledged' },
      { line: 4, code: 'LINE_MALFORMED', text: 'what is this', declarationId: null, lineState: null },
    ]);
    expect(await listed('operator')).toEqual(await listed('finance'));
  });

  it('is asked for by its code, and by whether its payment still waits for an answer', async () => {
    const waiting = await listed('finance', '&lineState=unanswered&code=AMOUNT_DIFFERS');
    expect(waiting.map((one: { declarationId: string }) => one.declarationId)).toEqual([lines[12]!.id]);
    const faulty = await world.service.get('finance', 'acknowledgement-files/quarantined-answers?code=NONE');
    expect([faulty.status, faulty.body.code]).toEqual([400, 'REQUEST_FAULTY']);
  });

  it('is seen by a commissioner of its own providers alone, and not by those who have no role for it', async () => {
    const own = await listed('finance.a');
    expect(own.slice(0, 2).map((one: { line: number }) => one.line)).toEqual([2, 3]);
    expect(own.every((one: { commissionerCode: string }) => one.commissionerCode === 'XQA')).toBe(true);
    expect(await listed('finance.b')).toEqual([]);
    for (const personId of ['agency', 'declarer']) {
      const { status, body } = await world.service.get(personId, 'acknowledgement-files/quarantined-answers');
      expect([status, body.code]).toEqual([403, 'ROLE_MISSING']);
    }
  });

  it('comes page by page', async () => {
    const whole = await listed('finance');
    const seen: unknown[] = [];
    for (let cursor = ''; ;) {
      const path = `acknowledgement-files/quarantined-answers?limit=2${cursor}`;
      const { body } = await world.service.get('finance', path);
      seen.push(...body.items);
      if (!body.nextCursor) break;
      cursor = `&cursor=${body.nextCursor}`;
    }
    expect(seen).toEqual(whole);
    expect(whole.length).toBeGreaterThan(3);
  });
});

describe('a rejected line', () => {
  it('is paid by its next attempt, once it was corrected, under a new identity', async () => {
    const rejected = world.neighbours.declarations.get(lines[2]!.id)!;
    await eventually(() => world.neighbours.declarations.get(lines[2]!.id)!.status === 'REJECTED_BY_AGENCY');
    expect(await world.release()).toMatchObject({ listed: 0, files: [] });
    const corrected: DeclarationState = {
      ...world.neighbours.declarations.get(rejected.declarationId)!,
      status: 'FINANCIALLY_APPROVED',
      attempt: 2,
      runId: null,
      revision: 20,
    };
    await world.neighbours.declare('declaration.corrected.v1', corrected);
    await world.knows(corrected);
    const run = await world.release();
    const [line] = linesIn(world.fileStore, run.files[0].fileName as string);
    expect(line).toMatchObject({ id: rejected.declarationId, attempt: '2', pence: '10002' });
    const { body } = await world.acknowledge([accept(line!)], 'second.csv');
    expect(body.applied).toBe(1);
    expect((await accountOf(2)).achievements[0]).toMatchObject({
      entitlement: '10002',
      sealed: '20004',
      rejected: '10002',
      paid: '10002',
      owed: '0',
    });
    // The first attempt's answer does not change any more.
    const late = await world.acknowledge([accept(lines[2]!)], 'late.csv');
    expect((await resultsOf(late.body.fileId as string))[0].code).toBe('ANSWERS_CONTRADICT');
    // It may mean that both were paid, so finance sees the attempt that it speaks of beside the newest one.
    const { body: aside } = await world.service.get('finance', 'acknowledgement-files/quarantined-answers');
    expect(aside.items[0]).toMatchObject({
      declarationId: rejected.declarationId,
      attempt: 1,
      lineState: 'rejected',
      newestAttempt: 2,
      newestLineState: 'acknowledged',
    });
  });
});

describe('an account', () => {
  it('is read with its entries, paged', async () => {
    const { body } = await world.service.get('finance.a', `accounts/${practice(2)}/XVI2223?limit=2`);
    expect(body.entries.items).toHaveLength(2);
    const next = await world.service.get(
      'finance.a',
      `accounts/${practice(2)}/XVI2223?limit=2&cursor=${body.entries.nextCursor}`,
    );
    expect([...body.entries.items, ...next.body.entries.items].map((e: { kind: string }) => e.kind)).toEqual([
      'entitlement',
      'sealed',
      'rejected',
      'sealed',
    ]);
  });

  it('is read by its provider and commissioner, and by nobody beside them', async () => {
    expect((await world.service.get('declarer', `accounts/${practice(0)}/XVI2223`)).status).toBe(200);
    for (const [personId, n] of [
      ['declarer', 1],
      ['finance.b', 0],
    ] as const) {
      const { status, body } = await world.service.get(personId, `accounts/${practice(n)}/XVI2223`);
      expect([status, body.code]).toEqual([404, 'UNKNOWN_ACCOUNT']);
    }
    expect((await world.service.get('agency', `accounts/${practice(0)}/XVI2223`)).status).toBe(403);
  });

  it('that has no entry is none', async () => {
    const { status, body } = await world.service.get('finance', `accounts/${practice(0)}/XNONE`);
    expect([status, body.code]).toEqual([404, 'UNKNOWN_ACCOUNT']);
  });
});
