import { parseArgs } from 'node:util';

export interface Options {
  /** Of payment-export. */
  readonly url: string;
  /** The folder of the ledger. */
  readonly state: string;
  /** Lines to reject, as `<provider>:<service>`. */
  readonly reject: readonly string[];
  /** Lines whose credit comes back, as `<provider>:<service>`, and the day on which it does. */
  readonly return: readonly string[];
  readonly returnedOn: string;
  /** Answers again what was answered before. */
  readonly repeat: boolean;
  /** Answers in another order, the same each time. */
  readonly shuffle: boolean;
  /** Puts among the answers one that is none. */
  readonly corrupt: boolean;
}

export function readOptions(words: string[]): Options {
  const { values } = parseArgs({
    args: words,
    options: {
      url: { type: 'string' },
      state: { type: 'string' },
      reject: { type: 'string', default: '' },
      return: { type: 'string', default: '' },
      'returned-on': { type: 'string', default: '' },
      repeat: { type: 'boolean', default: false },
      shuffle: { type: 'boolean', default: false },
      corrupt: { type: 'boolean', default: false },
    },
  });
  const { url, state, 'returned-on': returnedOn, repeat, shuffle, corrupt } = values;
  if (!url || !state)
    throw new Error('Name the address of payment-export with --url and a folder to keep with --state.');
  const returned = values.return.split(',').filter(Boolean);
  // The day of the system's own clock, which need not be the real one.
  if (returned.length > 0 && !returnedOn)
    throw new Error('--return needs the day on which the credits come back. Name it with --returned-on.');
  const reject = values.reject.split(',').filter(Boolean);
  return { url, state, reject, return: returned, returnedOn, repeat, shuffle, corrupt };
}
