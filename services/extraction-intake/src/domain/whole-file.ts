import type { PageCollector } from './page-collector.js';
import type { RejectedRow } from './row-reader.js';

/** A value that another row of its file had given before. */
export interface RepeatedValue {
  readonly serviceCode: string;
  readonly achievementDate: string;
  readonly practice: number;
  readonly field: number;
  readonly submitted: number;
}

/**
 * What rows are once the whole file was read. The order of rows decides nothing: all values of a field that differ
 * contradict each other, and rows of an older submission are older wherever they stand.
 */
export class WholeFile {
  private readonly collectors: ReadonlyMap<string, PageCollector>;

  constructor(collectors: Iterable<PageCollector>) {
    this.collectors = new Map(
      [...collectors].map((one) => [keyOf(one.fields.service.serviceCode, one.achievementDate), one]),
    );
  }

  /** Undefined when the row is of an older submission, so that there is nothing to tell. */
  told({ about, ...row }: RejectedRow): RejectedRow | undefined {
    if (!about) return row;
    const collector = this.collectors.get(keyOf(about.serviceCode, about.achievementDate))!;
    const code = collector.repeatedAs(about);
    return code && { ...row, code };
  }

  /** Lines of the first of several values that differ. */
  contradictedLines(): ReadonlySet<number> {
    const lines = new Set<number>();
    for (const collector of this.collectors.values())
      for (const line of collector.contradictedLines()) lines.add(line);
    return lines;
  }
}

const keyOf = (serviceCode: string, achievementDate: string): string => `${serviceCode}|${achievementDate}`;
