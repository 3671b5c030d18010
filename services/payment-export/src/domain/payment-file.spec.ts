import { describe, expect, it } from '@jest/globals';
import { fileNameOf, renderPaymentFile, sha256Of, type SealedLine } from './payment-file.js';

const aLine = (changes: Partial<SealedLine> = {}): SealedLine => ({
  lineNumber: 1,
  declarationId: '01900000-0000-7000-8000-000000000001',
  declarationVersion: 2n,
  attempt: 1,
  providerCode: 'X00001',
  payeeCode: 'X00001',
  accountReference: 'ATTEST-X00001',
  serviceCode: 'XVI2223',
  achievementDate: '2023-03-31',
  pence: 12_072n,
  ...changes,
});

describe('a payment file', () => {
  it('is the documented CSV', () => {
    expect(renderPaymentFile([aLine()]).toString()).toBe(
      'line_number,declaration_id,declaration_version,attempt,provider_code,payee_code,account_reference,service_code,achievement_date,amount_pence,reference\n' +
        '1,01900000-0000-7000-8000-000000000001,2,1,X00001,X00001,ATTEST-X00001,XVI2223,2023-03-31,12072,X00001 XVI2223 2023-03-31\n',
    );
  });

  it('is byte for byte the same for the same lines', () => {
    expect(sha256Of(renderPaymentFile([aLine()]))).toBe(sha256Of(renderPaymentFile([aLine()])));
    expect(sha256Of(renderPaymentFile([aLine({ pence: 1n })]))).not.toBe(
      sha256Of(renderPaymentFile([aLine()])),
    );
  });

  it.each([
    ['=1+1', "'=1+1"],
    ['@SUM', "'@SUM"],
    ['-5', "'-5"],
    ['a,b', '"a,b"'],
    ['say "x"', '"say ""x"""'],
  ])('never lets a spreadsheet run a text cell: %s', (text, cell) => {
    expect(renderPaymentFile([aLine({ accountReference: text })]).toString()).toContain(`,${cell},`);
  });

  it('has a name that its run alone decides', () => {
    expect(fileNameOf('PCSE', '2026-07', 1)).toBe('ATTEST-PCSE-2026-07-R001.csv');
  });
});
