import { randomBytes } from 'node:crypto';
import type { Static, TSchema } from '@sinclair/typebox';
import { UUID } from './scalars.js';
import { compileSchema, type Check } from './validation.js';
import type { TopicName } from './topics.js';

/** One kind of fact: its type with version, its topic, the shape of its data, its key and version. */
export interface EventDefinition<T extends TSchema = TSchema, N extends string = string> {
  readonly type: N;
  readonly topic: TopicName;
  readonly data: T;
  readonly says: string;
  /** Whether a republication tells it again; a step that it need not tell says why nothing is lost without it. */
  readonly republish?: Republish | undefined;
  /** The aggregate whose events stay in order: becomes the record's key and picks its shard. */
  key(data: Static<T>): string;
  /** The aggregate's own version; a handler keeps the highest it has seen. */
  version(data: Static<T>): bigint;
  readonly validate: Check;
}

/** It stands: its writer tells it again from its tables. Or it passes: its effect is in what is told again, or over. */
export type Republish = 'stands' | { readonly passes: string };

/** @param why what makes up for it */
export const passing = (why: string): Republish => ({ passes: why });

export const stands = ({ republish }: Pick<EventDefinition, 'republish'>): boolean => republish === 'stands';

export type EventOf<D> = D extends EventDefinition<infer T, string> ? Static<T> : never;

export interface NewEvent<D extends EventDefinition = EventDefinition> {
  readonly id: string;
  readonly definition: D;
  readonly key: string;
  readonly aggregateVersion: bigint;
  readonly data: EventOf<D>;
  readonly causedBy?: string | undefined;
  readonly correlationId?: string | undefined;
}

const registry = new Map<string, EventDefinition>();

/** Defines an event once: its type, compiled check and place in the AsyncAPI document come from here. */
export function defineEvent<T extends TSchema, const N extends string>(definition: {
  type: N;
  topic: TopicName;
  says: string;
  republish?: Republish;
  data: T;
  key: (data: Static<T>) => string;
  version: (data: Static<T>) => bigint | number;
}): EventDefinition<T, N> {
  if (!/^[a-z-]+(\.[a-z-]+)*\.v\d+$/.test(definition.type))
    throw new Error(`${definition.type}: an event's type ends in .vN`);
  // Specs that run after each other in one process define theirs (`spec.…`) anew.
  if (registry.has(definition.type) && !definition.type.startsWith('spec.'))
    throw new Error(`${definition.type} is defined twice`);
  const { version } = definition;
  const defined = {
    ...definition,
    version: (data: Static<T>) => BigInt(version(data)),
    validate: compileSchema(definition.data),
  };
  registry.set(definition.type, defined as unknown as EventDefinition);
  return defined;
}

/** Every event there is, by type. */
export function eventDefinitions(): ReadonlyMap<string, EventDefinition> {
  return registry;
}

/** A fact about to enter the outbox, with an id of its own. Its data is checked there. */
export function newEvent<D extends EventDefinition>(
  definition: D,
  data: EventOf<D>,
  cause: { causedBy?: string | undefined; correlationId?: string | undefined } = {},
): NewEvent<D> {
  return {
    id: uuidV7(),
    definition,
    key: definition.key(data),
    aggregateVersion: definition.version(data),
    data,
    ...cause,
  };
}

let pool = Buffer.alloc(0);
let used = 0;

/** Whether this can be the id of a declaration or of anything else that has a UUID. */
export const isUuid = (text: string): boolean => UUID.test(text);

/** A UUID of version 7: ascending in time, so that keys are added at the end of their index. */
export function uuidV7(now: number = Date.now()): string {
  if (used + 10 > pool.length) {
    pool = randomBytes(10 * 1024);
    used = 0;
  }
  const time = now.toString(16).padStart(12, '0');
  const random = pool.toString('hex', used, used + 10);
  used += 10;
  const variant = ((parseInt(random[3]!, 16) & 0x3) | 0x8).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(0, 3)}-${variant}${random.slice(4, 7)}-${random.slice(7, 19)}`;
}
