import 'reflect-metadata';
import type { EventDefinition, NewEvent, TopicName } from '@attest/contracts';
import type { Tx } from '@attest/persistence';

/** Where a publisher is in its tables: the key of the last row that it told. */
export type Place = readonly (string | number | null)[];

export interface RepublishSlice {
  /** Null at the beginning. */
  readonly after: Place | null;
  /** About so many events; what belongs together may make it more. */
  readonly limit: number;
  /** Only these keys of the topic; null: all. */
  readonly keys: readonly string[] | null;
}

export interface RepublishedPage {
  readonly events: readonly NewEvent[];
  /** Null when there is no more. */
  readonly next: Place | null;
}

/**
 * Tells again what its service stands for, from its own tables, in the order of a key that does not change. Each event
 * has the version under which it stands there, so whoever knows it changes nothing.
 *
 * A row may change while a run is under way. Whoever reads compares versions, so an older state that comes after a
 * newer one is dropped. Where an event carries history that the newer one does not, the page locks its aggregates
 * (`FOR SHARE NOWAIT`: it never waits with locks in its hands, the page is tried again): then the newer one comes after.
 */
export interface Republishing {
  page(tx: Tx, slice: RepublishSlice): Promise<RepublishedPage>;
}

const REPUBLISHES = Symbol('attest.republishes');

/** Marks a provider that implements Republishing for these events, all of one topic of its service. */
export function Republishes(
  ...definitions: readonly [EventDefinition, ...EventDefinition[]]
): ClassDecorator {
  const stranger = definitions.find(({ topic }) => topic !== definitions[0].topic);
  if (stranger)
    throw new Error(
      `${definitions[0].type} and ${stranger.type} are of different topics: give each topic its own publisher`,
    );
  return (target) => Reflect.defineMetadata(REPUBLISHES, definitions, target);
}

/** What a class, or an instance of it, was marked to tell again; none where it was not. */
export function republishedBy(provider: unknown): readonly EventDefinition[] {
  const target = typeof provider === 'function' ? provider : (provider as object | null)?.constructor;
  if (typeof target !== 'function') return [];
  return (Reflect.getMetadata(REPUBLISHES, target) as readonly EventDefinition[] | undefined) ?? [];
}

interface Publisher {
  readonly name: string;
  readonly topic: TopicName;
  readonly types: ReadonlySet<string>;
  readonly provider: Republishing;
}

/** Who tells what again. Hosting offers it every provider of the app. */
export class Publishers {
  private readonly all: Publisher[] = [];

  /** Takes a provider if it is marked; anything else is left alone. */
  offer(provider: unknown): void {
    if (typeof provider !== 'object' || provider === null || typeof provider.constructor !== 'function')
      return;
    const definitions = republishedBy(provider);
    if (definitions.length === 0 || this.all.some((known) => known.provider === provider)) return;
    this.all.push({
      name: provider.constructor.name,
      topic: definitions[0]!.topic,
      types: new Set(definitions.map(({ type }) => type)),
      provider: provider as Republishing,
    });
    this.all.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  topics(): TopicName[] {
    return [...new Set(this.all.map(({ topic }) => topic))];
  }

  /** The one whose turn it is: the first of the topic that is not before this name. */
  turnOf(topic: string, name: string | null): Publisher | undefined {
    return this.all.find((one) => one.topic === topic && (name === null || one.name >= name));
  }

  /** Who comes after this one. */
  after(topic: string, name: string): Publisher | undefined {
    return this.all.find((one) => one.topic === topic && one.name > name);
  }
}

/** A page of rows that were read in the order of their place, `limit` at most: fewer say that there are no more. */
export function pageOfRows<Row>(
  rows: readonly Row[],
  limit: number,
  placeOf: (row: Row) => Place,
  eventOf: (row: Row) => NewEvent,
): RepublishedPage {
  const last = rows.at(-1);
  return {
    events: rows.map(eventOf),
    next: last === undefined || rows.length < limit ? null : placeOf(last),
  };
}
