import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { Type } from '@sinclair/typebox';
import { defineEvent, newEvent } from '@attest/contracts';
import { Consumes, ConsumesAtOnce, type BatchContext, type ReceivedEvent } from '../src/index.js';
import {
  add,
  AppliesCounted,
  counted,
  Counted,
  specDatabase,
  specPrefix,
  specService,
  until,
  type SpecDatabase,
  type SpecService,
} from './harness.js';

const Urgent = defineEvent({
  type: 'spec.urgent.v1',
  topic: 'pcn-memberships',
  says: 'something that must not wait, for specs',
  data: Type.Object({ key: Type.String() }),
  key: (data) => data.key,
  version: () => 1,
});

let busy = 0;
let letGo: () => void;
const gate = new Promise<void>((resolve) => (letGo = resolve));

/** Busy for as long as the spec likes, as with a fetch of thousands. */
@Controller()
class TakesLong {
  @Consumes(Counted)
  async handle(@Payload() _: readonly ReceivedEvent<typeof Counted>[]): Promise<void> {
    busy++;
    await gate;
  }
}

@Controller()
class StopsMoney {
  @ConsumesAtOnce(Urgent)
  async handle(
    @Payload() events: readonly ReceivedEvent<typeof Urgent>[],
    @Ctx() { tx }: BatchContext,
  ): Promise<void> {
    for (const { id, data } of events)
      await tx.query('INSERT INTO applied (key, n, event_id) VALUES ($1, 1, $2)', [data.key, id]);
  }
}

describe('an event that is consumed at once', () => {
  let sender: SpecDatabase;
  let register: SpecDatabase;
  let receiver: SpecDatabase;
  let intake: SpecService;
  let organisations: SpecService;
  let workflow: SpecService;

  beforeAll(async () => {
    const topicPrefix = specPrefix();
    [sender, register, receiver] = await Promise.all([specDatabase(), specDatabase(), specDatabase()]);
    intake = await specService({ service: 'extraction-intake', database: sender.database, topicPrefix });
    organisations = await specService({ service: 'organisations', database: register.database, topicPrefix });
    workflow = await specService(
      { service: 'declaration-workflow', database: receiver.database, topicPrefix },
      { controllers: [TakesLong, StopsMoney] },
    );
  });
  afterAll(async () => {
    letGo();
    await workflow?.close();
    await intake?.close();
    await organisations?.close();
    await sender?.drop();
    await register?.drop();
    await receiver?.drop();
  });

  it('does not wait for what was fetched of another topic', async () => {
    await add(intake.messaging, sender.database, [counted('slow', 1)]);
    await until('the other topic is being worked on', () => busy > 0);
    await add(organisations.messaging, register.database, [newEvent(Urgent, { key: 'urgent' })]);
    await until('the urgent one is applied', async () => {
      const { rows } = await receiver.database.query(`SELECT FROM applied WHERE key = 'urgent'`);
      return rows.length === 1;
    });
    letGo();
    await until('the other topic is applied, too', async () => {
      const { rows } = await receiver.database.query(
        `SELECT FROM consumer_fence WHERE topic = 'submissions' AND next_offset > 0`,
      );
      return rows.length > 0;
    });
  });
});

describe('what must not wait, in a process of its own', () => {
  let register: SpecDatabase;
  let sender: SpecDatabase;
  let receiver: SpecDatabase;
  const running: SpecService[] = [];
  const start = async (...args: Parameters<typeof specService>): Promise<SpecService> => {
    const service = await specService(...args);
    running.push(service);
    return service;
  };

  beforeAll(async () => {
    [sender, register, receiver] = await Promise.all([specDatabase(), specDatabase(), specDatabase()]);
  });
  afterAll(async () => {
    for (const service of running) await service.close();
    await Promise.all([sender, register, receiver].map((database) => database?.drop()));
  });

  it('is read there, the rest elsewhere, and the database knows one position of each', async () => {
    const topicPrefix = specPrefix();
    const intake = await start({ service: 'extraction-intake', database: sender.database, topicPrefix });
    const organisations = await start({
      service: 'organisations',
      database: register.database,
      topicPrefix,
    });
    const options = { service: 'declaration-workflow', database: receiver.database, topicPrefix } as const;
    const controllers = [AppliesCounted, StopsMoney];
    const rest = await start({ ...options, consumes: 'the-rest' }, { controllers });
    const holds = await start({ ...options, consumes: 'at-once' }, { controllers, relay: false });
    expect([rest, holds].map(({ messaging }) => messaging.server.consumers.length)).toEqual([1, 1]);
    await add(intake.messaging, sender.database, [counted('usual', 1)]);
    await add(organisations.messaging, register.database, [newEvent(Urgent, { key: 'urgent' })]);
    await until('both are applied', async () => {
      const { rows } = await receiver.database.query(`SELECT DISTINCT key FROM applied ORDER BY key`);
      return rows.length === 2;
    });
  });
});
