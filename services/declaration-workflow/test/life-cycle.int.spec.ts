import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { agencyPublished, calculated, servicePublished, signed, stageRefused } from './neighbours.js';
import { soon, startWorld, type World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await startWorld();
  await world.tell(servicePublished('XLIFE'), agencyPublished());
});
afterAll(() => world?.service.close());

describe('a declaration', () => {
  it('opens with its first figures, is declared, and is approved by two other people', async () => {
    await world.tell(calculated({ serviceCode: 'XLIFE', organisationCode: 'X00001' }));
    const opened = await world.declarationOf('XLIFE', 'X00001');
    expect(opened).toMatchObject({
      status: 'AWAITING_PROVIDER_APPROVAL',
      commissioner_code: 'XQA',
      payment_period: '2026-08',
      pence: '10060',
    });
    const id = opened.declaration_id;

    const declared = await world.declare(id);
    expect(declared.status).toBe(200);
    expect(declared.headers.get('etag')).toBe('"2"');
    expect(declared.body).toMatchObject({ code: 'DECLARED', revision: 2, declarationVersion: 1 });

    await world.tell(signed(id, 'commissioner', 'approver'));
    await world.byId(id, (row) => row.status === 'AWAITING_FINANCE_APPROVAL');
    await world.tell(signed(id, 'finance', 'finance'));
    await world.byId(id, (row) => row.status === 'FINANCIALLY_APPROVED');

    await soon(() => world.events(id).length === 4);
    expect(world.events(id)).toEqual(['opened', 'declared', 'approved', 'finance-approved']);
    const { body } = await world.service.get('declarer', `declarations/${id}/history`);
    expect(body.items.map((row: { action: string }) => row.action)).toEqual([
      'open',
      'declare',
      'approve',
      'approve',
    ]);
  });

  it('ends settled when finance signs £0', async () => {
    await world.tell(calculated({ serviceCode: 'XLIFE', organisationCode: 'X00002', pence: '0' }));
    const { declaration_id: id } = await world.declarationOf('XLIFE', 'X00002');
    await world.declare(id);
    await world.tell(signed(id, 'commissioner', 'approver'), signed(id, 'finance', 'finance'));
    await world.byId(id, (row) => row.status === 'SETTLED_NIL');
  });

  it('is signed by nobody here, and not by whoever acts for another organisation or declared it', async () => {
    await world.tell(calculated({ serviceCode: 'XLIFE', organisationCode: 'X00005' }));
    const { declaration_id: id } = await world.declarationOf('XLIFE', 'X00005');
    await world.declare(id);
    for (const way of ['approve', 'sign'])
      expect((await world.service.post('approver', `declarations/${id}/${way}`)).status).toBe(404);
    await world.tell(
      signed(id, 'commissioner', 'foreigner', { forOrganisation: 'XQB' }),
      signed(id, 'commissioner', 'declarer', { approvalVersion: 2 }),
      signed(id, 'finance', 'approver', { approvalVersion: 3 }),
    );
    const refusals = await soon(() => {
      const found = world.told.filter((e) => e.type === 'approval.refused.v1' && e.key === id);
      return found.length === 3 && found;
    });
    expect(refusals.map(({ data }) => data.code)).toEqual([
      'WRONG_COMMISSIONER',
      'SAME_PERSON',
      'WRONG_STAGE',
    ]);
    expect(await world.byId(id, () => true)).toMatchObject({
      status: 'AWAITING_COMMISSIONER_APPROVAL',
      revision: '2',
    });
  });

  it('is taken back by its provider, who declares it anew', async () => {
    await world.tell(calculated({ serviceCode: 'XLIFE', organisationCode: 'X00004' }));
    const { declaration_id: id } = await world.declarationOf('XLIFE', 'X00004');
    await world.declare(id);
    const undeclare = async (person: string, body: object = {}) =>
      world.service.post(person, `declarations/${id}/undeclare`, body, await world.ifMatch(id));
    const undeclared = await undeclare('declarer');
    expect([undeclared.status, undeclared.headers.get('etag')]).toEqual([200, '"3"']);
    expect(undeclared.body).toMatchObject({ status: 'AWAITING_PROVIDER_APPROVAL', declaredBy: null });
    expect((await undeclare('declarer')).body.code).toBe('ILLEGAL_TRANSITION');
    // The system takes no step of its own after that; the provider does.
    expect((await world.declare(id, {}, 'declarer', 3)).body).toMatchObject({ declarationVersion: 2 });
    expect((await undeclare('helper', { reason: 'The practice asked for it.' })).status).toBe(200);
    await soon(() => world.events(id).length === 5);
    expect(world.events(id)).toEqual(['opened', 'declared', 'undeclared', 'declared', 'undeclared']);
    const { body } = await world.service.get('declarer', `declarations/${id}/history`);
    expect(
      body.items.map(({ action, actor, reason }: Record<string, string>) => [action, actor, reason]),
    ).toEqual([
      ['open', 'system', null],
      ['declare', 'provider', null],
      ['undeclare', 'provider', null],
      ['declare', 'provider', null],
      ['undeclare', 'commissioner', 'The practice asked for it.'],
    ]);
  });

  it('sent back and declared again has another version, and the old signature is refused', async () => {
    await world.tell(calculated({ serviceCode: 'XLIFE', organisationCode: 'X00003' }));
    const { declaration_id: id } = await world.declarationOf('XLIFE', 'X00003');
    await world.declare(id);
    await world.tell(stageRefused(id, 'commissioner', 'approver'));
    await world.byId(id, (row) => row.status === 'AWAITING_PROVIDER_APPROVAL');
    expect((await world.declare(id, {}, 'declarer', 3)).body).toMatchObject({ declarationVersion: 2 });
    await world.tell(signed(id, 'commissioner', 'approver', { approvalVersion: 2 }));
    const refusal = await soon(() =>
      world.told.find((event) => event.type === 'approval.refused.v1' && event.key === id),
    );
    expect(refusal.data).toMatchObject({ code: 'VERSION_SUPERSEDED', stage: 'commissioner' });
  });
});
