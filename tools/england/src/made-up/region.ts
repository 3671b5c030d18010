// @ts-nocheck
// One region of a made-up England: its boards with all that is theirs. What reaches over the border is cut at it.
import * as shape from './shape.js';

/** @param {object[]} practices of July 2026 @returns {string} the code of the region that is played alone */
export function chooseRegion(practices) {
  const sizes = new Map();
  for (const { icb } of practices) sizes.set(icb.region, (sizes.get(icb.region) ?? 0) + 1);
  const distance = (size) => Math.abs(size - shape.PRACTICES_OF_ONE_REGION);
  return [...sizes].sort(([a, m], [b, n]) => distance(m) - distance(n) || (a < b ? -1 : 1))[0][0];
}

/**
 * What of an England is written.
 * @param {string | undefined} region undefined takes all of it
 */
export function within(region) {
  const has = (icb) => region === undefined || icb.region === region;
  return {
    practice: ({ icb }) => has(icb),
    pcn: ({ icb }) => has(icb),
    spell: ({ practice, pcn }) => has(practice.icb) && has(pcn.icb),
    result: ({ practice }) => has(practice.icb),
    payment: ([regionCode]) => region === undefined || regionCode === region,
    /** A practice whose network belongs to another region is in none. */
    pcnOf: ({ pcn }) => (pcn && has(pcn.icb) ? pcn : null),
  };
}
