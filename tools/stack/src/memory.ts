// @ts-nocheck
import { readdirSync, readFileSync } from 'node:fs';
import { statOf } from './process-identity.js';
import { run } from './processes.js';

/**
 * What processes hold in memory at one moment.
 * @typedef {object} MemorySample
 * @property {number} totalMb
 * @property {'PSS' | 'RSS'} measure PSS shares out pages that several hold; RSS, where the system has no PSS, counts them each time
 * @property {{ pid: number, name: string, mb: number }[]} processes largest first
 */

/**
 * Measures these processes and everything that they started.
 * @param {readonly number[]} [roots] this process unless told
 * @returns {Promise<MemorySample>}
 */
export async function sampleMemory(roots = [process.pid]) {
  return samplePss(roots) ?? sampleRss(roots);
}

/**
 * Measures again and again until stopped; the largest sample counts.
 * @param {{ roots?: () => readonly number[], everyMs?: number }} [options]
 * @returns {{ stop: () => Promise<MemorySample> }}
 */
export function watchMemory({ roots = () => [process.pid], everyMs = 1000 } = {}) {
  /** @type {MemorySample | undefined} */
  let peak;
  const look = async () => {
    const sample = await sampleMemory(roots());
    if (!peak || sample.totalMb > peak.totalMb) peak = sample;
    return peak;
  };
  const timer = setInterval(() => void look(), everyMs);
  timer.unref();
  return {
    stop: async () => {
      clearInterval(timer);
      return look();
    },
  };
}

/**
 * @param {readonly number[]} roots
 * @returns {MemorySample | undefined} undefined where the system does not tell
 */
function samplePss(roots) {
  let pids;
  try {
    pids = readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
    readFileSync('/proc/self/smaps_rollup');
  } catch {
    return undefined;
  }
  const parents = new Map(pids.map((pid) => [pid, Number(statOf(pid)?.[1] ?? 0)]));
  const processes = withDescendants(roots, parents).flatMap((pid) => {
    try {
      const pss = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1];
      const name = readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
      return pss ? [{ pid, name, mb: toMb(pss) }] : [];
    } catch {
      // It has ended, or its memory cannot be looked into.
      return [];
    }
  });
  return summed('PSS', processes);
}

/**
 * @param {readonly number[]} roots
 * @returns {Promise<MemorySample>}
 */
async function sampleRss(roots) {
  const { output } = await run('ps', ['-axo', 'pid=,ppid=,rss=,comm=']);
  const rows = output.split('\n').flatMap((line) => {
    const [, pid, parent, rss, name] = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return pid
      ? [{ pid: Number(pid), parent: Number(parent), name: String(name), mb: toMb(String(rss)) }]
      : [];
  });
  const wanted = new Set(withDescendants(roots, new Map(rows.map(({ pid, parent }) => [pid, parent]))));
  return summed(
    'RSS',
    rows.filter(({ pid }) => wanted.has(pid)).map(({ pid, name, mb }) => ({ pid, name, mb })),
  );
}

/**
 * @param {readonly number[]} roots
 * @param {ReadonlyMap<number, number>} parents the parent of each process
 * @returns {number[]}
 */
function withDescendants(roots, parents) {
  const found = new Set(roots);
  for (let before = 0; found.size > before;) {
    before = found.size;
    for (const [pid, parent] of parents) if (found.has(parent)) found.add(pid);
  }
  return [...found];
}

/**
 * @param {MemorySample['measure']} measure
 * @param {MemorySample['processes']} processes
 * @returns {MemorySample}
 */
function summed(measure, processes) {
  const total = processes.reduce((sum, { mb }) => sum + mb, 0);
  return { totalMb: Math.ceil(total), measure, processes: processes.sort((a, b) => b.mb - a.mb) };
}

/** @param {string} kilobytes */
function toMb(kilobytes) {
  return Math.ceil((Number(kilobytes) / 1024) * 10) / 10;
}
