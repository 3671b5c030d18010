import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Answer } from '@attest/testing';
import {
  cqrsFile,
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

const file = (practice: string, numerator: number) =>
  qofFile([
    `${practice},AST001,REGISTER,310`,
    `${practice},AST002,NUMERATOR,${numerator}`,
    `${practice},AST002,DENOMINATOR,300`,
  ]);
const sent = (achievementDate: string, text: string): Promise<Answer> =>
  intake.send(text, { layout: 'qof-long', fileName: 'q.csv', serviceCode: 'QOFTEST', achievementDate });
const numerators = async (date: string, practice: string): Promise<(number | null)[]> => {
  const { body } = await intake.get(OPERATOR, `pages/QOFTEST/${date}/${practice}`);
  return body.versions.map(({ values }: { values: { value: number | null }[] }) => values[1]!.value);
};

describe('where rows do not say when they were submitted, what was sent last counts', () => {
  it('so the right file sent again after a wrong one puts it right', async () => {
    const right = await sent('2026-07-31', file('A90001', 240));
    await sent('2026-07-31', file('A90001', 24));
    const again = await sent('2026-07-31', file('A90001', 240));
    expect(again.body).toMatchObject({ repeated: false, reading: 1, counts: { pagesAmended: 1 } });
    expect(again.body.fileId).not.toBe(right.body.fileId);
    expect(await numerators('2026-07-31', 'A90001')).toEqual([240, 24, 240]);
    expect((await sent('2026-07-31', file('A90001', 240))).body).toMatchObject({
      repeated: true,
      fileId: again.body.fileId,
    });
  });

  it('and reading an earlier one again is a new receipt, which counts from now', async () => {
    const right = await sent('2026-06-30', file('A90001', 240));
    await sent('2026-06-30', file('A90001', 24));
    const again = await intake.post(OPERATOR, `extract-files/${right.body.fileId}/read-again`);
    expect(again.body).toMatchObject({ reading: 2, counts: { pagesAmended: 1 } });
    expect(await numerators('2026-06-30', 'A90001')).toEqual([240, 24, 240]);
  });

  it('each service and date for itself', async () => {
    await sent('2026-07-31', file('A90002', 240));
    await sent('2026-06-30', file('A90002', 24));
    expect((await sent('2026-07-31', file('A90002', 240))).body.repeated).toBe(true);
  });

  it('also where another layout brought the wrong values', async () => {
    await sent('2026-06-30', file('A90002', 240));
    const fields = [
      ['AST001', 'REGISTER', 310],
      ['AST002', 'NUMERATOR', 24],
      ['AST002', 'DENOMINATOR', 300],
    ] as const;
    // Submitted after the first was received, by less than clocks may differ.
    const row = {
      service: 'QOFTEST',
      org: 'A90002',
      date: '20260630',
      submitDate: '15/08/2026',
      submitTime: '10:59:00',
    };
    await intake.cqrs(
      fields.map(([indicator, field, value]) => cqrsRow({ ...row, indicator, field, value })),
    );
    expect((await numerators('2026-06-30', 'A90002'))[0]).toBe(24);
    expect((await sent('2026-06-30', file('A90002', 240))).body.repeated).toBe(false);
  });
});

it('where rows of two files say the same time, the one that was sent last counts, also once more', async () => {
  const send = (value: number) =>
    intake.send(cqrsFile([cqrsRow({ org: 'A90002', submitTime: '18:00:00', value })]), {
      layout: 'cqrs',
      fileName: 'x.csv',
    });
  const { body: right } = await send(240);
  await send(24);
  const { body: again } = await send(240);
  expect(again).toMatchObject({ repeated: false, counts: { pagesAmended: 1 } });
  expect(again.fileId).not.toBe(right.fileId);
  expect((await send(240)).body).toMatchObject({ repeated: true, fileId: again.fileId });
});

it('where rows say when they were submitted, the same bytes say nothing new', async () => {
  const [first, second] = ['19:00:00', '20:00:00'].map((submitTime) =>
    cqrsFile([cqrsRow({ submitTime, value: submitTime === '19:00:00' ? 10 : 1 })]),
  );
  const query = { layout: 'cqrs', fileName: 'x.csv' };
  const { body } = await intake.send(first!, query);
  await intake.send(second!, query);
  expect((await intake.send(first!, query)).body).toMatchObject({ repeated: true, fileId: body.fileId });
});
