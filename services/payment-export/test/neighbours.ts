import { quietKafka, type Producer } from '@attest/messaging/kafka';
import {
  BARRIER_RECORD_TYPE,
  BARRIER_ROUTES,
  DECLARATION_EVENTS,
  newEvent,
  OUTBOX_SHARDS,
  TOPICS,
  uuidV7,
  type DeclarationEventData,
  type DeclarationState,
  type NewEvent,
  type TopicName,
} from '@attest/contracts';
import { partitionOf, shardOf, TopicNames } from '@attest/messaging';
import { eventually, testKafka, type SeenEvent } from '@attest/testing';

type DeclarationType = (typeof DECLARATION_EVENTS)[number]['type'];
const definitionOf = (type: DeclarationType) => DECLARATION_EVENTS.find((event) => event.type === type)!;

/** What the stand-in of declaration-workflow answers to a request: a code is a refusal, `silent` no answer. */
export type Answering = (declaration: DeclarationState, runId: string) => 'confirm' | 'silent' | string;

/** The services around payment-export, as far as it can see them: their records in its topics. */
export class Neighbours {
  readonly declarations = new Map<string, DeclarationState>();
  answering: Answering = () => 'confirm';
  /** Whether the barrier's records are written; what was asked for until then is answered then. */
  barriersPass = true;
  private readonly names: TopicNames;
  private read = { payments: 0, barriers: 0 };
  /** Answers that are decided; a send that failed is tried again. */
  private unsent: NewEvent[] = [];
  private working: Promise<void> = Promise.resolve();
  private readonly timer: NodeJS.Timeout;
  private readonly written = new Map<string, number>();
  /** Declarations and the runs that asked for them. */
  private readonly asked = new Set<string>();

  private constructor(
    prefix: string,
    private readonly producer: Producer,
    private readonly payments: readonly SeenEvent[],
    private readonly barriers: readonly SeenEvent[],
  ) {
    this.names = new TopicNames(prefix);
    this.timer = setInterval(() => {
      this.working = this.working.then(() => this.work()).catch(() => undefined);
    }, 15);
  }

  static async start(
    prefix: string,
    payments: readonly SeenEvent[],
    barriers: readonly SeenEvent[],
  ): Promise<Neighbours> {
    const kafka = quietKafka({ clientId: 'attest-spec', brokers: testKafka() });
    const producer = kafka.producer();
    await producer.connect();
    return new Neighbours(prefix, producer, payments, barriers);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.working;
    await this.producer.disconnect();
  }

  /** Declaration-workflow says what happened; the newest state is kept. */
  async declare(type: DeclarationType, ...declarations: DeclarationState[]): Promise<void> {
    for (const declaration of declarations) this.declarations.set(declaration.declarationId, declaration);
    await this.publish(
      declarations.map((declaration) => newEvent(definitionOf(type), { declaration, fact: fact() })),
    );
  }

  /** Waits until everything that was heard of payments until now is answered. */
  async answered(): Promise<void> {
    const heard = this.payments.length;
    await eventually(() => this.read.payments >= heard && this.unsent.length === 0);
  }

  /** As its writer's relay would, in batches: one key's events keep their order. */
  async publish(events: readonly NewEvent[]): Promise<void> {
    for (let at = 0; at < events.length; at += 2_000) {
      const topics = new Map<TopicName, object[]>();
      for (const event of events.slice(at, at + 2_000)) {
        const { definition } = event;
        const message = {
          key: event.key,
          value: JSON.stringify(event.data),
          partition: partitionOf(shardOf(event.key), TOPICS[definition.topic].partitions),
          headers: headers(event.id, definition.type, event.aggregateVersion),
        };
        topics.set(definition.topic, [...(topics.get(definition.topic) ?? []), message]);
      }
      for (const [topic, messages] of topics) await this.send(topic, messages);
    }
  }

  /** Control records of the services whose topics payment-export waits for. */
  async passBarrier(barrier: { barrierId: string; requestedBy: string; expiresAt: string }): Promise<void> {
    const { barrierId, requestedBy, expiresAt } = barrier;
    for (const topic of BARRIER_ROUTES.release.nodes['payment-export'].after) {
      const messages = Array.from({ length: OUTBOX_SHARDS }, (_, shard) => ({
        key: `barrier:${barrierId}`,
        value: JSON.stringify({ barrierId, route: 'release', topic, shard, requestedBy, expiresAt }),
        partition: partitionOf(shard, TOPICS[topic].partitions),
        headers: headers(uuidV7(), BARRIER_RECORD_TYPE, 0n),
      }));
      await this.send(topic, messages);
    }
  }

  /** Writes a record whose data no contract allows, so that its key is parked. */
  async publishPoison(topic: TopicName, type: string, key: string): Promise<void> {
    await this.send(topic, [
      {
        key,
        value: '{"no": "such data"}',
        partition: partitionOf(shardOf(key), TOPICS[topic].partitions),
        headers: headers(uuidV7(), type, 99n),
      },
    ]);
  }

  private async send(topic: TopicName, messages: object[]): Promise<void> {
    await this.producer.send({
      topic: this.names.atBroker(topic),
      acks: -1,
      messages: messages as Parameters<Producer['send']>[0]['messages'],
    });
  }

  private async work(): Promise<void> {
    while (this.barriersPass && this.read.barriers < this.barriers.length) {
      const event = this.barriers[this.read.barriers]!;
      if (event.type === 'barrier.requested.v1') await this.passBarrier(event.data);
      this.read.barriers++;
    }
    const news = this.payments.slice(this.read.payments);
    this.unsent.push(...news.flatMap((event) => this.answerTo(event) ?? []));
    this.read.payments += news.length;
    await this.publish(this.unsent);
    this.unsent = [];
  }

  /** As declaration-workflow: a run that has no answer yet was counted anew by a restored database. */
  private outOfOrder(event: SeenEvent, now: DeclarationState, known: number): NewEvent | undefined {
    const asked = `${event.key} ${event.data.runId}`;
    if (event.type !== 'payment.release-requested.v1' || this.asked.has(asked)) return undefined;
    this.asked.add(asked);
    const told = { ...now, revision: now.revision + 1 };
    this.declarations.set(event.key, told);
    return newEvent(definitionOf('declaration.confirm-refused.v1'), {
      declaration: { ...told, runId: event.data.runId as string, paymentVersion: known },
      fact: fact('PAYMENT_OUT_OF_ORDER'),
    });
  }

  private answerTo(event: SeenEvent): NewEvent | undefined {
    const now = this.declarations.get(event.key);
    if (!now) return undefined;
    // What is delivered again was answered before.
    const known = this.written.get(event.key) ?? 0;
    if (event.data.paymentVersion <= known) return this.outOfOrder(event, now, known);
    this.written.set(event.key, event.data.paymentVersion as number);
    const move = (type: DeclarationType, changes: Partial<DeclarationState>, code: string | null = null) => {
      const declaration = { ...now, ...changes, revision: now.revision + 1 };
      this.declarations.set(event.key, declaration);
      return newEvent(definitionOf(type), { declaration, fact: fact(code) });
    };
    switch (event.type) {
      case 'payment.release-requested.v1': {
        const { runId } = event.data as { runId: string };
        this.asked.add(`${event.key} ${runId}`);
        const answer = this.answering(now, runId);
        if (answer === 'silent') return undefined;
        if (answer === 'confirm') return move('declaration.confirmed.v1', { status: 'RELEASING', runId });
        return move('declaration.confirm-refused.v1', { runId }, answer);
      }
      case 'payment.sealed.v1':
        return move('declaration.sent.v1', { status: 'SENT_TO_AGENCY' });
      case 'payment.netted.v1':
        return move('declaration.netted.v1', { status: 'PAID' });
      case 'payment.not-included.v1':
        return now.status === 'RELEASING'
          ? move('declaration.not-included.v1', { status: 'FINANCIALLY_APPROVED', runId: null })
          : undefined;
      case 'payment.acknowledged.v1':
        return move('declaration.paid.v1', { status: 'PAID' });
      case 'payment.rejected.v1':
        return move('declaration.rejected.v1', { status: 'REJECTED_BY_AGENCY' });
      case 'payment.returned.v1':
        return move('declaration.returned.v1', { status: 'REJECTED_BY_AGENCY' });
      default:
        return undefined;
    }
  }
}

const headers = (id: string, type: string, aggregateVersion: bigint | number) => ({
  ce_specversion: '1.0',
  ce_id: id,
  ce_type: type,
  ce_source: 'spec',
  ce_time: new Date().toISOString(),
  ce_aggregateversion: String(aggregateVersion),
});

const fact = (code: string | null = null): DeclarationEventData['fact'] => ({
  actor: 'system',
  personId: null,
  forOrganisation: null,
  at: '2026-08-10T09:00:00.000Z',
  from: null,
  reason: null,
  code,
  approvalId: null,
  previousPence: null,
});
