import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { compileSchema, describeFault, QualityService } from '@attest/contracts';
import fc from 'fast-check';
import { generateEngland } from '../src/generate.js';
import { itemsOf } from '../src/item-counts.js';
import { ITEM_SERVICES, poundsOf } from '../src/item-services.js';
import { prepareMonth } from '../src/prepare.js';
import type { Manifest } from '../src/manifest.js';
import type { PaymentRow } from '../src/published-files.js';
import { amountIn, bytesOf, rowsOf, type Row } from './rows.js';

const folder = mkdtempSync(join(tmpdir(), 'attest-month-'));
const made = join(folder, 'made');
const month = join(folder, 'month');
let manifest: Manifest;
const columns = ITEM_SERVICES.map((service) => service.column);
const sumOf = (amounts: Iterable<bigint>): bigint => [...amounts].reduce((sum, one) => sum + one, 0n);

beforeAll(() => {
  generateEngland(made, { seed: 7 });
  manifest = prepareMonth(made, month);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the files of the month', () => {
  it('are the same, byte for byte, from the same folder', () => {
    const before = bytesOf(month);
    prepareMonth(made, month);
    expect(bytesOf(month)).toEqual(before);
  });

  it('lose no pence between what was paid, what is expected and what is left out', () => {
    const payments = rowsOf(made, 'nhs_payments_2022-23_practice.csv.gz');
    const paid = sumOf(payments.flatMap((row) => columns.map((column) => amountIn(row, column))));
    const leftOut = rowsOf(month, 'left-out.csv');
    expect(BigInt(manifest.expected.itemPence) + sumOf(leftOut.map((row) => amountIn(row, 'amount')))).toBe(
      paid,
    );
    expect(leftOut).toHaveLength(manifest.expected.leftOut);
    const expected = rowsOf(month, 'expected-items.csv');
    expect(expected.length + leftOut.length).toBe(payments.length * columns.length);
    expect(sumOf(expected.map((row) => BigInt(row['pence']!)))).toBe(BigInt(manifest.expected.itemPence));
  });

  it('carry in the extracts exactly the counts that are expected', () => {
    const extracts = ITEM_SERVICES.flatMap(({ serviceCode }) =>
      rowsOf(month, `extract-${serviceCode}.csv`).map(
        (row) => `${row['ORG_CODE']} ${row['QUALITY_SERVICE']} ${row['ACH_DATE']} ${row['VALUE']}`,
      ),
    );
    const expected = rowsOf(month, 'expected-items.csv').map(
      (row) =>
        `${row['practice_code']} ${row['service_code']} ${row['achievement_date']!.replaceAll('-', '')} ${row['count']}`,
    );
    expect(new Set(extracts)).toEqual(new Set(expected));
    expect(extracts).toHaveLength(expected.length);
    expect(
      manifest.extractFiles
        .flatMap((file) => (file.layout === 'cqrs' ? [file.rows] : []))
        .reduce((a, b) => a + b),
    ).toBe(expected.length);
  });

  it('name services that the contract takes, fields that their extracts carry, and one declaration a provider', () => {
    const valid = compileSchema(QualityService);
    let declarations = 0;
    for (const { path, serviceCode, participation, providerKind } of manifest.services) {
      const document = JSON.parse(readFileSync(path, 'utf8'));
      expect(valid(document) || describeFault(valid)).toBe(true);
      expect(document).toMatchObject({ serviceCode, providerKind });
      expect(new Set(participation.providers).size).toBe(participation.providers.length);
      declarations += participation.providers.length;
    }
    expect(manifest.expected.declarations).toBe(declarations);
    expect(manifest.services).toHaveLength(9);
  });

  it('bring people for every provider, two signers for every commissioner and stage, and the national roles', () => {
    const people = rowsOf(month, 'people.csv');
    const holders = (role: string): Map<string, number> => {
      const found = new Map<string, number>();
      for (const row of people.filter((one) => one['role'] === role))
        found.set(row['organisation_code']!, (found.get(row['organisation_code']!) ?? 0) + 1);
      return found;
    };
    const declarers = holders('DECLARATION_MANAGEMENT');
    const providers = manifest.services.flatMap((service) => service.participation.providers);
    expect(providers.filter((code) => !declarers.has(code))).toEqual([]);
    for (const role of ['APPROVAL_MANAGEMENT', 'FINANCE_MANAGEMENT']) {
      const signers = holders(role);
      expect(manifest.commissioners.filter((code) => signers.get(code) !== 2)).toEqual([]);
    }
    // One sends a file that moves much, the other confirms it.
    expect(holders('NATIONAL_OPERATOR').get('ENGLAND')).toBe(2);
    for (const role of ['EXTRACT_SUBMISSION', 'ORGANISATION_ADMINISTRATION', 'VIEW'])
      expect(holders(role).get('ENGLAND')).toBe(1);
    expect(holders('PAYMENT_AGENCY').get('PCSE')).toBe(1);
    // Boards that were abolished since still sign for practices that closed before.
    expect(manifest.commissioners.length).toBeGreaterThan(manifest.expected.commissioners);
  });

  it('cast two movers between four PCNs of their ICBs, who leave two members behind', () => {
    const july = rowsOf(made, 'practice_pcn_icb_2026-07.csv.gz');
    const membersOf = (pcn: string): Row[] => july.filter((row) => row['pcn_code'] === pcn);
    const { mover, lateMover } = manifest.cast;
    expect(
      new Set([mover, lateMover].flatMap(({ leavesPcnCode, joinsPcnCode }) => [leavesPcnCode, joinsPcnCode]))
        .size,
    ).toBe(4);
    for (const { practiceCode, leavesPcnCode, joinsPcnCode, effectiveOn } of [mover, lateMover]) {
      const left = membersOf(leavesPcnCode);
      expect(left.some((row) => row['practice_code'] === practiceCode)).toBe(true);
      expect(left.length).toBeGreaterThanOrEqual(3);
      expect(new Set([...left, ...membersOf(joinsPcnCode)].map((row) => row['icb_code'])).size).toBe(1);
      expect(effectiveOn).toBe('2026-07-20');
    }
  });

  it('cast an amended figure that is newer and higher, and two lines to reject', () => {
    const { amended, rejected } = manifest.cast;
    const rowOf = (name: string): Row | undefined =>
      rowsOf(month, name).find((row) => row['ORG_CODE'] === amended.practiceCode);
    const [before, after] = [rowOf(`extract-${amended.serviceCode}.csv`)!, rowOf('extract-amended.csv')!];
    const when = (row: Row): string => row['SUBMIT_DATE']!.split('/').reverse().join('') + row['SUBMIT_TIME'];
    expect(when(after) > when(before)).toBe(true);
    expect(Number(after['VALUE'])).toBe(Number(before['VALUE']) + 3);
    expect(BigInt(amended.amendedPence) - BigInt(amended.pence)).toBe(3n * 1_006n);
    expect(rowsOf(month, 'extract-amended.csv')).toHaveLength(1);
    expect(rejected).toHaveLength(2);
    const expected = new Set(
      rowsOf(month, 'expected-items.csv').map((row) => `${row['practice_code']} ${row['service_code']}`),
    );
    for (const { providerCode, serviceCode } of rejected) {
      expect(expected.has(`${providerCode} ${serviceCode}`)).toBe(true);
      expect(providerCode).not.toBe(amended.practiceCode);
    }
  });
});

describe('an amount', () => {
  const paid = (amounts: Partial<PaymentRow>): PaymentRow => ({
    'Practice Code': 'X00001',
    Pertussis: '0',
    Meningitis: '0',
    'Rotavirus and Shingles Immunisation': '0',
    'Non DES Item Pneumococcal Vaccine, Childhood Immunisation Main Programme': '0',
    'Learning Disabilities': '0',
    'Weight Management Service': '0',
    ...amounts,
  });

  it.each([
    ['', '', 'no amount'],
    ['1e3', '', 'no amount'],
    ['0', '', 'nil: did not take part'],
    ['-10.06', '', 'negative: an adjustment'],
    ['10.07', '', 'not a whole multiple of the fee: an adjustment or another year'],
    ['10.06', '2023-03-30', 'the practice closed before the achievement date'],
  ])('of "%s" (closed "%s") is left out: %s', (amount, closedOn, reason) => {
    const row = paid({ Pertussis: amount });
    expect(itemsOf([row], new Map([['X00001', closedOn]])).leftOut[0]).toEqual([
      'X00001',
      'VIPERT2223',
      amount,
      reason,
    ]);
  });

  it('counts for a practice that closed on the achievement date itself', () => {
    const row = paid({ Pertussis: '20.12' });
    const { taken } = itemsOf([row], new Map([['X00001', '2023-03-31']]));
    expect(taken).toMatchObject([{ practiceCode: 'X00001', count: 2n, pence: 2_012n }]);
  });

  it('is either counted or left out, to the penny', () => {
    fc.assert(
      fc.property(
        fc.array(fc.bigInt({ min: -10_000_000n, max: 10_000_000_000n }), { minLength: 6, maxLength: 6 }),
        (amounts) => {
          const texts = columns.map((column, at) => {
            const pence = amounts[at]!;
            return [column, pence < 0n ? `-${poundsOf(-pence)}` : poundsOf(pence)];
          });
          const { taken, leftOut } = itemsOf([paid(Object.fromEntries(texts))], new Map());
          const counted = sumOf(taken.map((item) => item.count * item.service.feePence));
          const rest = sumOf(leftOut.map(([, , amount]) => amountIn({ amount }, 'amount')));
          expect(counted + rest).toBe(sumOf(amounts));
          expect(taken.length + leftOut.length).toBe(6);
        },
      ),
    );
  });
});
