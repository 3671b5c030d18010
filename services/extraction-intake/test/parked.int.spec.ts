import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { newEvent, OrganisationChangedV1, QualityServicePublishedV1 } from '@attest/contracts';
import { eventually } from '@attest/testing';
import {
  aVaccination,
  cqrsRow,
  OPERATOR,
  qofFile,
  startIntake,
  type IntakeUnderTest,
} from './intake-under-test.js';

let intake: IntakeUnderTest;
beforeAll(async () => {
  intake = await startIntake();
});
afterAll(() => intake.close());

const park = async (event: unknown, keys: number): Promise<void> => {
  await intake.topics.publish([event as Parameters<IntakeUnderTest['topics']['publish']>[0][number]]);
  await eventually(async () => (await intake.database.query('SELECT FROM blocked_key')).rowCount === keys);
};

it('a practice of which the newest word could not be read is not taken, others are', async () => {
  const event = newEvent(OrganisationChangedV1, {
    code: 'A90002',
    kind: 'practice',
    name: 'Closing',
    commissionerCode: null,
    ancestors: [],
    openOn: null,
    closeOn: '2026-07-01',
    payee: null,
    listSizes: [],
    organisationVersion: 2,
  });
  await park({ ...event, data: { ...event.data, closeOn: 'soon' } }, 1);
  const answer = await intake.cqrs([cqrsRow({ value: 1 }), cqrsRow({ org: 'A90002', value: 2 })]);
  expect(answer.body.counts).toMatchObject({ pagesReceived: 1, rowsRejected: 1 });
  expect(await intake.rejected(answer.body.fileId as string)).toMatchObject([
    { line: 3, code: 'UPSTREAM_EVENT_PARKED' },
  ]);
});

it('nothing is taken of a service of which the newest word could not be read', async () => {
  const event = newEvent(QualityServicePublishedV1, { service: aVaccination(), serviceVersion: 2 });
  await park({ ...event, data: { ...event.data, service: {} } }, 2);
  const rows = await intake.cqrs([cqrsRow({ value: 3, submitTime: '20:00:00' })]);
  expect(rows.body.counts).toMatchObject({ pagesAmended: 0, rowsRejected: 1 });
  const file = await intake.send(qofFile(['A90001,VAX001,DOSES,1']), {
    layout: 'qof-long',
    fileName: 'x.csv',
    serviceCode: 'VAX',
    achievementDate: '2026-07-31',
  });
  expect(file.body).toMatchObject({ status: 409, code: 'UPSTREAM_EVENT_PARKED' });
  expect((await intake.get(OPERATOR, `extract-files/${file.body.facts.fileId}`)).body.status).toBe('refused');
});
