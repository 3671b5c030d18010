import {
  BusinessClockMovedV1,
  newEvent,
  ParticipationsChangedV1,
  QualityServicePublishedV1,
  type NewEvent,
  type QualityService,
} from '@attest/contracts';
import { eventually, type Answer } from '@attest/testing';
import { aVaccination, cqrsRow, startIntake, type IntakeUnderTest } from './intake-under-test.js';

/** Before the cut-off of every date here. */
export const NOW = '2026-08-15T09:00:00.000Z';
export const CUT_OFF = '2026-08-28T17:00:00.000Z';
/** A machine may be busy with other specs. */
const PATIENCE = { withinMs: 30_000 };
const MONTH_ENDS = [
  '2026-04-30',
  '2026-05-31',
  '2026-06-30',
  '2026-07-31',
  '2026-08-31',
  '2026-09-30',
  '2026-10-31',
  '2026-11-30',
  '2026-12-31',
  '2027-01-31',
  '2027-02-28',
  '2027-03-31',
];

export interface APage {
  readonly serviceCode: string;
  readonly achievementDate: string;
  readonly practiceCode: string;
}

export interface AmendmentsUnderTest extends IntakeUnderTest {
  /** A page of its own for a spec: 100 doses, unless told. */
  aPage(doses?: number): Promise<APage>;
  /** What the supplier sends of a page, at a minute after 12:00 on a day of August. */
  supplied(page: APage, doses: number, day: number, minute?: number): Promise<Answer>;
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
  moveClock(to: string): Promise<void>;
  publish(service: QualityService, serviceVersion: number): Promise<void>;
}

/** The intake with services DOSES (a practice's), NETDOSES (a network's), OLDDOSES (years closed), and people. */
export async function startAmendments(): Promise<AmendmentsUnderTest> {
  const intake = await startIntake();
  let moves = 0;
  const tell = (...events: unknown[]) => intake.topics.publish(events as NewEvent[]);
  const moveClock = async (to: string): Promise<void> => {
    const clockVersion = ++moves;
    const offsetMs = new Date(to).getTime() - Date.now();
    await tell(newEvent(BusinessClockMovedV1, { offsetMs, movedAt: new Date().toISOString(), clockVersion }));
    await eventually(
      async () =>
        (await intake.database.query('SELECT FROM business_clock WHERE version = $1', [clockVersion]))
          .rowCount === 1,
      PATIENCE,
    );
  };
  await moveClock(NOW);
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
  const supplied: AmendmentsUnderTest['supplied'] = (of, value, day, minute = 0) =>
    intake.cqrs([
      cqrsRow({
        service: of.serviceCode,
        org: of.practiceCode,
        date: of.achievementDate.replaceAll('-', ''),
        indicator: 'VAX001',
        value,
        submitDate: `${String(day).padStart(2, '0')}/08/2026`,
        submitTime: `12:${String(minute).padStart(2, '0')}:00`,
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
    moveClock,
    aPage: async (value = 100) => {
      const place = page++;
      const fresh = {
        serviceCode: 'DOSES',
        achievementDate: MONTH_ENDS[place % MONTH_ENDS.length]!,
        practiceCode: ['A90001', 'A90002'][Math.floor(place / MONTH_ENDS.length)]!,
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
    publish: async (service, serviceVersion) => {
      await tell(newEvent(QualityServicePublishedV1, { service, serviceVersion }));
      await eventually(
        async () =>
          (
            await intake.database.query(
              'SELECT FROM quality_service WHERE service_code = $1 AND service_version = $2',
              [service.serviceCode, serviceVersion],
            )
          ).rowCount === 1,
        PATIENCE,
      );
    },
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
  calendar: calendarOf(MONTH_ENDS),
});
const netDoses = (): QualityService => ({ ...doses(), serviceCode: 'NETDOSES', providerKind: 'pcn' });
const oldDoses = (): QualityService => ({
  ...doses(),
  serviceCode: 'OLDDOSES',
  startOn: '2019-04-01',
  calendar: calendarOf(['2025-03-31', '2025-04-30']),
});
