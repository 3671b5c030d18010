import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@attest/testing';
import { accept, linesIn, reject, type Line } from './answer-lines.js';
import { aDeclaration, practice, startPaymentsWorld, type PaymentsWorld } from './payments-world.js';

let world: PaymentsWorld;
const lines: Line[] = [];

beforeAll(async () => {
  world = await startPaymentsWorld();
  await world.approve(
    ...Array.from({ length: 12 }, (_, n) => aDeclaration({ organisationCode: practice(n), pence: '10000' })),
  );
  const run = await world.release();
  lines.push(...linesIn(world.fileStore, run.files[0].fileName as string));
});
afterAll(() => world?.close());

const answersTold = (line: Line) =>
  world
    .told(line.id)
    .map(({ type }) => type)
    .filter((type) => !['payment.release-requested.v1', 'payment.sealed.v1'].includes(type));
const aside = async (personId = 'finance', query = '') =>
  (await world.service.get(personId, `acknowledgement-files/quarantined-answers?limit=500${query}`)).body
    .items;

describe('a line that one file answers in two ways', () => {
  it('is not answered, whichever comes first, and all of it is looked into', async () => {
    const [one, two, three] = lines as [Line, Line, Line];
    const { status, body } = await world.acknowledge(
      [
        reject(one, 'Duplicate of a payment already made', 'DUPL'),
        accept(one),
        accept(two),
        reject(two, 'Duplicate of a payment already made', 'DUPL'),
        accept(three),
        accept(three),
      ],
      'both-ways.csv',
    );
    expect([status, body]).toMatchObject([201, { applied: 1, repeated: 1, quarantined: 4 }]);
    expect((await aside()).slice(0, 4)).toMatchObject(
      [one, one, two, two].map((line, at) => ({
        line: at + 2,
        code: 'ANSWERS_CONTRADICT',
        declarationId: line.id,
        lineState: 'unanswered',
      })),
    );
    await eventually(() => answersTold(three).length === 1);
    expect([answersTold(one), answersTold(two)]).toEqual([[], []]);
    const { body: account } = await world.service.get('finance', `accounts/${practice(0)}/XVI2223`);
    expect(account.achievements[0]).toMatchObject({ sealed: '10000', rejected: '0', paid: '0', owed: '0' });
  });

  it('is not answered by a repeat of what stands beside its contrary', async () => {
    const { body } = await world.acknowledge(
      [reject(lines[2]!), accept(lines[2]!)],
      'repeat-and-contrary.csv',
    );
    expect(body).toMatchObject({ applied: 0, repeated: 0, quarantined: 2 });
  });

  it('is answered by a later file that says one thing', async () => {
    const { body } = await world.acknowledge([accept(lines[0]!)], 'one-way.csv');
    expect(body).toMatchObject({ applied: 1, quarantined: 0 });
  });
});
