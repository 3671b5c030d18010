import { Injectable } from '@nestjs/common';
import { newEvent, PageAmendedV1, PageReceivedV1, type NewEvent, type PageState } from '@attest/contracts';
import { Outbox, versionsOf } from '@attest/messaging';
import type { Tx } from '@attest/persistence';
import type { CollectedPage, PageCollector } from '../domain/page-collector.js';
import { decidePage, leaveWhatStood, mayFill, type PageDecision } from '../domain/page-decision.js';
import type { Reference } from '../domain/reference.js';
import { ROW_FAULTS } from '../domain/row-faults.js';
import type { RowReader } from '../domain/row-reader.js';
import type { RejectedRow } from '../domain/rejected-row.js';
import { SubmissionTimes } from '../domain/submission-time.js';
import { WithdrawalRefusedError } from '../domain/withdrawal.js';
import {
  ExtractFileStore,
  PageStore,
  type NewExtractFile,
  type NewPage,
  type PassedOver,
  type PeriodKey,
  type ToldRows,
} from './ports.js';
import { FindEffectOfWithdrawal } from './effect-of-withdrawal.js';
import type { FileCounts } from './views.js';
import { OvertakeAmendments } from './overtake-amendments.js';
import { RecordCompleteness } from './record-completeness.js';
import { RestorePages } from './restore-pages.js';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Few enough that they are gone before they are promoted: a national file makes tens of thousands. */
const PAGES_AT_ONCE = 200;

/** Everything that a file changes, in one transaction: pages, rejected rows, events, completeness, its receipt. */
@Injectable()
export class TakeFile {
  constructor(
    private readonly files: ExtractFileStore,
    private readonly pages: PageStore,
    private readonly outbox: Outbox,
    private readonly completeness: RecordCompleteness,
    private readonly amendments: OvertakeAmendments,
    private readonly effect: FindEffectOfWithdrawal,
    private readonly restore: RestorePages,
  ) {}

  /**
   * The file that this one only repeats, and then nothing is taken.
   * @throws WithdrawalRefusedError where the file that is read again was withdrawn meanwhile
   */
  async run(
    tx: Tx,
    file: NewExtractFile,
    reference: Reference,
    rows: RowReader,
    told: ToldRows,
  ): Promise<string | undefined> {
    const collectors = [...rows.collectors()];
    const periods = collectors.map(periodOf);
    await this.files.lockBytes(tx, file);
    await this.pages.lockPeriods(tx, periods);
    const repeated = await this.repeated(tx, file);
    if (repeated !== undefined) return repeated;
    await this.files.addTaken(tx, file, periods);
    const counts: Writable<FileCounts> = {
      rows: rows.counts.rows,
      rowsTaken: sumOf(collectors, (collector) => collector.takenRows),
      rowsRejected: 0,
      rowsIgnored: rows.counts.ignored,
      rowsOlder: rows.counts.older + sumOf(collectors, (collector) => collector.olderRows),
      rowsBlank: rows.counts.blank,
      pagesReceived: 0,
      pagesAmended: 0,
      pagesUnchanged: 0,
      pagesSuperseded: 0,
      pagesRejected: 0,
      valuesLeft: 0,
    };
    // A transaction that is run again must not find what its first attempt added.
    const incomplete: RejectedRow[] = [];
    for (const collector of collectors)
      await this.takePeriod(tx, file, reference, collector, rows, counts, incomplete);
    const written = await this.files.addRejectedRows(tx, file.fileId, both(told.read(), incomplete));
    counts.rowsRejected = written - incomplete.length;
    counts.rowsOlder += told.older;
    await this.files.recordCounts(tx, file.fileId, counts);
    await this.completeness.run(tx, periods);
    return undefined;
  }

  /** Reading again is asked for, so it repeats nothing but itself. */
  private async repeated(tx: Tx, file: NewExtractFile): Promise<string | undefined> {
    // It may have been withdrawn while it was read. Whoever withdraws it waits for its periods, as this did.
    if (file.readFrom !== undefined && (await this.files.isWithdrawn(file.readFrom, tx)))
      throw new WithdrawalRefusedError('FILE_WITHDRAWN', file.readFrom);
    if (file.reading === 1) return this.files.findTaken(file, tx);
    return (await this.files.readings(file, tx)) >= file.reading ? file.fileId : undefined;
  }

  private async takePeriod(
    tx: Tx,
    file: NewExtractFile,
    reference: Reference,
    collector: PageCollector,
    { doubts }: RowReader,
    counts: Writable<FileCounts>,
    incomplete: RejectedRow[],
  ): Promise<void> {
    const period = periodOf(collector);
    const { rulePack } = collector.fields.service;
    const current = await this.pages.currentPages(tx, period);
    const overtaken = await this.amendments.of(tx, period);
    const versions = await versionsOf(tx);
    const times = new SubmissionTimes();
    const mayBeFilled: string[] = [];
    let slice = new PagesOfSlice();
    for (const page of collector.collected(doubts)) {
      const practiceCode = reference.organisations.code(page.practice);
      const known = current.get(practiceCode);
      const submittedAt = page.submitted === 0 ? file.receivedAt : times.instant(page.submitted);
      const incoming = { ...page, rulePackVersion: rulePack.version, fields: rulePack.fields, submittedAt };
      const decision = decidePage(known, incoming);
      const { values, left } = leaveWhatStood(incoming, decision === 'superseded' ? undefined : known);
      const next: NewPage = {
        ...incoming,
        practiceCode,
        values,
        left: left.length > 0 ? left : null,
        pageVersion: known?.pageVersion ?? 0,
      };
      if (page.missing.length > 0) {
        counts.pagesRejected++;
        incomplete.push(incompleteRow(practiceCode, period, page, rulePack.fields));
        // Whoever looks at the page that stands sees that this came.
        if (decision !== 'received' && decision !== 'superseded')
          slice.superseded.push({ ...next, why: 'PAGE_INCOMPLETE' });
        continue;
      }
      counts[COUNTED_AS[decision]]++;
      if (decision !== 'superseded') counts.valuesLeft += left.length;
      else if (mayFill(known!, incoming)) mayBeFilled.push(practiceCode);
      const why = PASSED_OVER[decision];
      if (why) slice.superseded.push({ ...next, why });
      else if (decision === 'unchanged') slice.repeated.push(next);
      else {
        overtaken.by(practiceCode);
        const added = { ...next, pageVersion: versions.after(next.pageVersion) };
        slice.added.push(added);
        const definition = decision === 'received' ? PageReceivedV1 : PageAmendedV1;
        slice.events.push(newEvent(definition, pageState(file, period, added)) as unknown as NewEvent);
      }
      if (slice.size < PAGES_AT_ONCE) continue;
      await this.write(tx, file, period, slice);
      slice = new PagesOfSlice();
    }
    await this.write(tx, file, period, slice);
    for (const practiceCode of await this.fill(tx, file, period, mayBeFilled)) {
      overtaken.by(practiceCode);
      counts.pagesSuperseded--;
      counts.pagesAmended++;
    }
    await overtaken.end(tx, file);
  }

  /** What newer submissions could not be read with, and this older one says: the order of coming decides nothing. */
  private async fill(
    tx: Tx,
    file: NewExtractFile,
    period: PeriodKey,
    practices: readonly string[],
  ): Promise<string[]> {
    if (practices.length === 0) return [];
    const pages = await this.effect.ofLateSubmission(tx, period, practices);
    await this.restore.run(tx, period, file, null, pages);
    return pages.map((page) => page.practiceCode);
  }

  private async write(tx: Tx, file: NewExtractFile, period: PeriodKey, slice: PagesOfSlice): Promise<void> {
    if (slice.added.length > 0) await this.pages.addPages(tx, period, file.fileId, slice.added);
    if (slice.superseded.length > 0)
      await this.pages.addSuperseded(tx, period, file.fileId, slice.superseded);
    if (slice.repeated.length > 0) await this.pages.addRepeated(tx, period, file.fileId, slice.repeated);
    await this.outbox.add(tx, slice.events);
  }
}

class PagesOfSlice {
  readonly added: NewPage[] = [];
  readonly superseded: (NewPage & PassedOver)[] = [];
  readonly repeated: NewPage[] = [];
  readonly events: NewEvent[] = [];

  get size(): number {
    return this.added.length + this.superseded.length + this.repeated.length;
  }
}

const COUNTED_AS = {
  received: 'pagesReceived',
  amended: 'pagesAmended',
  unchanged: 'pagesUnchanged',
  superseded: 'pagesSuperseded',
  'amendment-stands': 'pagesSuperseded',
} as const satisfies Record<PageDecision, keyof FileCounts>;

const PASSED_OVER: Readonly<Partial<Record<PageDecision, PassedOver['why']>>> = {
  superseded: 'OLDER_SUBMISSION',
  'amendment-stands': 'AMENDMENT_STANDS',
};

const periodOf = (collector: PageCollector) => ({
  serviceCode: collector.fields.service.serviceCode,
  achievementDate: collector.achievementDate,
});

function pageState(file: NewExtractFile, period: ReturnType<typeof periodOf>, page: NewPage): PageState {
  return {
    ...period,
    practiceCode: page.practiceCode,
    pageVersion: page.pageVersion,
    rulePackVersion: page.rulePackVersion,
    values: [...page.values],
    fileId: file.fileId,
    fileName: file.fileName,
    fileSha256: file.sha256!,
    firstLine: page.firstLine,
    lastLine: page.lastLine,
    submittedAt: page.submittedAt.toISOString(),
  };
}

function incompleteRow(
  practiceCode: string,
  period: ReturnType<typeof periodOf>,
  page: CollectedPage,
  fields: readonly { indicatorCode: string; fieldName: string }[],
) {
  const lacking = page.missing.map((place) => `${fields[place]!.indicatorCode} ${fields[place]!.fieldName}`);
  return {
    line: page.firstLine,
    code: 'PAGE_INCOMPLETE' as const satisfies keyof typeof ROW_FAULTS,
    detail: `lines ${page.firstLine} to ${page.lastLine} lack ${lacking.slice(0, 20).join(', ')}${lacking.length > 20 ? ' and more' : ''}`,
    text: `${period.serviceCode},${practiceCode},${period.achievementDate}`,
  };
}

const sumOf = (collectors: readonly PageCollector[], count: (collector: PageCollector) => number): number =>
  collectors.reduce((sum, collector) => sum + count(collector), 0);

async function* both<T>(first: AsyncIterable<T>, second: Iterable<T>): AsyncGenerator<T> {
  yield* first;
  yield* second;
}
