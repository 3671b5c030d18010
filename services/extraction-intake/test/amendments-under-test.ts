import {
  newEvent,
  ParticipationsChangedV1,
  QualityServicePublishedV1,
  type NewEvent,
  type QualityService,
} from '@attest/contracts';
import { eventually, type Answer } from '@attest/testing';
import { aVaccination, cqrsRow, PATIENCE, startIntake, type IntakeUnderTest } from './intake-under-test.js';

export const CUT_OFF = '2026-08-28T17:00:00.000Z';
/** A submission after everything that is asked for here, and less than an hour after the clock. */
export const LATER = 'later';
/** Days that are over when the clock stands in August. */
const COLLECTED_ON = [
  '2026-04-10',
  '2026-04-20',
  '2026-04-30',
  '2026-05-10',
  '2026-05-20',
  '2026-05-31',
  '2026-06-10',
  '2026-06-20',
  '2026-06-30',
  '2026-07-10',
  '2026-07-20',
  '2026-07-31',
];

export interface APage {
  readonly serviceCode: string;
  readonly achievementDate: string;
  readonly practiceCode: string;
}

export interface AmendmentsUnderTest extends IntakeUnderTest {
  /** A page of its own for a spec: 100 doses, unless told. */
  aPage(doses?: number): Promise<APage>;
  /** What the supplier sends of a page, at noon on a day of August, or later than all that was asked for. */
  supplied(page: APage, doses: number, day: number | typeof LATER): Promise<Answer>;
  ask(page: APage, doses: unknown, more?: object, personId?: string): Promise<Answer>;
  /** Asked for by the page's provider, and taken. */
  asked(page: APage, doses?: number): Promise<string>;
  decide(
    amendmentId: string,
    step: 'accept' | 'refuse' | 'withdraw',
    personId: string,
    body?: object,
    version?: number,
  ): Promise<Answer>;
}

/** The intake with services DOSES (a practice's), NETDOSES (a network's), OLDDOSES (years closed), and people. */
export async function startAmendments(more: Record<string, string> = {}): Promise<AmendmentsUnderTest> {
  const intake = await startIntake(more);
  const tell = (...events: unknown[]) => intake.topics.publish(events as NewEvent[]);
  await tell(
    newEvent(QualityServicePublishedV1, { service: doses(), serviceVersion: 1 }),
    newEvent(QualityServicePublishedV1, { service: netDoses(), serviceVersion: 1 }),
    newEvent(QualityServicePublishedV1, { service: oldDoses(), serviceVersion: 1 }),
    ...['DOSES', 'OLDDOSES'].map((serviceCode) =>
      newEvent(ParticipationsChangedV1, {
        serviceCode,
        participationsVersion: 1,
        changes: ['A90001', 'A90002'].map((providerCode) => ({
          providerCode,
          status: 'accepted' as const,
          from: '2019-04-01',
          to: null,
          participationVersion: 1,
        })),
      }),
    ),
  );
  await intake.know(
    [
      { code: 'QBB', kind: 'commissioner' },
      { code: 'A90004', kind: 'practice', commissionerCode: 'QBB', ancestors: ['QBB', 'ENGLAND'] },
    ],
    [
      { personId: 'declarer-one', role: 'DECLARATION_MANAGEMENT', organisationCode: 'A90001' },
      { personId: 'declarer-two', role: 'DECLARATION_MANAGEMENT', organisationCode: 'A90002' },
      { personId: 'approver', role: 'APPROVAL_MANAGEMENT', organisationCode: 'QAA' },
      { personId: 'commissioning', role: 'COMMISSIONING_MANAGEMENT', organisationCode: 'QAA' },
      { personId: 'approver-elsewhere', role: 'APPROVAL_MANAGEMENT', organisationCode: 'QBB' },
      { personId: 'approver-of-practice', role: 'APPROVAL_MANAGEMENT', organisationCode: 'A90001' },
      { personId: 'both', role: 'DECLARATION_MANAGEMENT', organisationCode: 'QAA' },
      { personId: 'both', role: 'APPROVAL_MANAGEMENT', organisationCode: 'QAA' },
    ],
  );
  await eventually(
    async () =>
      (await intake.database.query(`SELECT FROM participation WHERE service_code IN ('DOSES', 'OLDDOSES')`))
        .rowCount === 4,
    PATIENCE,
  );

  let page = 0;
  const supplied: AmendmentsUnderTest['supplied'] = (of, value, day) =>
    intake.cqrs([
      cqrsRow({
        service: of.serviceCode,
        org: of.practiceCode,
        date: of.achievementDate.replaceAll('-', ''),
        indicator: 'VAX001',
        value,
        submitDate: `${day === LATER ? 15 : String(day).padStart(2, '0')}/08/2026`,
        // The clock shows 10:00 in London.
        submitTime: day === LATER ? '10:50:00' : '12:00:00',
      }),
    ]);
  const ask: AmendmentsUnderTest['ask'] = (of, value, more = {}, personId = declarerOf(of)) =>
    intake.post(personId, 'amendment-requests', {
      ...of,
      values: [{ indicatorCode: 'VAX001', fieldName: 'DOSES', value }],
      reason: 'Doses given in the branch were not counted.',
      ...more,
    });
  return {
    ...intake,
    supplied,
    ask,
    aPage: async (value = 100) => {
      const place = page++;
      const fresh = {
        serviceCode: 'DOSES',
        achievementDate: COLLECTED_ON[place % COLLECTED_ON.length]!,
        practiceCode: ['A90001', 'A90002'][Math.floor(place / COLLECTED_ON.length)]!,
      };
      const answer = await supplied(fresh, value, 5);
      if (answer.body.counts?.pagesReceived !== 1) throw new Error(JSON.stringify(answer.body));
      return fresh;
    },
    asked: async (of, value = 104) => {
      const answer = await ask(of, value);
      if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
      return answer.body.amendmentId as string;
    },
    decide: (amendmentId, step, personId, body = {}, version = 1) =>
      intake.post(personId, `amendment-requests/${amendmentId}/${step}`, body, {
        'if-match': `"${version}"`,
      }),
  };
}

export const declarerOf = ({ practiceCode }: APage): string =>
  practiceCode === 'A90002' ? 'declarer-two' : 'declarer-one';

const calendarOf = (dates: readonly string[]): QualityService['calendar'] =>
  dates.map((achievementDate) => ({
    achievementDate,
    paymentPeriod: '2026-08',
    opensOn: '2026-08-09',
    providerDeadlineOn: '2026-08-24',
    cutOffAt: CUT_OFF,
    payOn: '2026-09-20',
  }));

export const doses = (): QualityService => ({
  ...aVaccination(),
  serviceCode: 'DOSES',
  calendar: calendarOf(COLLECTED_ON),
});
const netDoses = (): QualityService => ({ ...doses(), serviceCode: 'NETDOSES', providerKind: 'pcn' });
const oldDoses = (): QualityService => ({
  ...doses(),
  serviceCode: 'OLDDOSES',
  startOn: '2019-04-01',
  calendar: calendarOf(['2025-03-31', '2025-04-30']),
});
