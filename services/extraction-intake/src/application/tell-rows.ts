import { Injectable } from '@nestjs/common';
import { unpacked } from '@attest/http';
import { ExtractionIntakeSettings } from '../config/extraction-intake.settings.js';
import { CsvScanner } from '../domain/csv-scanner.js';
import { textOf, type RowReader } from '../domain/row-reader.js';
import type { RejectedRow } from '../domain/rejected-row.js';
import { WholeFile } from '../domain/whole-file.js';
import { OriginalFiles, RejectedRowsSpool, type RejectedRows, type ToldRows } from './ports.js';

/**
 * What is told of a file's rows once all of it was read. Of two rows that contradict each other the first had been
 * taken for good when it was read: its text is looked up in the original, which happens to few files.
 */
@Injectable()
export class TellRows {
  constructor(
    private readonly settings: ExtractionIntakeSettings,
    private readonly originals: OriginalFiles,
    private readonly spool: RejectedRowsSpool,
  ) {}

  /** The original is kept already. */
  async of(
    file: { readonly sha256: string; readonly gzip: boolean },
    rows: RowReader,
    rejected: RejectedRows,
  ): Promise<ToldRows> {
    const whole = new WholeFile(rows.collectors());
    const firsts = await this.rowsAt(file, whole.contradictedLines());
    let older = 0;
    const read = async function* (): AsyncGenerator<RejectedRow> {
      older = 0;
      const first = firsts.read()[Symbol.asyncIterator]();
      let next = await first.next();
      for await (const row of rejected.read()) {
        for (; !next.done && next.value.line < row.line; next = await first.next()) yield next.value;
        const told = whole.told(row);
        if (told) yield told;
        else older++;
      }
      for (; !next.done; next = await first.next()) yield next.value;
    };
    return {
      read,
      get older() {
        return older;
      },
      close: () => firsts.close(),
    };
  }

  private async rowsAt(
    { sha256, gzip }: { readonly sha256: string; readonly gzip: boolean },
    lines: ReadonlySet<number>,
  ): Promise<RejectedRows> {
    const found = this.spool.open();
    if (lines.size === 0) return found;
    const scanner = new CsvScanner((row) => {
      if (lines.has(row.line))
        found.add({ line: row.line, code: 'VALUE_CONTRADICTORY', text: textOf(row), detail: null });
    });
    const stream = await this.originals.open(sha256);
    for await (const chunk of unpacked({ stream, gzip }, this.settings.EXTRACT_FILE_MOST_BYTES))
      scanner.push(chunk as Buffer);
    scanner.end();
    return found;
  }
}
