import { describe, expect, it } from '@jest/globals';
import type { Acknowledgement } from '../domain/acknowledgement.js';
import { ApplyAnswers } from './apply-answers.js';
import { RepairAnswers } from './repair-answers.js';

const ANSWER: Acknowledgement = {
  fileName: 'a.csv',
  lineNumber: 1,
  declarationId: '01990000-0000-7000-8000-000000000001',
  attempt: 1,
  pence: 100n,
  outcome: 'ACCEPTED',
  reasonCode: '',
  reason: '',
  returnedOn: null,
};

describe('a repair of a line whose run has not ended', () => {
  it('is refused in words of its own, and can be sent again later', async () => {
    const aside = { state: 'open', version: 1n, repair: null, agencyCode: 'XPAY', stated: ANSWER };
    const early = new Map([['the line', { early: true }]]);
    const answers = new ApplyAnswers({ lockLines: () => Promise.resolve(early) } as never, {} as never);
    const repairs = new RepairAnswers(
      { transaction: (work: (tx: object) => unknown) => work({}) } as never,
      { lock: () => Promise.resolve(aside) } as never,
      answers,
      {} as never,
    );
    const by = { personId: 'finance', scope: ['ENGLAND'], seenVersion: 1n };
    const refused = repairs.propose({ fileId: 'f', line: 2 } as never, by, {}, 'By telephone.');
    await expect(refused).rejects.toMatchObject({
      code: 'RUN_NOT_ENDED',
      status: 409,
      passesByItself: true,
      detail: expect.stringMatching(/the repair was not taken/),
    });
  });
});
