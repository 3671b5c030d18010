import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { CannotStart } from '@attest/stack/cannot-start';
import { KAFKA_TLS_WAYS, type KafkaTlsWay } from '@attest/stack/kafka-door';

const HELP = `npm start [-- options]

Plays the payment month of one made-up region, shows what happened and stays up until Ctrl-C. The next start
finds the month that was played; \`npm run reset\` begins anew.

  --england         plays on the whole made-up England instead of one region
  --data <folder>   plays on the published files of all England in this folder (or ATTEST_DATA)
  --seed <number>   another made-up England, and another region
  --up              loads organisations, people and services, but plays no month: for work by hand
  --exit            stops when the month is played; fails if an invariant does not hold
  --json            prints one JSON object instead of tables
  --separate        runs every service in a process of its own, as in a cluster
  --kafka-tls <way> Kafka only over TLS, each service a user with its own rights: by a password (scram)
                    or by a certificate (mutual)`;

const FLAGS = ['england', 'up', 'exit', 'json', 'separate'] as const;
type Flag = (typeof FLAGS)[number];
const flagOf = (word: string): Flag | undefined => FLAGS.find((flag) => word === `--${flag}`);

export interface Options {
  /** The folder of published files. */
  data: string | undefined;
  england: boolean;
  exit: boolean;
  json: boolean;
  separate: boolean;
  kafkaTls?: KafkaTlsWay;
  up: boolean;
  seed: number;
  /** What was asked for is only this text. */
  help?: string;
}

/** @param givenData what is played on where no option says otherwise */
export function readOptions(
  words: readonly string[],
  givenData: string | undefined = process.env.ATTEST_DATA,
): Options {
  const options: Options = {
    data: undefined,
    england: false,
    exit: false,
    json: false,
    separate: false,
    up: false,
    seed: 1,
  };
  let madeUp = false;
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    const flag = flagOf(word);
    if (word === '--help' || word === '-h') return { ...options, help: HELP };
    if (word === '--data') options.data = valueOf(words, ++at, word);
    else if (word === '--seed') options.seed = Number(valueOf(words, ++at, word));
    else if (word === '--kafka-tls') options.kafkaTls = wayOf(valueOf(words, ++at, word));
    else if (flag) options[flag] = true;
    else throw new CannotStart(`npm start knows no ${word}.\n\n${HELP}`);
    madeUp ||= word === '--england' || word === '--seed';
  }
  if (!Number.isSafeInteger(options.seed) || options.seed < 0)
    throw new CannotStart('--seed takes a whole number.');
  if (options.data && madeUp)
    throw new CannotStart(
      '--data plays on the published England, --england and --seed on a made-up one: leave one of them out.',
    );
  if (!madeUp) options.data ||= givenData || undefined;
  if (options.data) {
    options.data = resolve(options.data);
    if (!existsSync(options.data) || !statSync(options.data).isDirectory()) {
      throw new CannotStart(
        `There is no folder ${options.data}: give --data the folder of the published files, or leave it out.`,
      );
    }
  }
  return options;
}

function valueOf(words: readonly string[], at: number, option: string): string {
  const value = words[at];
  if (value === undefined || value.startsWith('--'))
    throw new CannotStart(`${option} needs a value.\n\n${HELP}`);
  return value;
}

function wayOf(text: string): KafkaTlsWay {
  const way = KAFKA_TLS_WAYS.find((known) => known === text);
  if (!way) throw new CannotStart(`--kafka-tls takes ${KAFKA_TLS_WAYS.join(' or ')}.`);
  return way;
}
