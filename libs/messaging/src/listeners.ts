import 'reflect-metadata';
import type { BarrierRouteName, TopicName } from '@attest/contracts';
import type { Tx } from '@attest/persistence';
import type { ReceivedEvent } from './wire/received-event.js';

export interface Barrier {
  readonly barrierId: string;
  readonly route: BarrierRouteName;
  readonly requestedBy: string;
  readonly requestedAt: Date;
  readonly expiresAt: Date;
  /** `pg_current_snapshot()` of the transaction in which this service passed: what was committed before it. */
  readonly snapshot: string | null;
}

/** Why a barrier was given up, in a form for people and one for code. */
export interface BarrierFailure {
  readonly words: string;
  readonly lacking: readonly BarrierLack[];
}
export interface BarrierLack {
  readonly service: string;
  readonly topic: string;
  readonly partition: number;
  readonly shards: readonly number[];
}

/** Told in the transaction in which this service passes, or gives up, a barrier. */
export interface BarrierListening {
  passed(tx: Tx, barrier: Barrier): Promise<void>;
  aborted(tx: Tx, barrier: Barrier, why: BarrierFailure): Promise<void>;
}

export interface ParkedKey {
  readonly topic: TopicName;
  /** `*` when the key itself could not be read: then every key of the topic is blocked. */
  readonly key: string;
  readonly code: string;
}

/** Told in the transaction that parks a key behind a dead letter, or frees it. */
export interface ParkListening {
  parked(tx: Tx, key: ParkedKey): Promise<void>;
  unparked(tx: Tx, key: Pick<ParkedKey, 'topic' | 'key'>): Promise<void>;
}

export interface RecordHeaders {
  readonly type: string | null;
  readonly aggregateVersion: number | null;
}

/** A dead letter that an operator gave up. */
export interface DiscardedEvent {
  readonly topic: TopicName;
  /** `*` when the key itself could not be read. */
  readonly key: string;
  /** What it said; null where it cannot be read. */
  readonly event: ReceivedEvent | null;
  /** What its headers say, also where the rest cannot be read. */
  readonly type: string | null;
  readonly aggregateVersion: number | null;
  /** What waited behind it and was applied now, in the order of the log, as its headers say. */
  readonly behind: readonly RecordHeaders[];
  readonly deadLetterId: string;
  /** The operator, and why. */
  readonly who: string;
  readonly why: string;
}

/**
 * Told in the transaction that discards dead letters, after what was parked behind them. Whoever waits for what they
 * asked gets its answer here. A listener that throws refuses: then nothing of their key is discarded.
 */
export interface DiscardListening {
  discarded(tx: Tx, events: readonly DiscardedEvent[]): Promise<void>;
}

const DISCARD_LISTENER = Symbol('attest.discard-listener');
const BARRIER_LISTENER = Symbol('attest.barrier-listener');
const PARK_LISTENER = Symbol('attest.park-listener');

/** Marks a provider that implements BarrierListening for one route. */
export function BarrierListener(route: BarrierRouteName): ClassDecorator {
  return (target) => Reflect.defineMetadata(BARRIER_LISTENER, route, target);
}

/** Marks a provider that implements ParkListening. */
export function ParkListener(): ClassDecorator {
  return (target) => Reflect.defineMetadata(PARK_LISTENER, true, target);
}

/** Marks a provider that implements DiscardListening for these topics. */
export function DiscardListener(...topics: readonly TopicName[]): ClassDecorator {
  return (target) => Reflect.defineMetadata(DISCARD_LISTENER, topics, target);
}

/** Whom messaging tells. Hosting offers it every provider of the app. */
export class Listeners {
  private readonly barrier = new Map<string, BarrierListening[]>();
  private readonly park: ParkListening[] = [];
  private readonly discards = new Map<TopicName, DiscardListening[]>();

  /** Takes a provider if it is annotated as a listener; anything else is left alone. */
  offer(provider: unknown): void {
    if (typeof provider !== 'object' || provider === null || typeof provider.constructor !== 'function')
      return;
    const route = Reflect.getMetadata(BARRIER_LISTENER, provider.constructor) as string | undefined;
    if (route !== undefined && !this.forRoute(route).includes(provider as BarrierListening))
      this.barrier.set(route, [...this.forRoute(route), provider as BarrierListening]);
    if (
      Reflect.getMetadata(PARK_LISTENER, provider.constructor) &&
      !this.park.includes(provider as ParkListening)
    )
      this.park.push(provider as ParkListening);
    const topics = Reflect.getMetadata(DISCARD_LISTENER, provider.constructor) as TopicName[] | undefined;
    for (const topic of topics ?? []) {
      const known = this.discards.get(topic) ?? [];
      if (!known.includes(provider as DiscardListening))
        this.discards.set(topic, [...known, provider as DiscardListening]);
    }
  }

  forRoute(route: string): readonly BarrierListening[] {
    return this.barrier.get(route) ?? [];
  }

  async parked(tx: Tx, key: ParkedKey): Promise<void> {
    for (const listener of this.park) await listener.parked(tx, key);
  }

  async unparked(tx: Tx, key: Pick<ParkedKey, 'topic' | 'key'>): Promise<void> {
    for (const listener of this.park) await listener.unparked(tx, key);
  }

  /** All of one topic, in the order of the log. */
  async discarded(tx: Tx, topic: TopicName, events: readonly DiscardedEvent[]): Promise<void> {
    if (events.length === 0) return;
    for (const listener of this.discards.get(topic) ?? []) await listener.discarded(tx, events);
  }
}
