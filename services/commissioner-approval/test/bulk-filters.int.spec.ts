import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aHold } from './a-declaration.js';
import { startApprovals, type ApprovalsWorld } from './approvals-world.js';

let world: ApprovalsWorld;
beforeAll(async () => {
  world = await startApprovals();
  await world.declared(
    { organisationCode: 'PLAIN', serviceCode: 'XF1' },
    { organisationCode: 'OTHER', serviceCode: 'XF2' },
    { organisationCode: 'DATED', serviceCode: 'XF1', achievementDate: '2023-04-30' },
    { organisationCode: 'PERIOD', serviceCode: 'XF1', paymentPeriod: '2026-08' },
    { organisationCode: 'ADJUST', serviceCode: 'XF1', kind: 'adjustment', pence: '-500' },
    { organisationCode: 'THEIRS', serviceCode: 'XF1', commissionerCode: 'XQB' },
    { organisationCode: 'HELD', serviceCode: 'XF1', holds: [aHold()] },
    { organisationCode: 'LATE', serviceCode: 'XF1', late: true },
    { organisationCode: 'DEAR', serviceCode: 'XF1', pence: '5000000' },
    { organisationCode: 'FINANCE', serviceCode: 'XF1', status: 'AWAITING_FINANCE_APPROVAL' },
  );
}, 60_000);
afterAll(() => world?.service.close());

async function found(filter: object, person = 'both'): Promise<string[]> {
  const { body } = await world.service.post(person, 'bulk-previews', { stage: 'commissioner', ...filter });
  const { body: page } = await world.service.get(person, `bulk-previews/${body.previewId}/items`);
  expect(page.items).toHaveLength(body.items);
  return page.items.map((item: { organisationCode: string }) => item.organisationCode).sort();
}

const ALL = ['ADJUST', 'DATED', 'DEAR', 'HELD', 'LATE', 'OTHER', 'PERIOD', 'PLAIN', 'THEIRS'];
const but = (...codes: string[]) => ALL.filter((code) => !codes.includes(code));

describe('a preview', () => {
  it.each<[object, string[]]>([
    [{}, ALL],
    [{ serviceCode: 'XF2' }, ['OTHER']],
    [{ achievementDate: '2023-04-30' }, ['DATED']],
    [{ paymentPeriod: '2026-08' }, ['PERIOD']],
    [{ kind: 'adjustment' }, ['ADJUST']],
    [{ kind: 'achievement' }, but('ADJUST')],
    [{ organisationCode: 'PLAIN' }, ['PLAIN']],
    [{ commissionerCode: 'XQB' }, ['THEIRS']],
    [{ commissionerCode: 'XQA' }, but('THEIRS')],
    [{ held: true }, ['HELD']],
    [{ held: false }, but('HELD')],
    [{ late: true }, ['LATE']],
    [{ late: false }, but('LATE')],
    [{ amountFromPence: '12073' }, ['DEAR']],
    [{ amountFromPence: '5000000', amountToPence: '5000000' }, ['DEAR']],
    [{ amountToPence: '-500' }, ['ADJUST']],
    [{ amountToPence: '12072' }, but('DEAR')],
    [
      {
        held: false,
        late: false,
        kind: 'achievement',
        commissionerCode: 'XQA',
        serviceCode: 'XF1',
        achievementDate: '2023-03-31',
        paymentPeriod: '2026-07',
        amountToPence: '12072',
      },
      ['PLAIN'],
    ],
    [{ held: true, late: true }, []],
  ])('with %j finds what fits all of it', async (filter, codes) => {
    expect(await found(filter)).toEqual(codes);
  });

  it('finds of another commissioner only what its own people sign', async () => {
    expect(await found({ commissionerCode: 'XQB' }, 'approver')).toEqual([]);
    expect(await found({}, 'approver')).toEqual(but('THEIRS'));
    expect(await found({}, 'stranger')).toEqual(['THEIRS']);
  });

  it('of finance finds what waits for finance', async () => {
    expect(await found({ stage: 'finance' }, 'finance')).toEqual(['FINANCE']);
    expect(await found({}, 'finance')).toEqual([]);
  });
});
