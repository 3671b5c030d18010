import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import { encodeRecord, type RecordToEncode } from './fast-records.js';

type Encode = (record: RecordToEncode) => { readonly buffer: Buffer };
const PLACE = 'kafkajs/src/protocol/recordBatch/record/v0/index.js';
const require = createRequire(import.meta.url);

/** As it is on the disk, whatever was put in its place. */
function kafkajsOwn(): Encode {
  const place = require.resolve(PLACE);
  const module = { exports: undefined as unknown as Encode };
  const { readFileSync } = require('node:fs') as typeof import('node:fs');
  const inside = createRequire(place);
  new Function('module', 'require', readFileSync(place, 'utf8'))(module, inside);
  return module.exports;
}

const HEADERS = { ce_id: '0190c0de-0000-7000-8000-000000000001', ce_source: 'declaration-workflow' };

const RECORDS: Record<string, RecordToEncode> = {
  'nothing at all': {},
  'an event': { offsetDelta: 999, timestampDelta: 12, key: 'a|b', value: '{"pence":"1"}', headers: HEADERS },
  'a large one': { offsetDelta: 70_000, value: 'x'.repeat(3_000_000), headers: HEADERS },
  'no value': { key: null, value: null },
  'an empty value': { key: '', value: '', headers: { ce_id: '' } },
  'letters of several bytes': { key: 'Ĝ', value: '“£1” 💷', headers: { ce_é: 'ü' } },
  bytes: { key: Buffer.from([255, 0]), value: Buffer.alloc(300, 128), headers: { raw: Buffer.from([1]) } },
  'one header twice': { value: 'v', headers: { same: ['1', Buffer.from('2')], other: '3' } },
  ...Object.fromEntries(
    [-1, 63, 64, -64, -65, 8_191, 0x3fff_ffff, 0x4000_0000, -0x4000_0000, -0x4000_0001, 5e9, -9e12].map(
      (timestampDelta) => [`${timestampDelta} ms`, { timestampDelta, value: 'v' }],
    ),
  ),
};

describe('a record encoded by ours', () => {
  it.each(Object.entries(RECORDS))('is byte for byte that of kafkajs: %s', (_, record) => {
    expect(encodeRecord(record).buffer.equals(kafkajsOwn()(record).buffer)).toBe(true);
  });

  it('is the one that kafkajs sends', async () => {
    await import('./index.js');
    expect(require(PLACE)).toBe(encodeRecord);
  });
});
