// Measures the contestants in turn, again and again: the machine's speed drifts, so only neighbours may be compared.
import { say } from '@attest/stack/say';
import { show } from './table.js';

/** One figure, or several by their names. */
type Measured = number | Readonly<Record<string, number>>;

/** Takes the rotation's number; the round that is not counted is −1. */
type Contestants<T> = { readonly [N in keyof T]: (rotation: number) => Promise<T[N]> };

/**
 * Each rotation begins with another contestant, so that none always runs on the cache that the same one has warmed. The
 * first round is not counted: processes compile their hot code in it.
 * @returns what they gave, in the order of the rotations
 */
export async function rotate<T extends Record<string, Measured>>(
  rotations: number,
  contestants: Contestants<T>,
): Promise<{ [N in keyof T]: T[N][] }> {
  const names: (keyof T & string)[] = Object.keys(contestants);
  const found: { [N in keyof T]?: T[N][] } = {};
  for (const name of names) await contestants[name](-1);
  for (let rotation = 0; rotation < rotations; rotation++) {
    const start = rotation % names.length;
    const said = new Map<string, string>();
    for (const name of [...names.slice(start), ...names.slice(0, start)]) {
      const measured = await contestants[name](rotation);
      (found[name] ??= []).push(measured);
      said.set(name, inWords(measured));
    }
    const line = names.map((name) => `${name} ${said.get(name)}`).join(', ');
    say(`  rotation ${rotation + 1} of ${rotations}: ${line}`);
  }
  return found as { [N in keyof T]: T[N][] };
}

function inWords(value: Measured): string {
  if (typeof value === 'number') return show(value);
  return Object.entries(value)
    .map(([key, part]) => `${key} ${show(part)}`)
    .join(' ');
}
