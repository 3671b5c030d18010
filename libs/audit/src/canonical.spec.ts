import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { anchorSignature, GENESIS, linkHash, type Link } from './canonical.js';

const LINK: Link = {
  seq: '1',
  at: '2026-08-20T09:00:00.000Z',
  subject: 'declaration_history',
  rowXid: '7',
  rowId: '1',
  content: '{"pence": "9007199254740993", "reason": null, "to_status": "PAID"}',
};

describe('a link of the chain', () => {
  it('is hashed behind the hash of the one before it', () => {
    const text =
      '1\n2026-08-20T09:00:00.000Z\ndeclaration_history\n7\n1\n{"pence": "9007199254740993", "reason": null, "to_status": "PAID"}';
    expect(linkHash(GENESIS, LINK)).toEqual(
      createHash('sha256')
        .update(Buffer.concat([GENESIS, Buffer.from(text)]))
        .digest(),
    );
  });

  it.each<[string, Partial<Link>]>([
    ['number', { seq: '2' }],
    ['table', { subject: 'signature_record' }],
    ['row', { rowId: '2' }],
    ['transaction', { rowXid: '8' }],
    ['instant', { at: '2026-08-20T09:00:00.001Z' }],
    ['content', { content: LINK.content.replace('993', '992') }],
  ])('has another hash with another %s', (_what, change) => {
    expect(linkHash(GENESIS, { ...LINK, ...change })).not.toEqual(linkHash(GENESIS, LINK));
  });
});

it('an anchor is signed by whoever holds the key', () => {
  const anchor = { service: 'payment-export', date: '2026-08-20', seq: '9', hash: 'ab', at: 'x' };
  expect(anchorSignature(anchor, 'one key')).toMatch(/^[0-9a-f]{64}$/);
  expect(anchorSignature(anchor, 'one key')).not.toBe(anchorSignature(anchor, 'another key'));
  expect(anchorSignature({ ...anchor, seq: '8' }, 'one key')).not.toBe(anchorSignature(anchor, 'one key'));
});
