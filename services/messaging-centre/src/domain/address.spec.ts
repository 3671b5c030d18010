import { describe, expect, it } from '@jest/globals';
import { addressOfMessage, addressOfSubject } from './address.js';

const declarationId = '01990000-0000-7000-8000-000000000001';
const messageId = '01990000-0000-7000-8000-000000000002';

describe('the address of a thing', () => {
  it.each([
    ['REFUSED', 'X00001', declarationId, `declarations/${declarationId}`],
    ['PAYEE_CHANGED', 'XQA', 'X00001', 'organisations/X00001'],
    ['MEMBERSHIP_CHANGED', 'XU0001', 'XU0001', 'pcns/XU0001/members'],
    // The PCN's members are closed to a practice: it has a page of its own.
    ['MEMBERSHIP_CHANGED', 'X00001', 'XU0001', 'practices/X00001/memberships'],
  ] as const)('that %s told to %s is one that they may open', (kind, organisationCode, subjectId, path) => {
    const address = { page: `/${path}`, api: `/api/v1/${path}` };
    expect(addressOfSubject({ kind, organisationCode }, subjectId)).toEqual(address);
    expect(addressOfMessage({ kind, organisationCode, subjectId, messageId })).toEqual(address);
  });

  it('of several things is that of the message which lists them', () => {
    expect(
      addressOfMessage({ kind: 'REFUSED', organisationCode: 'X00001', subjectId: null, messageId }),
    ).toEqual({ page: `/messages/${messageId}`, api: `/api/v1/messages/${messageId}` });
  });
});
