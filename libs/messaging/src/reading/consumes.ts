import { Catch, UseFilters, type RpcExceptionFilter } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import { throwError, type Observable } from 'rxjs';
import type { EventDefinition, TopicName } from '@attest/contracts';
import type { BatchContext, ReceivedEvent } from '../wire/received-event.js';
import type { Handling } from './handler-table.js';
import { ATTEST_KAFKA } from './transport-id.js';

/** Nest's own filter turns every error into "Internal server error", so bisection could not tell what failed. */
@Catch()
export class KeepsItsError implements RpcExceptionFilter {
  catch(error: unknown): Observable<never> {
    return throwError(() => error);
  }
}

/** @internal What a handler asked for, as Nest's pattern extras. */
export interface ConsumesExtras {
  readonly attest: Handling & { readonly types: readonly string[] };
}

/** The topic of each method that is a handler, for who asks what a service reads without starting it. */
const topicOfHandler = new WeakMap<object, TopicName>();

/** The topics for which instances of this class have handlers. */
export function topicsConsumedBy(type: abstract new (...args: never[]) => unknown): TopicName[] {
  const methods = Object.values(Object.getOwnPropertyDescriptors(type.prototype as object)).map(
    ({ value }: PropertyDescriptor) => value as unknown,
  );
  return methods.flatMap((method) => (typeof method === 'function' && topicOfHandler.get(method)) || []);
}

type Handler<D extends EventDefinition> = (
  events: readonly ReceivedEvent<D>[],
  batch: BatchContext,
) => Promise<void>;

/**
 * Makes a Nest controller's method the handler of these events, all of one topic. It takes
 * `(@Payload() events: readonly ReceivedEvent<typeof X | typeof Y>[], @Ctx() batch: BatchContext)`, at most 2,000
 * events of one partition in their order, and does everything through `batch.tx`, because the batch may be rolled
 * back and bisected.
 */
export function Consumes<const D extends readonly [EventDefinition, ...EventDefinition[]]>(
  ...definitions: D
) {
  return handlerOf(definitions, {});
}

/** As `Consumes`, with at most so many events at once: for a handler whose locks others must not wait for long. */
export function ConsumesAtMost<const D extends readonly [EventDefinition, ...EventDefinition[]]>(
  most: number,
  ...definitions: D
) {
  return handlerOf(definitions, { most });
}

/**
 * As `Consumes`, by a consumer of the topic's own: its events never wait until thousands of another topic are applied.
 * It costs a group, connections and a fetch that waits; for the few topics whose events stop money.
 */
export function ConsumesAtOnce<const D extends readonly [EventDefinition, ...EventDefinition[]]>(
  ...definitions: D
) {
  return handlerOf(definitions, { atOnce: true });
}

function handlerOf<const D extends readonly [EventDefinition, ...EventDefinition[]]>(
  definitions: D,
  how: Handling,
) {
  const [first] = definitions;
  const stranger = definitions.find((definition) => definition.topic !== first.topic);
  if (stranger)
    throw new Error(
      `${first.type} and ${stranger.type} are of different topics: give each topic its own handler`,
    );
  const types = definitions.map((definition) => definition.type);
  const extras: ConsumesExtras = { attest: { types, ...how } };
  return <M extends Handler<D[number]>>(
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<M>,
  ): void => {
    if (descriptor.value) topicOfHandler.set(descriptor.value, first.topic);
    // The handler's type is checked above; Nest's own decorators need not check it again.
    for (const decorate of [EventPattern(first.topic, ATTEST_KAFKA, extras), UseFilters(KeepsItsError)])
      (decorate as MethodDecorator)(target, key, descriptor);
  };
}
