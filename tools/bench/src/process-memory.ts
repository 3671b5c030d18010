import { readFileSync } from 'node:fs';
import { sampleMemory } from '@attest/stack/memory';

export interface Peak<T> {
  /** What the work gave. */
  readonly result: T;
  readonly peakMb: number;
  readonly measure: 'VmHWM' | 'sampled';
}

/** The most memory that one process has held at once. Linux keeps it; elsewhere it is sampled while `work` runs. */
export async function peakMemoryOf<T>(pid: number, work: () => Promise<T>): Promise<Peak<T>> {
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
function highWaterMark(pid: number): number | undefined {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? undefined : Math.ceil(Number(kilobytes) / 1024);
  } catch {
    return undefined;
  }
}
