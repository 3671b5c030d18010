import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { aggregation } from '@attest/aggregation';
import { newEvent, ParticipationsChangedV1, type NewEvent, type QualityService } from '@attest/contracts';
import { declarationWorkflow } from '@attest/declaration-workflow';
import { eventually, startServiceUnderTest, type Answer, type ServiceUnderTest } from '@attest/testing';
import {
  doses,
  startAmendments,
  type AmendmentsUnderTest,
} from '../../services/extraction-intake/test/amendments-under-test.js';
import { cqrsRow, OPERATOR } from '../../services/extraction-intake/test/intake-under-test.js';

let intake: AmendmentsUnderTest;
let figures: ServiceUnderTest;
let declarations: ServiceUnderTest;
beforeAll(async () => {
  intake = await startAmendments();
  const topics = { TOPIC_PREFIX: intake.env['TOPIC_PREFIX'] };
  [figures, declarations] = await Promise.all([
    startServiceUnderTest(aggregation, topics),
    startServiceUnderTest(declarationWorkflow, topics),
  ]);
  await intake.publish(twoVaccinations(), 1);
  await intake.topics.publish([
    newEvent(ParticipationsChangedV1, {
      serviceCode: 'VAXOPT',
      participationsVersion: 1,
      changes: [
        {
          providerCode: 'A90001',
          status: 'accepted',
          from: '2026-04-01',
          to: null,
          participationVersion: 1,
        },
      ],
    }),
  ] as unknown as NewEvent[]);
}, 180_000);
afterAll(async () => {
  await Promise.all([declarations?.close(), figures?.close()]);
  await intake?.close();
});

/** The second vaccination need not be there. */
function twoVaccinations(): QualityService {
  const service = doses();
  const items = ['VAX001', 'VAX002'].map((indicatorCode) => ({ indicatorCode, fieldName: 'DOSES' }));
  return {
    ...service,
    serviceCode: 'VAXOPT',
    rulePack: {
      ...service.rulePack,
      fields: items.map((item, place) => ({ ...item, required: place === 0 })),
      calculation: {
        kind: 'item-of-service',
        items: items.map((item) => ({ ...item, feePounds: '10.06' })),
      },
    },
  };
}

const sent = (date: string, day: number, second: string | number): Promise<Answer> => {
  const row = {
    service: 'VAXOPT',
    date: date.replaceAll('-', ''),
    submitDate: `${String(day).padStart(2, '0')}/08/2026`,
  };
  return intake.cqrs([
    cqrsRow({ ...row, value: 100 }),
    cqrsRow({ ...row, indicator: 'VAX002', value: second }),
  ]);
};

interface Listed {
  readonly declarationId: string;
  readonly pence: string | null;
  readonly revision: number;
  readonly status: string;
}
async function listed(date: string): Promise<Listed | undefined> {
  const query = `declarations?serviceCode=VAXOPT&achievementDate=${date}&organisationCode=A90001`;
  return ((await declarations.get('declarer-one', query)).body.items as Listed[] | undefined)?.[0];
}
const standsAt = (date: string, pence: string, status: string) =>
  eventually<Listed | undefined>(
    async () => {
      const one = await listed(date);
      return one?.pence === pence && one.status === status ? one : undefined;
    },
    { withinMs: 30_000 },
  ) as Promise<Listed>;
async function declared(date: string): Promise<void> {
  const { declarationId, revision } = await standsAt(date, '140840', 'AWAITING_PROVIDER_APPROVAL');
  const path = `declarations/${declarationId}/declare`;
  const { status } = await declarations.post('declarer-one', path, {}, { 'if-match': `"${revision}"` });
  expect(status).toBe(200);
}

it('an optional value that cannot be read leaves the figure as it was and the declaration declared', async () => {
  const date = '2026-04-30';
  await sent(date, 1, 40);
  await declared(date);
  expect((await sent(date, 2, '*')).body.counts).toMatchObject({ pagesUnchanged: 1, valuesLeft: 1 });
  // Whatever comes after it has come through: another date's figure.
  await sent('2026-05-31', 3, 40);
  await standsAt('2026-05-31', '140840', 'AWAITING_PROVIDER_APPROVAL');
  expect(await listed(date)).toMatchObject({ pence: '140840', status: 'AWAITING_COMMISSIONER_APPROVAL' });
});

it('withdrawing a wrong file reopens what was declared, with the figure that stood before', async () => {
  const date = '2026-06-30';
  await sent(date, 1, 40);
  const right = await standsAt(date, '140840', 'AWAITING_PROVIDER_APPROVAL');
  const { body: wrong } = await sent(date, 2, 4);
  const { revision } = await standsAt(date, '104624', 'AWAITING_PROVIDER_APPROVAL');
  const path = `declarations/${right.declarationId}/declare`;
  await declarations.post('declarer-one', path, {}, { 'if-match': `"${revision}"` });
  await standsAt(date, '104624', 'AWAITING_COMMISSIONER_APPROVAL');
  const withdrawn = await intake.post(OPERATOR, `extract-files/${wrong.fileId}/withdrawal`, {
    reason: 'A digit was lost.',
  });
  expect(withdrawn.body.state).toBe('withdrawn');
  await standsAt(date, '140840', 'AWAITING_PROVIDER_APPROVAL');
});

it('withdrawing the only file leaves nothing to pay, and says that the page is missing', async () => {
  const date = '2026-07-31';
  const { body: only } = await sent(date, 1, 40);
  await standsAt(date, '140840', 'AWAITING_PROVIDER_APPROVAL');
  await intake.post(OPERATOR, `extract-files/${only.fileId}/withdrawal`, { reason: 'Another practice’s.' });
  await eventually(
    async () => {
      const { rows } = await figures.database.query<{ code: string | null }>(
        `SELECT code FROM achievement WHERE service_code = 'VAXOPT' AND achievement_date = $1 AND organisation_code = 'A90001'`,
        [date],
      );
      return rows[0]?.code === 'PAGE_MISSING';
    },
    { withinMs: 30_000 },
  );
});
