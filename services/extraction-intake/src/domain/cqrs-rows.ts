import { CQRS_EXTRACT_COLUMNS } from '@attest/contracts';
import { isDateNumber, readDigits, readSubmission, readValue, valueFault } from './field-bytes.js';
import { PageCollector } from './page-collector.js';
import { practiceFault } from './practice-fault.js';
import type { Reference } from './reference.js';
import type { RowFault } from './row-faults.js';
import { RowReader, type ArrangedRow } from './row-reader.js';
import type { RejectedRow } from './rejected-row.js';
import { asShownInLondon } from './submission-time.js';

const column = (name: (typeof CQRS_EXTRACT_COLUMNS)[number]): number => CQRS_EXTRACT_COLUMNS.indexOf(name);
const SERVICE = column('QUALITY_SERVICE');
const ORG = column('ORG_CODE');
const DATE = column('ACH_DATE');
const INDICATOR = column('IND_CODE');
const FIELD = column('FIELD_NAME');
const VALUE = column('VALUE');
const DEFAULTS = column('DEFAULT_VALUES_USED');
const SUBMIT_DATE = column('SUBMIT_DATE');
const SUBMIT_TIME = column('SUBMIT_TIME');
const LAST = column('LAST_SUBMISSION');

const Y = 89;
const N = 78;
const ZERO = 48;
const [LOWER_E, LOWER_N, LOWER_O] = [101, 110, 111] as const;

/** The CQRS extract layout: practices and PCNs mixed, resubmissions persist and `LAST_SUBMISSION` marks the last. */
export class CqrsRows extends RowReader {
  private readonly byPeriod = new Map<number, PageCollector>();
  private lastPeriod = -1;
  private lastCollector: PageCollector | undefined;

  constructor(
    private readonly reference: Reference,
    reject: (row: RejectedRow) => void,
  ) {
    super({ columns: CQRS_EXTRACT_COLUMNS }, reject);
  }

  collectors(): Iterable<PageCollector> {
    return this.byPeriod.values();
  }

  protected readRow({ bytes, starts, ends, line }: ArrangedRow): RowFault | undefined {
    const lastLength = ends[LAST]! - starts[LAST]!;
    const last = bytes[starts[LAST]!];
    if (lastLength !== 1 || last !== Y) {
      if (lastLength > 1 || (lastLength === 1 && last !== N)) return 'LAST_SUBMISSION_UNKNOWN';
      this.counts.older++;
      return undefined;
    }
    const service = this.reference.serviceCodes.find(bytes, starts[SERVICE]!, ends[SERVICE]!);
    if (service < 0) return 'SERVICE_UNKNOWN';
    if (this.reference.services[service]!.parked) return 'UPSTREAM_EVENT_PARKED';
    const date = ends[DATE]! - starts[DATE]! === 8 ? readDigits(bytes, starts[DATE]!, ends[DATE]!) : -1;
    const collector = this.collector(service, date);
    if (!collector) {
      if (date < 0 || !isDateNumber(date)) return 'DATE_MALFORMED';
      return this.reference.services[service]!.dateFault(date);
    }
    const { organisations } = this.reference;
    const practice = organisations.codes.find(bytes, starts[ORG]!, ends[ORG]!);
    const fault = practiceFault(organisations, practice, date);
    if (fault !== undefined) return fault;
    const { fields, fieldCount } = collector.fields;
    const field = fields.findPair(bytes, starts[INDICATOR]!, ends[INDICATOR]!, starts[FIELD]!, ends[FIELD]!);
    if (field < 0) {
      collector.addUnknownField(practice, line);
      return 'FIELD_UNKNOWN';
    }
    if (field >= fieldCount) {
      this.counts.ignored++;
      return undefined;
    }
    const written = readSubmission(
      bytes,
      starts[SUBMIT_DATE]!,
      ends[SUBMIT_DATE]!,
      starts[SUBMIT_TIME]!,
      ends[SUBMIT_TIME]!,
    );
    if (written < 0) return 'SUBMISSION_TIME_MALFORMED';
    const submitted = asShownInLondon(written);
    if (this.reference.submissions.isAhead(submitted)) return 'SUBMISSION_AHEAD';
    const value = readValue(bytes, starts[VALUE]!, ends[VALUE]!);
    if (value < 0) {
      const fault = valueFault(value);
      collector.addUnread(practice, field, fault, submitted, line);
      return fault;
    }
    const isDefault = usedDefault(bytes, starts[DEFAULTS]!, ends[DEFAULTS]!);
    return this.addValue(collector, practice, field, value, submitted, line, isDefault);
  }

  protected practiceOf({ bytes, starts, ends }: ArrangedRow): number {
    return this.reference.organisations.codes.find(bytes, starts[ORG]!, ends[ORG]!);
  }

  /** Undefined when the service is not collected at this date. */
  private collector(service: number, date: number): PageCollector | undefined {
    const period = service * 100_000_000 + date;
    if (period === this.lastPeriod) return this.lastCollector;
    let collector = this.byPeriod.get(period);
    if (!collector && date >= 0) {
      const fields = this.reference.services[service]!;
      const achievementDate = fields.dateOf(date);
      if (achievementDate !== undefined) {
        collector = new PageCollector(fields, achievementDate, this.reference.organisations.size);
        this.byPeriod.set(period, collector);
      }
    }
    this.lastPeriod = period;
    this.lastCollector = collector;
    return collector;
  }
}

/** Empty, `None`, `N` and `0` say that the practice's own value was used. */
function usedDefault(bytes: Uint8Array, start: number, end: number): boolean {
  const length = end - start;
  if (length === 0) return false;
  if (length === 1) return bytes[start] !== N && bytes[start] !== ZERO;
  return !(
    length === 4 &&
    bytes[start] === N &&
    bytes[start + 1] === LOWER_O &&
    bytes[start + 2] === LOWER_N &&
    bytes[start + 3] === LOWER_E
  );
}
