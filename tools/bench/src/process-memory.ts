// @ts-nocheck
import { readFileSync } from 'node:fs';
import { sampleMemory } from '@attest/stack/memory';

/**
 * The most memory that one process has held at once. Linux keeps it; elsewhere it is sampled while `work` runs.
 * @template T
 * @param {number} pid
 * @param {() => Promise<T>} work
 * @returns {Promise<{ result: T, peakMb: number, measure: 'VmHWM' | 'sampled' }>}
 */
export async function peakMemoryOf(pid, work) {
  let sampled = 0;
  const timer = setInterval(() => {
    void sampleMemory([pid]).then(({ totalMb }) => (sampled = Math.max(sampled, totalMb)));
  }, 250);
  try {
    const result = await work();
    const kept = highWaterMark(pid);
    return kept === undefined
      ? { result, peakMb: sampled, measure: 'sampled' }
      : { result, peakMb: kept, measure: 'VmHWM' };
  } finally {
    clearInterval(timer);
  }
}

/** Megabytes of resident memory at the process's highest. */
function highWaterMark(pid) {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? undefined : Math.ceil(Number(kilobytes) / 1024);
  } catch {
    return undefined;
  }
}
