import { describe, expect, it, jest } from '@jest/globals';
import { failureInWords } from '../src/failure.js';
import { moneyLines, penceByStage } from '../src/money.js';
import { foundInWords, Report } from '../src/report.js';
import { firstCall, whoCanSignIn, type PeopleToShow } from '../src/who.js';
import { adjusted, extracted, movedAfterPayment, played } from './results.js';

describe('the money of a month', () => {
  it.each([
    ['cancel out', '216585', '216585', '0'],
    ['are mostly paid', '300', '100', '200'],
    ['are mostly recovered', '100', '300', '-200'],
  ])('tells what was paid and what was recovered where adjustments %s', (_, paid, recovered, net) => {
    const { adjustments } = penceByStage({
      adjustments: played(adjusted({ paidPence: paid, recoveredPence: recovered })),
    });
    expect(adjustments).toEqual({ paid, recovered, net });
  });

  it('tells nothing of adjustments in a month that ended before them', () => {
    const pence = penceByStage({
      extracts: played(extracted({ pence: '5' })),
      movedAfterPayment: played(movedAfterPayment()),
    });
    expect(pence.adjustments).toBeUndefined();
    expect(moneyLines(pence)).toEqual(['  calculated  £0.05  from the extracts']);
  });
});

describe('who can sign in', () => {
  const world = (rows: object[]): PeopleToShow => ({
    people: {
      nationalOperator: 'operator1',
      organisationAdministrator: 'admin1',
      agency: 'agency1',
      viewer: 'v1',
    },
    manifest: { cast: { mover: { practiceCode: 'X1', joinsPcnCode: 'U2' } } },
    rows: <Row>() => Promise.resolve(rows as Row[]),
    namesOf: () => Promise.resolve({ X1: 'Harbour Health Centre' }),
    declarerOf: (code: string) => `declarer.${code}`,
    approverOf: (code: string) => `approver.${code}`,
    financeOf: (code: string) => `finance.${code}`,
  });
  const at = { identityUrl: 'http://i', urls: { 'declaration-workflow': 'http://d', catalogue: 'http://c' } };

  it('is one person for each role, first whoever declares for a practice', async () => {
    const people = await whoCanSignIn(world([{ code: 'X1', board: 'Q1' }]));
    expect(people.map(({ personId }) => personId)).toEqual([
      ...['declarer.X1', 'declarer.U2', 'approver.Q1', 'finance.Q1', 'admin1', 'agency1', 'v1', 'operator1'],
    ]);
    expect(people[0]!.may).toBe('declares for the practice Harbour Health Centre (X1)');
    expect(firstCall(at, people[0]!).join('\n')).toContain(
      'http://d/api/v1/declarations?organisationCode=X1',
    );
  });

  it('is the operator alone before the register is loaded', async () => {
    const people = await whoCanSignIn(world([]));
    expect(people.map(({ personId }) => personId)).toEqual(['operator1']);
    expect(firstCall(at, people[0]!)[0]).toContain('person_id=operator1 http://i/token');
  });
});

describe('a month that was found', () => {
  it('says which, when it was played, that nothing was played anew and how to begin anew', () => {
    const found = { playedAt: '2026-08-10T12:00:00Z', played: true, england: 'the made-up region of seed 1' };
    const [said, anew] = foundInWords(found);
    expect(said).toMatch(/^The month of the made-up region of seed 1 that was played on 10 August 2026/);
    expect(said).toMatch(/was found and is up again; nothing was played anew\.$/);
    expect(anew).toMatch(/^`npm run reset`/);
  });
});

describe('a month that did not end', () => {
  it('says the scene, what was awaited, how far it came and where the logs are', () => {
    const error = new Error('Waited 60 s in vain: the declarations of both PCNs are held');
    expect(
      failureInWords({
        title: 'A practice moves',
        seconds: 61.23,
        far: 'held 3 of 4',
        error,
        logs: '/s/logs',
      }),
    ).toBe(
      '“A practice moves” did not end; it stopped after 61.2 s. Waited 60 s in vain: the declarations of both PCNs are held. It had come to: held 3 of 4. What the services said is in /s/logs; the next start begins the month anew.',
    );
  });
});

describe('standard output', () => {
  it('holds one JSON object with --json, and everything for people elsewhere', async () => {
    const out = await printed(true);
    expect(JSON.parse(out.stdout)).toMatchObject({ data: 'made up', failed: 'the agency is away' });
    expect(out.stderr).toMatch(/A made-up region\n[^]*Offers\n[^]*1,200 offers are in force/);
  });

  it('is for people without --json', async () => {
    const out = await printed(false);
    expect(out.stdout).toMatch(/A made-up region\n[^]*Offers\n[^]*1,200 offers are in force/);
    expect(out.stderr).toMatch(/the agency is away\. What the services said is in/);
  });
});

/** What a month of one scene prints that fails in the second. */
async function printed(json: boolean): Promise<{ stdout: string; stderr: string }> {
  const caught = { stdout: '', stderr: '' };
  const spies = [
    ...(['stdout', 'stderr'] as const).map((stream) =>
      jest.spyOn(process[stream], 'write').mockImplementation((text) => {
        caught[stream] += String(text);
        return true;
      }),
    ),
    jest.spyOn(console, 'log').mockImplementation((text) => void (caught.stdout += `${text}\n`)),
    jest.spyOn(console, 'error').mockImplementation((text) => void (caught.stderr += `${text}\n`)),
  ];
  try {
    const month = new Report({ json, exit: false, separate: false });
    month.note({ data: 'made up', banner: 'A made-up region' });
    const result = { participations: 1200, acceptedByProviders: 3 };
    await month.scene(
      'offers',
      'Offers',
      () => Promise.resolve(result),
      () => Promise.resolve({ totalMb: 1, measure: 'PSS', processes: [] }),
    );
    month.failed(new Error('the agency is away'), { stateDir: '/s', runDir: '/s/run' });
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  return caught;
}
