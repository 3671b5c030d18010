import { describe, expect, it } from '@jest/globals';
import { Utf8Check } from './utf8-check.js';

function isUtf8(bytes: Buffer, chunkBytes: number): boolean {
  const check = new Utf8Check();
  for (let at = 0; at < bytes.length; at += chunkBytes)
    if (!check.push(bytes.subarray(at, at + chunkBytes))) return false;
  return check.end();
}

describe('the UTF-8 check', () => {
  it.each<[string, Buffer, boolean]>([
    ['letters of one to four bytes', Buffer.from('aé€😀z'), true],
    ['Latin-1', Buffer.from('Bodé', 'latin1'), false],
    ['a character cut off at the end', Buffer.from('a€').subarray(0, 3), false],
    ['a continuation out of place', Buffer.from([0x61, 0x80, 0x62]), false],
    ['UTF-16', Buffer.from('\ufeffab', 'utf16le'), false],
  ])('%s', (_name, bytes, expected) => {
    for (const chunkBytes of [1, 2, 3, 100]) expect(isUtf8(bytes, chunkBytes)).toBe(expected);
  });
});
