import { quietKafka } from '../src/kafka/index.js';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { newEvent } from '@attest/contracts';
import { Consumes, partitionOf, shardOf, type BatchContext, type ReceivedEvent } from '../src/index.js';
import { add, BROKERS, Counted, specDatabase, specPrefix, specService, until } from '../test/harness.js';

/**
 * Relay and consumer beside raw kafkajs, in rotation on one machine:
 * `node --import ./test/jest/register.mjs libs/messaging/bench/rates.ts [events] [rounds]`
 */
const EVENTS = Number(process.argv[2] ?? 60_000);
const ROUNDS = Number(process.argv[3] ?? 3);
const padding = 'x'.repeat(380);

@Controller()
class CountsOnly {
  static seen = 0;
  @Consumes(Counted)
  async handle(
    @Payload() events: readonly ReceivedEvent<typeof Counted>[],
    @Ctx() _batch: BatchContext,
  ): Promise<void> {
    CountsOnly.seen += events.length;
  }
}

const events = Array.from({ length: EVENTS }, (_, i) =>
  newEvent(Counted, { key: `k${i % 500}`, n: Math.floor(i / 500), padding }),
);
const kafka = quietKafka({ brokers: BROKERS });

async function rate(work: () => Promise<void>): Promise<number> {
  const from = performance.now();
  const cpu = process.cpuUsage();
  await work();
  const used = process.cpuUsage(cpu);
  const seconds = (performance.now() - from) / 1000;
  cpuShare = (used.user + used.system) / 1e6 / seconds;
  return EVENTS / seconds;
}
let cpuShare = 0;

async function round(): Promise<Record<string, string>> {
  const topicPrefix = specPrefix();
  const result: Record<string, string> = {};
  const note = (name: string, value: number): void =>
    void (result[name] = `${value.toFixed(0)} (${cpuShare.toFixed(2)} cpu)`);
  const [sender, receiver] = await Promise.all([specDatabase(), specDatabase()]);
  const intake = await specService(
    { service: 'extraction-intake', database: sender.database, topicPrefix },
    { relay: false },
  );

  const producer = kafka.producer({ maxInFlightRequests: 1 });
  await producer.connect();
  const topic = `${topicPrefix}approvals`;
  note(
    'raw produce',
    await rate(async () => {
      for (let i = 0; i < EVENTS; i += 1_000)
        await producer.send({
          topic,
          acks: -1,
          messages: events.slice(i, i + 1_000).map((event) => ({
            key: event.key,
            value: JSON.stringify(event.data),
            partition: partitionOf(shardOf(event.key), 4),
          })),
        });
    }),
  );
  await producer.disconnect();

  const raw = kafka.consumer({ groupId: `${topicPrefix}raw`, maxWaitTimeInMs: 100 });
  await raw.connect();
  await raw.subscribe({ topic, fromBeginning: true });
  let seen = 0;
  note(
    'raw consume',
    await rate(async () => {
      await raw.run({ eachBatch: async ({ batch }) => void (seen += batch.messages.length) });
      await until('consumed', () => seen >= EVENTS, 60_000);
    }),
  );
  await raw.disconnect();

  note(
    'outbox add',
    await rate(async () => {
      for (let i = 0; i < EVENTS; i += 1_000)
        await add(intake.messaging, sender.database, events.slice(i, i + 1_000));
    }),
  );
  note(
    'relay',
    await rate(async () => {
      intake.messaging.relay.start();
      await until(
        'sent',
        async () => (await sender.database.query(`SELECT FROM outbox LIMIT 1`)).rows.length === 0,
        120_000,
      );
    }),
  );
  await intake.messaging.relay.stop();

  CountsOnly.seen = 0;
  note(
    'consumer',
    await rate(async () => {
      const aggregation = await specService(
        { service: 'aggregation', database: receiver.database, topicPrefix },
        { controllers: [CountsOnly], relay: false },
      );
      await until('consumed', () => CountsOnly.seen >= EVENTS, 120_000);
      void aggregation.close();
    }),
  );
  await intake.close();
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  await sender.drop();
  await receiver.drop();
  return result;
}

for (let i = 0; i < ROUNDS; i++) process.stdout.write(`${JSON.stringify(await round())}\n`);
process.exit(0);
