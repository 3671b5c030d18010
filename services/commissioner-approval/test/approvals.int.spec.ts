import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  ApprovalRefusedV1,
  DeclarationApprovedV1,
  DeclarationDeclaredV1,
  DeclarationFinanceRefusedV1,
  newEvent,
  uuidV7,
  type DeclarationState,
} from '@attest/contracts';
import { eventually, startServiceUnderTest, type SeenEvent, type ServiceUnderTest } from '@attest/testing';
import { commissionerApproval } from '../src/index.js';
import { aDeclaration, aHold, fact } from './a-declaration.js';

let service: ServiceUnderTest;
let approvals: readonly SeenEvent[];

/** Declares them and waits until each is a task. */
async function declared(...declarations: DeclarationState[]): Promise<void> {
  await service.topics.publish(
    declarations.map((declaration) => newEvent(DeclarationDeclaredV1, { declaration, fact: fact() })),
  );
  await eventually(async () => {
    const { rows } = await service.database.query(
      'SELECT 1 FROM approval_task WHERE declaration_id = ANY($1)',
      [declarations.map((d) => d.declarationId)],
    );
    return rows.length === declarations.length;
  });
}

const sign = (personId: string, declarationId: string, body: object = {}, headers?: Record<string, string>) =>
  service.post(
    personId,
    `approval-tasks/${declarationId}/sign`,
    { stage: 'commissioner', declarationVersion: '1', ...body },
    headers,
  );

const SOON = { withinMs: 20_000, everyMs: 50 };

beforeAll(async () => {
  service = await startServiceUnderTest(commissionerApproval);
  approvals = await service.topics.collect('approvals');
  await service.know(
    [
      { code: 'XQA', kind: 'commissioner' },
      { code: 'XQB', kind: 'commissioner' },
      { code: 'X00001', kind: 'practice', commissionerCode: 'XQA', ancestors: ['XQA', 'ENGLAND'] },
    ],
    [
      { personId: 'approver', role: 'APPROVAL_MANAGEMENT', organisationCode: 'XQA' },
      { personId: 'second', role: 'APPROVAL_MANAGEMENT', organisationCode: 'XQA' },
      { personId: 'finance', role: 'FINANCE_MANAGEMENT', organisationCode: 'XQA' },
      { personId: 'stranger', role: 'APPROVAL_MANAGEMENT', organisationCode: 'XQB' },
      { personId: 'declarer', role: 'APPROVAL_MANAGEMENT', organisationCode: 'XQA' },
      { personId: 'viewer', role: 'VIEW', organisationCode: 'XQA' },
    ],
  );
});
afterAll(() => service?.close());

describe('a task', () => {
  it('is listed to the commissioner for whose signature it waits, and to nobody else', async () => {
    const declaration = aDeclaration();
    await declared(declaration);
    const mine = await service.get('approver', 'approval-tasks?stage=commissioner&limit=500');
    expect(mine.body.items.map((task: { declarationId: string }) => task.declarationId)).toContain(
      declaration.declarationId,
    );
    const theirs = await service.get('stranger', 'approval-tasks?limit=500');
    expect(theirs.body.items).toEqual([]);
  });

  it('is paged by cursor', async () => {
    await declared(aDeclaration(), aDeclaration(), aDeclaration());
    const first = await service.get('approver', 'approval-tasks?limit=2');
    const second = await service.get('approver', `approval-tasks?limit=2&cursor=${first.body.nextCursor}`);
    const ids = [...first.body.items, ...second.body.items].map(
      (task: { declarationId: string }) => task.declarationId,
    );
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThan(2);
  });
});

describe('a signature', () => {
  it('is pending until declaration-workflow applies it', async () => {
    const declaration = aDeclaration();
    await declared(declaration);
    const { status, body } = await sign('approver', declaration.declarationId);
    expect(status).toBe(202);
    const event = await eventually(() => approvals.find((e) => e.data.approvalId === body.approvalId));
    expect(event).toMatchObject({
      type: 'approval.signed.v1',
      key: declaration.declarationId,
      data: {
        stage: 'commissioner',
        personId: 'approver',
        forOrganisation: 'XQA',
        declarationVersion: 1,
        approvalVersion: 1,
      },
    });
    expect((await sign('second', declaration.declarationId)).body.code).toBe('SIGNATURE_PENDING');

    await service.topics.publish([
      newEvent(DeclarationApprovedV1, {
        declaration: {
          ...declaration,
          status: 'AWAITING_FINANCE_APPROVAL',
          revision: 3,
          commissionerSignedBy: 'approver',
        },
        fact: fact(body.approvalId as string),
      }),
    ]);
    await eventually(async () => {
      const { rows } = await service.database.query('SELECT state FROM signature WHERE approval_id = $1', [
        body.approvalId,
      ]);
      return rows[0].state === 'applied';
    });
    expect((await sign('approver', declaration.declarationId, { stage: 'finance' })).body.code).toBe(
      'NOT_YOUR_ORGANISATION',
    );
    expect((await sign('finance', declaration.declarationId, { stage: 'finance' })).status).toBe(202);
  });

  it('that was refused frees its task for another', async () => {
    const declaration = aDeclaration();
    await declared(declaration);
    const { body } = await sign('approver', declaration.declarationId);
    await service.topics.publish([
      newEvent(ApprovalRefusedV1, {
        approvalId: body.approvalId as string,
        declarationId: declaration.declarationId,
        declarationVersion: 1,
        stage: 'commissioner',
        code: 'ON_HOLD',
        words: 'It is on hold.',
        revision: 2,
      }),
    ]);
    await eventually(async () => (await sign('second', declaration.declarationId)).status === 202);
  });

  it('is given again when finance has sent the declaration back', async () => {
    const declaration = aDeclaration();
    await declared(declaration);
    const { body } = await sign('approver', declaration.declarationId);
    const applied = {
      ...declaration,
      status: 'AWAITING_FINANCE_APPROVAL' as const,
      revision: 3,
      commissionerSignedBy: 'approver',
    };
    const sentBack = { ...declaration, revision: 4 };
    await service.topics.publish([
      newEvent(DeclarationApprovedV1, { declaration: applied, fact: fact(body.approvalId as string) }),
      newEvent(DeclarationFinanceRefusedV1, { declaration: sentBack, fact: fact() }),
    ]);
    await eventually(async () => (await sign('second', declaration.declarationId)).status === 202);
  });

  it('of two people at once is taken from one', async () => {
    const declaration = aDeclaration();
    await declared(declaration);
    const answers = await Promise.all(
      ['approver', 'second'].map((person) => sign(person, declaration.declarationId)),
    );
    expect(answers.map((answer) => answer.status).sort()).toEqual([202, 409]);
  });

  it('repeated with its idempotency key is given once', async () => {
    const declaration = aDeclaration();
    await declared(declaration);
    const key = { 'idempotency-key': uuidV7() };
    const first = await sign('approver', declaration.declarationId, {}, key);
    const again = await sign('approver', declaration.declarationId, {}, key);
    expect(again).toMatchObject({ status: 202, body: first.body });
    expect(
      (await sign('approver', declaration.declarationId, { declarationVersion: '2' }, key)).body.code,
    ).toBe('IDEMPOTENCY_KEY_REUSED');
  });

  it.each([
    ['UNKNOWN_DECLARATION', 404, 'approver', {}, undefined],
    ['VERSION_SUPERSEDED', 412, 'approver', { declarationVersion: '2' }, {}],
    ['WRONG_STAGE', 409, 'finance', { stage: 'finance' }, {}],
    ['UNKNOWN_DECLARATION', 404, 'stranger', {}, {}],
    ['SAME_PERSON', 403, 'declarer', {}, {}],
    ['ON_HOLD', 409, 'approver', {}, { holds: [aHold()] }],
    ['AWAITING_AGGREGATION', 409, 'approver', {}, { awaitingAggregation: true }],
  ] as const)('is refused with %s', async (code, status, person, body, changes) => {
    const declaration = aDeclaration(changes as Partial<DeclarationState> | undefined);
    if (changes) await declared(declaration);
    expect(await sign(person, declaration.declarationId, body)).toMatchObject({ status, body: { code } });
    const { rows } = await service.database.query('SELECT 1 FROM signature WHERE declaration_id = $1', [
      declaration.declarationId,
    ]);
    expect(rows).toEqual([]);
  });

  it.each([
    ['an unknown stage', { stage: 'king' }],
    ['a version that is no number', { declarationVersion: 'x' }],
    ['a field that nobody knows', { pence: '1' }],
  ])('with %s is refused before anything is looked up', async (_, body) => {
    expect((await sign('approver', uuidV7(), body)).status).toBeGreaterThanOrEqual(400);
  });

  it('cannot be given by somebody who may only view', async () => {
    const declaration = aDeclaration();
    await declared(declaration);
    expect((await sign('viewer', declaration.declarationId)).status).toBe(403);
  });
});

describe('a refusal', () => {
  it('needs a reason, without patient data', async () => {
    const declaration = aDeclaration();
    await declared(declaration);
    const refuse = (reason: string) =>
      service.post('approver', `approval-tasks/${declaration.declarationId}/refuse`, {
        stage: 'commissioner',
        declarationVersion: '1',
        reason,
      });
    expect((await refuse('  ')).body.code).toBe('REASON_MISSING');
    expect((await refuse('Patient 943 476 5919 was counted twice.')).body.code).toBe(
      'PATIENT_IDENTIFIER_FOUND',
    );
    const { body } = await refuse('The count is higher than the register.');
    const event = await eventually(() => approvals.find((e) => e.data.approvalId === body.approvalId));
    expect(event).toMatchObject({
      type: 'approval.stage-refused.v1',
      data: { reason: 'The count is higher than the register.' },
    });
  });
});

describe('a bulk', () => {
  it('answers each item by itself', async () => {
    const good = Array.from({ length: 1_200 }, () => aDeclaration());
    const held = aDeclaration({ holds: [aHold()] });
    await declared(...good, held);
    const items = [...good, held, aDeclaration()].map((d) => ({
      declarationId: d.declarationId,
      declarationVersion: '1',
    }));
    const { status, body } = await service.post('approver', 'bulk-approvals', {
      stage: 'commissioner',
      items,
    });
    expect(status).toBe(202);
    expect(body).toMatchObject({ items: 1_202, decision: 'approve' });
    const signed = await eventually(async () => {
      const now = await service.get('approver', `bulk-approvals/${body.bulkId}`);
      return now.body.queued === 0 && now.body;
    }, SOON);
    expect(signed).toMatchObject({ items: 1_202, queued: 0, pending: 1_200, refused: 2 });
    const refused = await service.get('approver', `bulk-approvals/${body.bulkId}/items?state=refused`);
    expect(refused.body.items.map((item: { code: string }) => item.code)).toEqual([
      'ON_HOLD',
      'UNKNOWN_DECLARATION',
    ]);
    await eventually(() => approvals.filter((e) => e.data.bulkId === body.bulkId).length === 1_200);
    expect((await service.get('second', `bulk-approvals/${body.bulkId}`)).status).toBe(404);
  });

  it('that its signer left unfinished is finished by the scheduler, without signing anything twice', async () => {
    const declarations = [aDeclaration(), aDeclaration()];
    await declared(...declarations);
    const bulkId = uuidV7();
    // At once, or the scheduler would find a bulk without items.
    await service.database.query(
      `WITH bulk AS (
         INSERT INTO bulk_approval (bulk_id, stage, person_id, requested_at, items)
         VALUES ($1, 'commissioner', 'approver', now() - interval '1 hour', 2)
       )
       INSERT INTO bulk_approval_item (bulk_id, ordinal, declaration_id, declaration_version)
       SELECT $1, o, d, 1 FROM unnest($2::uuid[]) WITH ORDINALITY AS i(d, o)`,
      [bulkId, declarations.map((d) => d.declarationId)],
    );
    await eventually(
      async () => (await service.get('approver', `bulk-approvals/${bulkId}`)).body.pending === 2,
      { withinMs: 20_000, everyMs: 100 },
    );
    expect(approvals.filter((e) => e.data.bulkId === bulkId).length).toBeLessThanOrEqual(2);
  });
});
