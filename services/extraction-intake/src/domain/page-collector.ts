import type { ServiceFields } from './reference.js';
import { firstDoubt, type Doubt, type RowDoubts } from './row-doubts.js';
import type { RowFault } from './row-faults.js';
import type { RepeatedValue } from './whole-file.js';

/** What became of one value. */
export const TAKEN = 0;
export const DUPLICATE = 1;
export const CONTRADICTORY = 2;
/** Of an older submission in the same file. */
export const OLDER = 3;

const ABSENT = -1;
const CONTRADICTED = -2;

/** A field of which the file says something that could not be read. */
export interface UnreadValue {
  /** In the order of the rule pack's fields. */
  readonly place: number;
  readonly code: RowFault;
  readonly line: number;
  /** The row may have been about this field, or about another one: it names too little. */
  readonly doubtful: boolean;
}

/** One practice's values as a file gave them. */
export interface CollectedPage {
  /** Place in the organisation index. */
  readonly practice: number;
  /** In the order of the rule pack's fields; null was not sent, or stands in `unread`. */
  readonly values: readonly (number | null)[];
  /** Fields that need not be there, and of which something stands in the file that could not be read. */
  readonly unread: readonly UnreadValue[];
  /** Places of required fields that are not there. */
  readonly missing: readonly number[];
  /** yyyymmddHHMMSS in London; 0 where the layout has none. */
  readonly submitted: number;
  readonly firstLine: number;
  readonly lastLine: number;
  readonly defaultsUsed: number;
}

/**
 * The values of one service and date, in typed arrays that grow with the practices seen: memory is bounded by
 * practices × fields, whatever the file's length.
 */
export class PageCollector {
  /** Rows of submissions that a newer one in the same file replaced. */
  olderRows = 0;
  private count = 0;
  private readonly slotOf: Int32Array;
  private practice = new Int32Array(64);
  private values: Int32Array;
  /** Of each value, the line that it was first given on; below 0 where it is a default of the supplier's. */
  private lines: Int32Array;
  /** Rows that could not be read, by practice and field: few. */
  private readonly unread = new Map<number, Doubt & { readonly submitted: number }>();
  /** Rows of a practice that name no field of this service: each may have been about any of them. */
  private readonly unknownFields = new Map<number, Doubt>();
  private submitted = new Float64Array(64);
  private firstLine = new Float64Array(64);
  private lastLine = new Float64Array(64);
  private rows = new Int32Array(64);

  constructor(
    readonly fields: ServiceFields,
    readonly achievementDate: string,
    organisations: number,
  ) {
    this.slotOf = new Int32Array(organisations).fill(-1);
    this.values = new Int32Array(64 * fields.fieldCount).fill(ABSENT);
    this.lines = new Int32Array(64 * fields.fieldCount);
  }

  get pages(): number {
    return this.count;
  }

  /** @param submitted yyyymmddHHMMSS; the newest submission of a practice wins within the file too */
  add(
    practice: number,
    field: number,
    value: number,
    submitted: number,
    line: number,
    isDefault: boolean,
  ): number {
    const slot = this.slotFor(practice, submitted, line);
    if (slot < 0) {
      this.olderRows++;
      return OLDER;
    }
    const at = slot * this.fields.fieldCount + field;
    const known = this.values[at]!;
    if (known === ABSENT) {
      this.values[at] = value;
      this.lines[at] = isDefault ? -line : line;
      this.rows[slot]!++;
      return TAKEN;
    }
    if (known === value) {
      if (isDefault) this.lines[at] = -this.lineOf(at);
      return DUPLICATE;
    }
    // Which of the two is right cannot be known, and money must not depend on their order.
    this.values[at] = CONTRADICTED;
    return CONTRADICTORY;
  }

  /**
   * A value that was sent and could not be read. It begins no submission and ends none: what can be read beside it
   * counts, before or after.
   */
  addUnread(practice: number, field: number, code: RowFault, submitted: number, line: number): void {
    const place = practice * this.fields.fieldCount + field;
    const known = this.unread.get(place);
    if (known && known.submitted > submitted) return;
    const doubt = known?.submitted === submitted ? firstDoubt(known, { code, line }) : { code, line };
    this.unread.set(place, { ...doubt, submitted });
  }

  /** A row that names no field of this service leaves the practice's fields here in doubt, and no other service's. */
  addUnknownField(practice: number, line: number): void {
    if (!this.unknownFields.has(practice)) this.unknownFields.set(practice, { code: 'FIELD_UNKNOWN', line });
  }

  private doubtAbout(practice: number, doubts: RowDoubts | undefined): Doubt | undefined {
    const here = this.unknownFields.get(practice);
    const inFile = doubts?.about(practice);
    return here && inFile ? firstDoubt(here, inFile) : (here ?? inFile);
  }

  /** Values that count. */
  get takenRows(): number {
    let taken = 0;
    const end = this.count * this.fields.fieldCount;
    for (let at = 0; at < end; at++) if (this.values[at]! >= 0) taken++;
    return taken;
  }

  /** What a value that was given before turned out to be; undefined when it is of an older submission. */
  repeatedAs({ practice, field, submitted }: RepeatedValue): RowFault | undefined {
    const slot = this.slotOf[practice]!;
    if (this.submitted[slot] !== submitted) return undefined;
    const value = this.values[slot * this.fields.fieldCount + field];
    return value === CONTRADICTED ? 'VALUE_CONTRADICTORY' : 'VALUE_DUPLICATE';
  }

  *contradictedLines(): Generator<number> {
    const end = this.count * this.fields.fieldCount;
    for (let at = 0; at < end; at++) if (this.values[at] === CONTRADICTED) yield this.lineOf(at);
  }

  /** @param doubts rows of the file that may have been about any practice or field */
  *collected(doubts?: RowDoubts): Generator<CollectedPage> {
    const { fieldCount } = this.fields;
    const fields = this.fields.service.rulePack.fields;
    for (let slot = 0; slot < this.count; slot++) {
      const values: (number | null)[] = new Array<number | null>(fieldCount);
      const missing: number[] = [];
      const unread: UnreadValue[] = [];
      const practice = this.practice[slot]!;
      const doubt = this.doubtAbout(practice, doubts);
      let defaultsUsed = 0;
      for (let field = 0; field < fieldCount; field++) {
        const at = slot * fieldCount + field;
        const value = this.values[at]!;
        values[field] = value < 0 ? null : value;
        if (value >= 0 && this.lines[at]! < 0) defaultsUsed++;
        if (value >= 0) continue;
        if (fields[field]!.required) {
          missing.push(field);
          continue;
        }
        const told =
          value === CONTRADICTED
            ? ({ code: 'VALUE_CONTRADICTORY', line: this.lineOf(at) } as const)
            : this.unreadSince(practice, field, this.submitted[slot]!);
        if (told) unread.push({ place: field, code: told.code, line: told.line, doubtful: false });
        else if (doubt) unread.push({ place: field, ...doubt, doubtful: true });
      }
      yield {
        practice,
        values,
        unread,
        missing,
        submitted: this.submitted[slot]!,
        firstLine: this.firstLine[slot]!,
        lastLine: this.lastLine[slot]!,
        defaultsUsed,
      };
    }
  }

  private lineOf(at: number): number {
    return Math.abs(this.lines[at]!);
  }

  private unreadSince(practice: number, field: number, submitted: number): Doubt | undefined {
    const unread = this.unread.get(practice * this.fields.fieldCount + field);
    return unread && unread.submitted >= submitted ? unread : undefined;
  }

  /** −1 for a submission that a newer one in the file replaced. */
  private slotFor(practice: number, submitted: number, line: number): number {
    let slot = this.slotOf[practice]!;
    if (slot < 0) slot = this.begin(practice, submitted, line);
    else if (submitted < this.submitted[slot]!) return -1;
    else if (submitted > this.submitted[slot]!) this.restart(slot, submitted, line);
    this.lastLine[slot] = line;
    return slot;
  }

  private begin(practice: number, submitted: number, line: number): number {
    const slot = this.count++;
    if (slot === this.practice.length) this.grow();
    this.slotOf[practice] = slot;
    this.practice[slot] = practice;
    this.submitted[slot] = submitted;
    this.firstLine[slot] = line;
    return slot;
  }

  private restart(slot: number, submitted: number, line: number): void {
    this.olderRows += this.rows[slot]!;
    this.rows[slot] = 0;
    this.submitted[slot] = submitted;
    this.firstLine[slot] = line;
    const { fieldCount } = this.fields;
    this.values.fill(ABSENT, slot * fieldCount, (slot + 1) * fieldCount);
  }

  private grow(): void {
    const size = this.practice.length * 2;
    const { fieldCount } = this.fields;
    const values = new Int32Array(size * fieldCount).fill(ABSENT);
    values.set(this.values);
    this.values = values;
    this.lines = larger(this.lines, new Int32Array(size * fieldCount));
    this.practice = larger(this.practice, new Int32Array(size));
    this.rows = larger(this.rows, new Int32Array(size));
    this.submitted = larger(this.submitted, new Float64Array(size));
    this.firstLine = larger(this.firstLine, new Float64Array(size));
    this.lastLine = larger(this.lastLine, new Float64Array(size));
  }
}

function larger<T extends Int32Array | Float64Array>(from: T, into: T): T {
  into.set(from);
  return into;
}
