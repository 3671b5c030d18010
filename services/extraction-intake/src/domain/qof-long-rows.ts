import { QOF_LONG_COLUMNS, QOF_LONG_PASSED_OVER } from '@attest/contracts';
import { DateNotTakenError } from './extract-file.errors.js';
import { dateNumber, readValue, valueFault } from './field-bytes.js';
import { PageCollector } from './page-collector.js';
import { practiceFault } from './practice-fault.js';
import type { Reference, ServiceFields } from './reference.js';
import type { RowFault } from './row-faults.js';
import { RowReader, type ArrangedRow } from './row-reader.js';
import type { RejectedRow } from './rejected-row.js';

const [PRACTICE_CODE, INDICATOR, MEASURE, VALUE] = [0, 1, 2, 3] as const;

/** The published long layout: one service and date a file, named with the upload; no time of submission. */
export class QofLongRows extends RowReader {
  private readonly collector: PageCollector;
  private readonly date: number;

  /** @throws DateNotTakenError */
  constructor(
    private readonly reference: Reference,
    fields: ServiceFields,
    achievementDate: string,
    reject: (row: RejectedRow) => void,
  ) {
    super({ columns: QOF_LONG_COLUMNS, passedOver: QOF_LONG_PASSED_OVER }, reject);
    this.date = dateNumber(achievementDate);
    const fault = fields.dateFault(this.date);
    if (fault !== undefined) throw new DateNotTakenError(fault, fields.service.serviceCode, achievementDate);
    this.collector = new PageCollector(fields, achievementDate, reference.organisations.size);
  }

  collectors(): Iterable<PageCollector> {
    return [this.collector];
  }

  protected readRow({ bytes, starts, ends, line }: ArrangedRow): RowFault | undefined {
    const { organisations } = this.reference;
    const practice = organisations.codes.find(bytes, starts[PRACTICE_CODE]!, ends[PRACTICE_CODE]!);
    const fault = practiceFault(organisations, practice, this.date);
    if (fault !== undefined) return fault;
    const { fields, fieldCount } = this.collector.fields;
    const field = fields.findPair(
      bytes,
      starts[INDICATOR]!,
      ends[INDICATOR]!,
      starts[MEASURE]!,
      ends[MEASURE]!,
    );
    if (field < 0) {
      this.collector.addUnknownField(practice, line);
      return 'FIELD_UNKNOWN';
    }
    if (field >= fieldCount) {
      this.counts.ignored++;
      return undefined;
    }
    const value = readValue(bytes, starts[VALUE]!, ends[VALUE]!);
    if (value < 0) {
      const fault = valueFault(value);
      this.collector.addUnread(practice, field, fault, 0, line);
      return fault;
    }
    return this.addValue(this.collector, practice, field, value, 0, line, false);
  }

  protected practiceOf({ bytes, starts, ends }: ArrangedRow): number {
    return this.reference.organisations.codes.find(bytes, starts[PRACTICE_CODE]!, ends[PRACTICE_CODE]!);
  }
}
