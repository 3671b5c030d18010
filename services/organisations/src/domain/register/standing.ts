import type { LondonDate } from '@attest/calendar';
import type { Layout } from '../files/layouts.js';
import type { NamedCode, NamedKind } from '../files/named-codes.js';
import type { Listing } from './records.js';

/** A file whose rows count, with whom it names in rows that could not be taken. */
export interface TakenFile {
  readonly fileId: string;
  readonly layout: Layout;
  readonly asAt: LondonDate;
  /** Grows with each file that is taken. */
  readonly received: bigint;
  readonly unread: readonly NamedCode[];
}

/** Whose rows speak of an organisation as at a date, and whether they name it. */
export interface Sayer {
  readonly file: TakenFile;
  /** False: the file was read wholly enough to say that it lacks the organisation. */
  readonly named: boolean;
}

/**
 * Which file counts where several describe one date in one layout. The newest does; but of an organisation that a row of
 * it names and that could not be read, what stood before stands: the file before it is asked, and so on.
 */
export class Standing {
  private readonly layers = new Map<string, TakenFile[]>();

  /** @param files all that are taken, in any order */
  constructor(files: readonly TakenFile[]) {
    for (const file of [...files].sort((a, b) => (a.received > b.received ? -1 : 1))) {
      const layers = this.layers.get(dateOf(file));
      if (!layers) this.layers.set(dateOf(file), [file]);
      // Behind a file that was read wholly nothing counts.
      else if (layers.at(-1)!.unread.length > 0) layers.push(file);
    }
  }

  /** Files whose rows may count. */
  get fileIds(): string[] {
    return [...this.layers.values()].flat().map(({ fileId }) => fileId);
  }

  /** The date of the newest file that tells memberships. */
  get newestMembershipsAsAt(): LondonDate | null {
    const dates = [...this.of('pcn-memberships'), ...this.of('practice-pcn-icb')].map(([file]) => file!.asAt);
    return dates.sort().at(-1) ?? null;
  }

  /** The files of a layout, those of one date together, newest first; the dates ascend. */
  of(layout: Layout): (readonly TakenFile[])[] {
    return [...this.layers.values()]
      .filter(([file]) => file!.layout === layout)
      .sort(([a], [b]) => (a!.asAt < b!.asAt ? -1 : 1));
  }

  /** Of rows of several files those that count. */
  rows<R extends { readonly fileId: string }>(
    rows: readonly R[],
    kind: NamedKind,
    codeOf: (row: R) => string,
  ): R[] {
    const names = namesOf(rows, codeOf);
    const layersOf = new Map(
      [...this.layers.values()].flatMap((layers) => layers.map(({ fileId }) => [fileId, layers] as const)),
    );
    return rows.filter((row) => {
      const layers = layersOf.get(row.fileId);
      if (!layers) return false;
      return layers.length === 1 || sayerOf(layers, kind, codeOf(row), names)?.file.fileId === row.fileId;
    });
  }

  /** The lists of ICBs. @param rows their rows, by file */
  listings<R extends { readonly fileId: string }>(rows: readonly R[], codeOf: (row: R) => string): Listing[] {
    const names = namesOf(rows, codeOf);
    return this.of('practice-pcn-icb').map((layers) => ({
      asAt: layers[0]!.asAt,
      lacks: (icbCode) => sayerOf(layers, 'commissioner', icbCode, names)?.named === false,
    }));
  }
}

/** Null when nobody knows: each of these files may have it in a row that could not be read. */
export function sayerOf(
  layers: readonly TakenFile[],
  kind: NamedKind,
  code: string,
  names: ReadonlyMap<string, ReadonlySet<string>>,
): Sayer | null {
  for (const file of layers) {
    if (names.get(file.fileId)?.has(code)) return { file, named: true };
    if (!mayNameUnread(file, kind, code)) return { file, named: false };
  }
  return null;
}

/** Whether a row that could not be read names it, or may. */
export function mayNameUnread(file: TakenFile, kind: NamedKind, code: string): boolean {
  const unread = unreadOf(file);
  return unread.has(`${kind} ${code}`) || unread.has(`${kind} ${null}`);
}

/** A file may have as many faulty rows as rows, and is asked of each organisation. */
const unreadByFile = new WeakMap<TakenFile, ReadonlySet<string>>();

function unreadOf(file: TakenFile): ReadonlySet<string> {
  let unread = unreadByFile.get(file);
  if (unread === undefined) {
    unread = new Set(file.unread.map(({ kind, code }) => `${kind} ${code}`));
    unreadByFile.set(file, unread);
  }
  return unread;
}

/** Whom each file names, by its id. */
export function namesOf<R extends { readonly fileId: string }>(
  rows: readonly R[],
  codeOf: (row: R) => string,
): Map<string, Set<string>> {
  const names = new Map<string, Set<string>>();
  for (const row of rows) {
    const of = names.get(row.fileId);
    if (of) of.add(codeOf(row));
    else names.set(row.fileId, new Set([codeOf(row)]));
  }
  return names;
}

const dateOf = ({ layout, asAt }: TakenFile): string => `${layout} ${asAt}`;
