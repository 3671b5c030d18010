#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { asWork, Database } from '@attest/persistence';
import { TOPICS, type TopicName } from '@attest/contracts';
import { rewindFence, type Rewind } from './reading/rewind.js';
import { relearn } from './reading/relearn.js';
import { accessOptions, commandAccess } from './command-access.js';
import { silentLogger } from './ports.js';
import { requestReplay } from './replay/request-replay.js';
import { requestRepublish } from './republish/request-republish.js';
import { restoreProducer } from './restore/restore.js';
import { isDeclared, TopicNames } from './wire/topic-names.js';

const USAGE = `messaging replay  --database URL --service NAME --who NAME --why TEXT [--topic T] [--key K] [--id DEAD_LETTER] [--event ID] [--dry-run] [--discard] [--rate N]
messaging rewind  --database URL --service NAME --brokers HOST:PORT,… --topic T --to OFFSET|earliest|latest --who NAME --why TEXT [--partition N] [--keep-inbox] [--prefix P]
messaging republish --database URL --service WRITER --topic T --who NAME --why TEXT [--key K …] [--rate N]
messaging relearn --database URL --service NAME --brokers HOST:PORT,… --who NAME --why TEXT [--topic T] [--prefix P]
messaging restore --database URL --service NAME --brokers HOST:PORT,… --who NAME --why TEXT [--prefix P]
                  [--kafka-security tls] [--kafka-tls-ca-file F] [--kafka-tls-cert-file F --kafka-tls-key-file F]
                  [--kafka-sasl-username NAME --kafka-sasl-password-file F]: as the settings of these names`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    database: { type: 'string' },
    service: { type: 'string' },
    who: { type: 'string' },
    why: { type: 'string' },
    topic: { type: 'string' },
    key: { type: 'string', multiple: true },
    id: { type: 'string' },
    event: { type: 'string' },
    rate: { type: 'string' },
    partition: { type: 'string' },
    to: { type: 'string' },
    brokers: { type: 'string' },
    prefix: { type: 'string' },
    ...accessOptions,
    'dry-run': { type: 'boolean' },
    discard: { type: 'boolean' },
    'keep-inbox': { type: 'boolean' },
  },
});

function required(name: 'database' | 'service' | 'who' | 'why' | 'topic' | 'to' | 'brokers'): string {
  const value = values[name];
  if (!value) throw new Error(`--${name} is missing.\n${USAGE}`);
  return value;
}

function declaredTopic(topic: string): TopicName {
  if (!isDeclared(topic))
    throw new Error(`There is no topic ${topic}. Name one of ${Object.keys(TOPICS).join(', ')}.`);
  return topic;
}

function wholeNumber(name: 'rate' | 'partition'): number | undefined {
  const value = values[name];
  if (value !== undefined && !/^\d{1,9}$/.test(value))
    throw new Error(`--${name} is ${value}. Give a whole number.`);
  return value === undefined ? undefined : Number(value);
}

function rewindTarget(to: string): Rewind['to'] {
  if (to === 'earliest' || to === 'latest') return to;
  if (!/^\d{1,18}$/.test(to)) throw new Error(`--to is ${to}. Give an offset, or earliest, or latest.`);
  return BigInt(to);
}

async function run(): Promise<unknown> {
  const [action] = positionals;
  const [service, who, why] = [required('service'), required('who'), required('why')];
  const database = new Database({
    url: required('database'),
    poolSize: 2,
    applicationName: 'attest-messaging-command',
  });
  try {
    switch (action) {
      case 'replay':
        return await requestReplay(database, service, {
          topic: values.topic as TopicName | undefined,
          key: values.key?.[0],
          deadLetterId: values.id,
          eventId: values.event,
          dryRun: values['dry-run'],
          discard: values.discard,
          ratePerSecond: wholeNumber('rate'),
          who,
          why,
        });
      case 'rewind': {
        const partition = wholeNumber('partition');
        const to = rewindTarget(required('to'));
        const log = {
          brokers: required('brokers').split(','),
          access: commandAccess(values),
          names: new TopicNames(values.prefix),
          logger: silentLogger,
        };
        const forgetInbox = !values['keep-inbox'];
        const rewind = { consumer: service, topic: required('topic'), partition, to, forgetInbox, who, why };
        return { rewound: await rewindFence(database, log, rewind) };
      }
      case 'republish':
        return await requestRepublish(database, service, {
          topic: declaredTopic(required('topic')),
          keys: values.key,
          ratePerSecond: wholeNumber('rate'),
          who,
          why,
        });
      case 'relearn':
        return await relearn({
          service,
          database,
          brokers: required('brokers').split(','),
          access: commandAccess(values),
          names: new TopicNames(values.prefix),
          logger: silentLogger,
          topic: values.topic === undefined ? undefined : declaredTopic(values.topic),
          who,
          why,
        });
      case 'restore': {
        const names = new TopicNames(values.prefix);
        return await restoreProducer({
          service,
          database,
          brokers: required('brokers').split(','),
          access: commandAccess(values),
          names,
          logger: silentLogger,
          who,
          why,
        });
      }
      default:
        throw new Error(USAGE);
    }
  } finally {
    await database.close();
  }
}

try {
  process.stdout.write(`${JSON.stringify(await asWork('job', run), null, 2)}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
