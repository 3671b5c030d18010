import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { londonDate } from '@attest/calendar';
import { eventually, republished, type Json } from '@attest/testing';
import { accept, linesIn, putBack, reject, type Line } from './answer-lines.js';
import { aDeclaration, practice, startPaymentsWorld, type PaymentsWorld } from './payments-world.js';

let world: PaymentsWorld;
let lines: Line[];
const TODAY = londonDate(new Date());

beforeAll(async () => {
  world = await startPaymentsWorld();
  await world.approve(
    ...Array.from({ length: 4 }, (_, n) => aDeclaration({ organisationCode: practice(n), pence: '10000' })),
  );
  const run = await world.release();
  lines = linesIn(world.fileStore, run.files[0].fileName as string);
  const [paid, rejected, returned] = lines as [Line, Line, Line];
  await world.acknowledge([accept(paid), reject(rejected), accept(returned)]);
  await world.acknowledge([putBack(returned, TODAY)], 'wednesday.csv');
  await eventually(() => world.told(returned.id).some(({ type }) => type === 'payment.returned.v1'));
});
afterAll(() => world?.close());

describe('what became of a line is told again in order, under the newest version that was told', () => {
  it.each([
    ['paid', 0, ['sealed', 'acknowledged']],
    ['rejected', 1, ['sealed', 'rejected']],
    ['returned', 2, ['sealed', 'acknowledged', 'returned']],
    ['unanswered', 3, ['sealed']],
  ] as const)('%s', async (_, at, kinds) => {
    const line = lines[at]!;
    const told = await republished(world.service, 'payments', [line.id]);
    const said = world.told(line.id).filter(({ type }) => type !== 'payment.release-requested.v1');
    expect(told).toHaveLength(1);
    expect(told[0]).toMatchObject({
      type: 'payment.restated.v1',
      version: said.at(-1)!.data.paymentVersion,
      data: { declarationId: line.id },
    });
    const facts = told[0]!.data.facts as Json[];
    expect(facts.map(({ kind }) => kind as string)).toEqual([...kinds]);
    for (const [i, fact] of facts.entries()) {
      const { type, data } = said[i]!;
      expect(type).toBe(`payment.${fact.kind as string}.v1`);
      expect(fact).toMatchObject({
        declarationVersion: data.declarationVersion,
        attempt: data.attempt,
        runId: data.runId,
        line: { fileName: data.fileName, lineNumber: data.lineNumber, pence: data.pence },
        ...(data.reasonCode && fact.kind !== 'acknowledged'
          ? { code: data.reasonCode, words: data.reason }
          : {}),
        ...(data.returnedOn ? { returnedOn: data.returnedOn } : {}),
      });
    }
  });

  it('of every declaration, once', async () => {
    const told = await republished(world.service, 'payments');
    expect(told.map(({ key }) => key).sort()).toEqual(lines.map(({ id }) => id).sort());
  });
});
