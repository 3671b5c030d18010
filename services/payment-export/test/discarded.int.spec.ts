import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DeclarationState } from '@attest/contracts';
import { eventually } from '@attest/testing';
import { aDeclaration, startPaymentsWorld, type PaymentsWorld } from './payments-world.js';

let world: PaymentsWorld;
beforeAll(async () => {
  world = await startPaymentsWorld({ LOG_LEVEL: 'silent' });
}, 90_000);
afterAll(() => world?.close());

const APPROVED = 'declaration.finance-approved.v1';
const waits = (table: 'blocked_key' | 'parked_event', key: string) =>
  eventually(async () => {
    const { rowCount } = await world.service.database.query(`SELECT FROM ${table} WHERE key = $1`, [key]);
    return rowCount === 1;
  });
const discard = async (key: string) =>
  (
    await world.service.post('operator', 'operations/dead-letters/replay', {
      topic: 'declarations',
      key,
      discard: true,
      reason: 'It stops its declaration, and cannot be repaired.',
    })
  ).body;
const needed = (key: string) => ({ discarded: 0, failed: [{ key, code: 'DECLARATION_STATE_NEEDED' }] });
const follows = async (state: DeclarationState) => {
  await world.neighbours.declare(APPROVED, state);
  await waits('parked_event', state.declarationId);
  expect(await discard(state.declarationId)).toMatchObject({ discarded: 1, applied: 1, failed: [] });
  await world.knows(state);
};

describe('the state of a declaration', () => {
  it('is not given up before it, or a newer one, is known, which may wait behind it', async () => {
    const unknown = aDeclaration({ revision: 100 });
    await world.neighbours.publishPoison('declarations', APPROVED, unknown.declarationId);
    await waits('blocked_key', unknown.declarationId);
    expect(await discard(unknown.declarationId)).toMatchObject(needed(unknown.declarationId));
    await follows(unknown);
  });

  it('is not given up where only its key can be read, before a later one was applied', async () => {
    const known = aDeclaration();
    await world.approve(known);
    await world.service.topics.publishEmpty('declarations', known.declarationId);
    await waits('blocked_key', known.declarationId);
    expect(await discard(known.declarationId)).toMatchObject(needed(known.declarationId));
    await follows({ ...known, revision: 5 });
  });

  it('is given up where it says nothing new, or is the state of no declaration', async () => {
    const known = aDeclaration();
    await world.approve(known);
    await world.service.topics.publishEmpty('declarations', known.declarationId, {
      type: APPROVED,
      version: known.revision,
    });
    await world.service.topics.publishEmpty('declarations', 'nobody');
    for (const key of [known.declarationId, 'nobody']) {
      await waits('blocked_key', key);
      expect(await discard(key)).toMatchObject({ discarded: 1, failed: [] });
    }
  });
});
