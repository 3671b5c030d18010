#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { Database } from '@attest/persistence';
import type { TopicName } from '@attest/contracts';
import { rewindFence } from './reading/fence.js';
import { accessOptions, commandAccess } from './command-access.js';
import { silentLogger } from './ports.js';
import { requestReplay } from './replay/request-replay.js';
import { restoreProducer } from './restore/restore.js';
import { TopicNames } from './wire/topic-names.js';

const USAGE = `messaging replay  --database URL --service NAME --who NAME --why TEXT [--topic T] [--key K] [--id DEAD_LETTER] [--event ID] [--dry-run] [--discard] [--rate N]
messaging rewind  --database URL --service NAME --topic T --to OFFSET --who NAME --why TEXT [--partition N] [--keep-inbox]
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
    key: { type: 'string' },
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
          key: values.key,
          deadLetterId: values.id,
          eventId: values.event,
          dryRun: values['dry-run'],
          discard: values.discard,
          ratePerSecond: values.rate === undefined ? undefined : Number(values.rate),
          who,
          why,
        });
      case 'rewind': {
        const partition = values.partition === undefined ? undefined : Number(values.partition);
        const toOffset = BigInt(required('to'));
        const forgetInbox = !values['keep-inbox'];
        return {
          rewound: await rewindFence(database, {
            consumer: service,
            topic: required('topic'),
            partition,
            toOffset,
            forgetInbox,
            who,
            why,
          }),
        };
      }
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
  process.stdout.write(`${JSON.stringify(await run(), null, 2)}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
