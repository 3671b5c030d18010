import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NewEvent } from '@attest/contracts';
import { calculated, membership, servicePublished } from './neighbours.js';
import { soon, startWorld, type World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await startWorld();
  await world.tell(
    servicePublished('XSHARE', { dependsOn: ['page', 'membership'] }),
    servicePublished('XOWN'),
  );
});
afterAll(() => world?.service.close());

function unreadable(pcnCode: string, change: (data: Record<string, unknown>) => void): NewEvent {
  const event = membership('joined', pcnCode, 1, { practices: ['X00006'] });
  change(event.data as Record<string, unknown>);
  return event;
}

async function parked(event: NewEvent, pcnCode: string): Promise<void> {
  await world.tell(event);
  await soon(async () => {
    const { rows } = await world.service.database.query(
      `SELECT FROM blocked_key WHERE topic = 'pcn-memberships' AND key = $1`,
      [pcnCode],
    );
    return rows.length > 0;
  });
}

async function declared(serviceCode: string, organisationCode: string): Promise<string> {
  await world.tell(calculated({ serviceCode, organisationCode }));
  const { declaration_id: id } = await world.declarationOf(serviceCode, organisationCode);
  return (await world.declare(id)).body.code;
}

describe('a membership event that cannot be read', () => {
  it('blocks what depends on membership of the practice that it names, though its figures know nothing of the PCN', async () => {
    const event = unreadable('XP3', (data) => (data.changedFrom = 'next month'));
    await parked(event, 'XP3');
    expect(await declared('XSHARE', 'X00006')).toBe('UPSTREAM_EVENT_PARKED');
    expect(await declared('XOWN', 'X00006')).toBe('DECLARED');
    expect(await declared('XSHARE', 'X00007')).toBe('DECLARED');
  });

  it('blocks every practice where it names none', async () => {
    const event = unreadable('XP2', (data) => {
      for (const name of Object.keys(data)) if (name !== 'pcnCode') delete data[name];
    });
    await parked(event, 'XP2');
    expect(await declared('XSHARE', 'X00005')).toBe('UPSTREAM_EVENT_PARKED');
    expect(await declared('XOWN', 'X00005')).toBe('DECLARED');
  });
});
