// @ts-nocheck
// Measures the contestants in turn, again and again: the machine's speed drifts, so only neighbours may be compared.
import { say } from '@attest/stack/say';
import { show } from './table.js';

/**
 * Each rotation begins with another contestant, so that none always runs on the cache that the same one has warmed. The
 * first round is not counted: processes compile their hot code in it.
 * @template {string} N
 * @param {number} rotations
 * @param {Record<N, (rotation: number) => Promise<any>>} contestants
 * @returns {Promise<Record<N, any[]>>} what they gave, in the order of the rotations
 */
export async function rotate(rotations, contestants) {
  const names = Object.keys(contestants);
  const found = Object.fromEntries(names.map((name) => [name, []]));
  for (const name of names) await contestants[name](-1);
  for (let rotation = 0; rotation < rotations; rotation++) {
    const start = rotation % names.length;
    for (const name of [...names.slice(start), ...names.slice(0, start)])
      found[name].push(await contestants[name](rotation));
    const line = names.map((name) => `${name} ${inWords(found[name].at(-1))}`).join(', ');
    say(`  rotation ${rotation + 1} of ${rotations}: ${line}`);
  }
  return found;
}

function inWords(value) {
  if (typeof value === 'number') return show(value);
  return Object.entries(value)
    .filter(([, part]) => typeof part === 'number')
    .map(([key, part]) => `${key} ${show(part)}`)
    .join(' ');
}
