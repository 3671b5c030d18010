import type { ServiceFields } from './reference.js';

/** What became of one value. */
export const TAKEN = 0;
export const DUPLICATE = 1;
export const CONTRADICTORY = 2;
/** Of an older submission in the same file. */
export const OLDER = 3;

const ABSENT = -1;
const CONTRADICTED = -2;

/** One practice's values as a file gave them. */
export interface CollectedPage {
  /** Place in the organisation index. */
  readonly practice: number;
  /** In the order of the rule pack's fields; null was not sent. */
  readonly values: readonly (number | null)[];
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
  private submitted = new Float64Array(64);
  private firstLine = new Float64Array(64);
  private lastLine = new Float64Array(64);
  private rows = new Int32Array(64);
  private defaults = new Int32Array(64);

  constructor(
    readonly fields: ServiceFields,
    readonly achievementDate: string,
    organisations: number,
  ) {
    this.slotOf = new Int32Array(organisations).fill(-1);
    this.values = new Int32Array(64 * fields.fieldCount).fill(ABSENT);
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
    let slot = this.slotOf[practice]!;
    if (slot < 0) slot = this.begin(practice, submitted, line);
    else if (submitted !== this.submitted[slot]!) {
      if (submitted < this.submitted[slot]!) {
        this.olderRows++;
        return OLDER;
      }
      this.restart(slot, submitted, line);
    }
    this.lastLine[slot] = line;
    const at = slot * this.fields.fieldCount + field;
    const known = this.values[at]!;
    if (known === ABSENT) {
      this.values[at] = value;
      this.rows[slot]!++;
      if (isDefault) this.defaults[slot]!++;
      return TAKEN;
    }
    if (known === value) return DUPLICATE;
    // Which of the two is right cannot be known, and money must not depend on their order.
    this.values[at] = CONTRADICTED;
    return CONTRADICTORY;
  }

  *collected(): Generator<CollectedPage> {
    const { fieldCount } = this.fields;
    const fields = this.fields.service.rulePack.fields;
    for (let slot = 0; slot < this.count; slot++) {
      const values: (number | null)[] = new Array<number | null>(fieldCount);
      const missing: number[] = [];
      for (let field = 0; field < fieldCount; field++) {
        const value = this.values[slot * fieldCount + field]!;
        values[field] = value < 0 ? null : value;
        if (value < 0 && fields[field]!.required) missing.push(field);
      }
      yield {
        practice: this.practice[slot]!,
        values,
        missing,
        submitted: this.submitted[slot]!,
        firstLine: this.firstLine[slot]!,
        lastLine: this.lastLine[slot]!,
        defaultsUsed: this.defaults[slot]!,
      };
    }
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
    this.defaults[slot] = 0;
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
    this.practice = larger(this.practice, new Int32Array(size));
    this.rows = larger(this.rows, new Int32Array(size));
    this.defaults = larger(this.defaults, new Int32Array(size));
    this.submitted = larger(this.submitted, new Float64Array(size));
    this.firstLine = larger(this.firstLine, new Float64Array(size));
    this.lastLine = larger(this.lastLine, new Float64Array(size));
  }
}

function larger<T extends Int32Array | Float64Array>(from: T, into: T): T {
  into.set(from);
  return into;
}
