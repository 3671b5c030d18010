import type { LondonDate } from '@attest/calendar';
import type { Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import { agreed } from '../domain/files/contradictions.js';
import type { Layout } from '../domain/files/layouts.js';
import { readLocation, readMembership, readPcn, readPractice, readRole } from '../domain/files/read-row.js';
import { REJECTIONS, type RejectedRow } from '../domain/files/rejected-row.js';
import { overlaps } from '../domain/memberships/timeline.js';
import { standingOf } from '../domain/register/general-practice.js';
import { OrganisationStore, RecordStore } from './ports.js';
import { readFile, type ReadFile, type TakenRow } from './read-file.js';
import { RoleStore } from './role-store.js';

type Notes = Record<string, number>;

/** A file that was read and can be kept in a transaction. */
export interface ReadyFile {
  readonly read: ReadFile<unknown>;
  /** Understood, but nothing that Attest pays: hospitals, practices in Wales. */
  readonly skipped: number;
  /** Rows that only what is already known can refuse. */
  refuse(tx: Tx): Promise<readonly RejectedRow[]>;
  /** Keeps what the file says, and tells what deserves a look. */
  keep(tx: Tx, fileId: string): Promise<Notes>;
}

const nothingRefused = async (): Promise<readonly RejectedRow[]> => [];
const values = <T>(rows: readonly TakenRow<T>[]): T[] => rows.map((row) => row.value);
/** What each layout means. */
@Injectable()
export class Layouts {
  constructor(
    private readonly records: RecordStore,
    private readonly organisations: OrganisationStore,
    private readonly roles: RoleStore,
  ) {}

  read(layout: Layout, asAt: LondonDate, chunks: AsyncIterable<Buffer>): Promise<ReadyFile> {
    switch (layout) {
      case 'practices':
        return this.practices(asAt, chunks);
      case 'pcns':
        return this.pcns(asAt, chunks);
      case 'pcn-memberships':
        return this.memberships(asAt, chunks);
      case 'practice-pcn-icb':
        return this.locations(asAt, chunks);
      case 'people':
        return this.people(chunks);
    }
  }

  private async practices(asAt: LondonDate, chunks: AsyncIterable<Buffer>): Promise<ReadyFile> {
    const read = await readFile('practices', chunks, (row) => readPractice(row, asAt), [
      (p) => p.practiceCode,
    ]);
    const practices = values(read.taken);
    const standings = practices.map((practice) => standingOf([practice]));
    const count = (standing: string): number => standings.filter((s) => s === standing).length;
    const [notAPractice, notInEngland] = [count('not-a-practice'), count('not-in-england')];
    return {
      read,
      skipped: notAPractice + notInEngland,
      refuse: nothingRefused,
      keep: async (tx, fileId) => {
        await this.records.addPractices(tx, fileId, practices);
        return { notAPractice, notInEngland };
      },
    };
  }

  private async pcns(asAt: LondonDate, chunks: AsyncIterable<Buffer>): Promise<ReadyFile> {
    const read = await readFile('pcns', chunks, (row) => readPcn(row, asAt), [(p) => p.pcnCode]);
    return {
      read,
      skipped: 0,
      refuse: nothingRefused,
      keep: async (tx, fileId) => {
        await this.records.addPcns(tx, fileId, values(read.taken));
        return {};
      },
    };
  }

  private async memberships(asAt: LondonDate, chunks: AsyncIterable<Buffer>): Promise<ReadyFile> {
    const read = await readFile('pcn-memberships', chunks, (row) => readMembership(row, asAt), [
      (m) => `${m.practice.practiceCode} ${m.pcn.pcnCode} ${m.from}`,
      // For the same days in two PCNs: no rule says which.
      (m) => `${m.practice.practiceCode} ${m.from} ${m.to}`,
    ]);
    const rows = values(read.taken);
    const practices = agreed(
      rows.map((row) => row.practice),
      (p) => p.practiceCode,
      ['name', 'subIcbCode'],
    );
    const pcns = agreed(
      rows.map((row) => row.pcn),
      (p) => p.pcnCode,
      ['name', 'subIcbCode'],
    );
    const spells = rows.map(({ practice, pcn, from, to }) => ({
      practiceCode: practice.practiceCode,
      pcnCode: pcn.pcnCode,
      from,
      to,
    }));
    return {
      read,
      skipped: 0,
      refuse: nothingRefused,
      keep: async (tx, fileId) => {
        await this.records.addPractices(tx, fileId, practices.items);
        await this.records.addPcns(tx, fileId, pcns.items);
        await this.records.addHistory(tx, fileId, asAt, spells);
        const describedDifferently = practices.disputed + pcns.disputed;
        return { ...overlapNotes(spells), describedDifferently };
      },
    };
  }

  private async locations(asAt: LondonDate, chunks: AsyncIterable<Buffer>): Promise<ReadyFile> {
    const read = await readFile('practice-pcn-icb', chunks, (row) => readLocation(row, asAt), [
      (l) => l.practice.practiceCode,
    ]);
    const rows = values(read.taken);
    const inPcns = rows.flatMap((row) => row.pcn ?? []);
    const withPatients = new Set(inPcns.flatMap((p) => (p.withPatients ? [p.pcnCode] : [])));
    const pcns = agreed(
      inPcns.map((p) => ({ ...p, withPatients: withPatients.has(p.pcnCode) })),
      (p) => p.pcnCode,
      ['name'],
    );
    const commissioners = agreed(
      rows.map((row) => row.commissioner),
      (c) => c.icbCode,
      ['name', 'regionCode', 'regionName'],
    );
    return {
      read,
      skipped: 0,
      refuse: nothingRefused,
      keep: async (tx, fileId) => {
        await this.records.addPractices(
          tx,
          fileId,
          rows.map((row) => row.practice),
        );
        await this.records.addPcns(tx, fileId, pcns.items);
        await this.records.addCommissioners(tx, fileId, commissioners.items);
        await this.records.addSnapshot(
          tx,
          fileId,
          asAt,
          new Map(rows.map((row) => [row.practice.practiceCode, row.pcn?.pcnCode ?? null])),
        );
        const describedDifferently = pcns.disputed + commissioners.disputed;
        return { unallocated: rows.length - inPcns.length, describedDifferently };
      },
    };
  }

  private async people(chunks: AsyncIterable<Buffer>): Promise<ReadyFile> {
    const read = await readFile('people', chunks, readRole, [
      (r) => `${r.personId} ${r.role} ${r.organisationCode}`,
    ]);
    let accepted: readonly TakenRow<ReturnType<typeof readRole>>[] = read.taken;
    return {
      read,
      skipped: 0,
      refuse: async (tx) => {
        const codes = [...new Set(read.taken.map((row) => row.value.organisationCode))];
        const known = await this.organisations.find(tx, codes);
        const isKnown = (row: (typeof read.taken)[number]): boolean => known.has(row.value.organisationCode);
        accepted = read.taken.filter(isKnown);
        return read.taken
          .filter((row) => !isKnown(row))
          .map(({ line, original }) => ({
            line,
            code: 'ORGANISATION_UNKNOWN',
            reason: `organisation_code: ${REJECTIONS.ORGANISATION_UNKNOWN}`,
            original,
          }));
      },
      keep: async (tx, fileId) => {
        await this.roles.addStatements(tx, fileId, values(accepted));
        return {};
      },
    };
  }
}

function overlapNotes(
  spells: readonly { practiceCode: string; pcnCode: string; from: LondonDate; to: LondonDate | null }[],
): Notes {
  const byPractice = new Map<string, (typeof spells)[number][]>();
  for (const spell of spells)
    byPractice.set(spell.practiceCode, [...(byPractice.get(spell.practiceCode) ?? []), spell]);
  const notes = { overlappingSpells: 0, spellsSharingADay: 0 };
  for (const published of byPractice.values()) {
    const { days, oneDay } = overlaps(published);
    notes.overlappingSpells += days;
    notes.spellsSharingADay += oneDay;
  }
  return notes;
}
