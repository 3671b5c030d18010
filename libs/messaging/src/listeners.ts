import 'reflect-metadata';
import type { BarrierRouteName, TopicName } from '@attest/contracts';
import type { Tx } from '@attest/persistence';

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

/** Whom messaging tells. Hosting offers it every provider of the app. */
export class Listeners {
  private readonly barrier = new Map<string, BarrierListening[]>();
  private readonly park: ParkListening[] = [];

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
}
