import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { context, propagation, ROOT_CONTEXT, type Context, type TextMapPropagator } from '@opentelemetry/api';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { Type } from '@sinclair/typebox';
import { defineEvent, newEvent } from '@attest/contracts';
import { Consumes, type BatchContext, type ReceivedEvent } from '../src/index.js';
import {
  add,
  counted,
  Counted,
  specDatabase,
  specPrefix,
  specService,
  until,
  type SpecDatabase,
  type SpecService,
} from './harness.js';

const Answered = defineEvent({
  type: 'spec.answered.v1',
  topic: 'achievements',
  says: 'what was counted was answered, for specs',
  data: Type.Object({ key: Type.String() }),
  key: (data) => data.key,
  version: () => 1,
});

let answering: SpecService;

@Controller()
class Answers {
  @Consumes(Counted)
  async handle(
    @Payload() events: readonly ReceivedEvent<typeof Counted>[],
    @Ctx() { tx }: BatchContext,
  ): Promise<void> {
    await answering.messaging.outbox.add(
      tx,
      events.map((event) =>
        newEvent(Answered, { key: event.key }, { causedBy: event.id, correlationId: 'c' }),
      ),
    );
  }
}

const TRACE = Symbol('trace');
/** What the SDK's W3C propagator does, without the SDK. */
const propagator: TextMapPropagator = {
  inject: (active, carrier, setter) => {
    const trace = active.getValue(TRACE as never) as string | undefined;
    if (trace) setter.set(carrier, 'traceparent', trace);
  },
  extract: (active) => active,
  fields: () => ['traceparent'],
};

describe('a trace', () => {
  let sender: SpecDatabase;
  let middle: SpecDatabase;
  let intake: SpecService;
  beforeAll(async () => {
    propagation.setGlobalPropagator(propagator);
    const topicPrefix = specPrefix();
    [sender, middle] = await Promise.all([specDatabase(), specDatabase()]);
    intake = await specService({ service: 'extraction-intake', database: sender.database, topicPrefix });
    answering = await specService(
      { service: 'aggregation', database: middle.database, topicPrefix },
      { controllers: [Answers] },
    );
  });
  afterAll(async () => {
    propagation.disable();
    context.disable();
    await intake?.close();
    await answering?.close();
    await sender?.drop();
    await middle?.drop();
  });

  it('runs on through the event that another caused, though one chunk holds many traces', async () => {
    const traceparent = (n: number) => `00-${String(n).repeat(32)}-${String(n).repeat(16)}-01`;
    let active: Context = ROOT_CONTEXT;
    context.setGlobalContextManager({
      active: () => active,
      with: (_context, work, self, ...args) => work.call(self as never, ...args),
      bind: (_context, target) => target,
      enable() {
        return this;
      },
      disable() {
        return this;
      },
    });
    for (const n of [1, 2]) {
      active = ROOT_CONTEXT.setValue(TRACE as never, traceparent(n));
      await add(intake.messaging, sender.database, [counted(`trace-${n}`, 1)]);
    }
    active = ROOT_CONTEXT;
    const rows = await until('answered', async () => {
      const found = await middle.database.query<{ key: string; traceparent: string; headers: object }>(
        `SELECT key, traceparent, headers FROM outbox_archive WHERE type = 'spec.answered.v1' ORDER BY key`,
      );
      return found.rows.length === 2 && found.rows;
    });
    expect(rows.map(({ key, traceparent: kept }) => [key, kept])).toEqual([
      ['trace-1', traceparent(1)],
      ['trace-2', traceparent(2)],
    ]);
    expect(rows[0]!.headers).toMatchObject({ ce_correlationid: 'c' });
  });
});
