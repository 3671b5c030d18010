import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A line of a sealed file, as its agency answers it. */
export interface Line {
  readonly fileName: string;
  readonly number: string;
  readonly id: string;
  readonly attempt: string;
  readonly pence: string;
}

export const accept = (line: Line, changes: Partial<Line> = {}): string => {
  const { fileName: name, number, id, attempt, pence } = { ...line, ...changes };
  return `${name},${number},${id},${attempt},${pence},ACCEPTED,,`;
};

export const reject = (line: Line, reason = 'The account is closed.', code = 'AC04'): string =>
  accept(line).replace('ACCEPTED,,', `REJECTED,${code},"${reason}"`);

/** In a file whose header names the day of returns. */
export const putBack = (line: Line, returnedOn: string, reason = 'The account is closed.'): string =>
  accept(line).replace('ACCEPTED,,', `RETURNED,ARUCS-B,"${reason}",${returnedOn}`);

export const linesIn = (fileStore: string, fileName: string): Line[] =>
  readFileSync(join(fileStore, fileName), 'utf8')
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((row) => {
      const [number, id, , attempt] = row.split(',');
      return {
        fileName,
        number: number!,
        id: id!,
        attempt: attempt!,
        pence: /,(\d+),[^,]*$/.exec(row)![1]!,
      };
    });
