import { readdirSync, readFileSync } from 'node:fs';
import { statOf } from './process-identity.js';
import { run } from './processes.js';

export interface ProcessMemory {
  readonly pid: number;
  readonly name: string;
  readonly mb: number;
}

/** What processes hold in memory at one moment. */
export interface MemorySample {
  readonly totalMb: number;
  /** PSS shares out pages that several hold; RSS, where the system has no PSS, counts them each time. */
  readonly measure: 'PSS' | 'RSS';
  /** Largest first. */
  readonly processes: readonly ProcessMemory[];
}

/** Measures these processes, or this one, and everything that they started. */
export async function sampleMemory(roots: readonly number[] = [process.pid]): Promise<MemorySample> {
  return samplePss(roots) ?? sampleRss(roots);
}

/** Measures again and again until stopped; the largest sample counts. */
export function watchMemory({
  roots = () => [process.pid],
  everyMs = 1000,
}: { roots?: () => readonly number[]; everyMs?: number } = {}): { stop: () => Promise<MemorySample> } {
  let peak: MemorySample | undefined;
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

/** Undefined where the system does not tell. */
function samplePss(roots: readonly number[]): MemorySample | undefined {
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

async function sampleRss(roots: readonly number[]): Promise<MemorySample> {
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

/** `parents` holds the parent of each process. */
function withDescendants(roots: readonly number[], parents: ReadonlyMap<number, number>): number[] {
  const found = new Set(roots);
  for (let before = 0; found.size > before;) {
    before = found.size;
    for (const [pid, parent] of parents) if (found.has(parent)) found.add(pid);
  }
  return [...found];
}

function summed(measure: MemorySample['measure'], processes: ProcessMemory[]): MemorySample {
  const total = processes.reduce((sum, { mb }) => sum + mb, 0);
  return { totalMb: Math.ceil(total), measure, processes: processes.sort((a, b) => b.mb - a.mb) };
}

function toMb(kilobytes: string): number {
  return Math.ceil((Number(kilobytes) / 1024) * 10) / 10;
}
