import type pg from 'pg';
import { ConnectionLostError } from './persistence.errors.js';
import { isConnectionLost, isOfConnection } from './passing-failures.js';

/** Clients that must not be used again, and why. */
const unusable = new WeakMap<pg.ClientBase, Error>();

/** The connection must not be used again. The first reason is the one that counts. */
export function spoil(client: pg.ClientBase, why: Error): void {
  if (!unusable.has(client)) unusable.set(client, why);
}

/** Why the connection must not be used again; undefined where it may. */
export const whyUnusable = (client: pg.ClientBase): Error | undefined => unusable.get(client);

/**
 * Ends the connection when what was asked is not answered in time: the statement may still be running in it. Also
 * remembers what an error says of the connection itself.
 */
export async function answered<T>(
  client: pg.ClientBase,
  withinMs: number,
  ask: () => Promise<T>,
): Promise<T> {
  let late: ConnectionLostError | undefined;
  const timer = setTimeout(() => {
    late = new ConnectionLostError(withinMs);
    spoil(client, late);
    // With a statement under way this closes the socket at once.
    void (client as pg.Client).end().catch(() => undefined);
  }, withinMs);
  try {
    return await ask();
  } catch (error) {
    if (late) throw late;
    if (isOfConnection(error)) spoil(client, error as Error);
    // The server may have said before why it ended the session; the driver only says that it is lost.
    const told = whyUnusable(client);
    throw told && error instanceof Error && isConnectionLost(error) ? told : error;
  } finally {
    clearTimeout(timer);
  }
}

/**
 * For a connection that several parts of a service ask: whoever asks meanwhile waits here. The driver is about to give up
 * its own queue. A statement's limit counts from when it is sent.
 */
export function askInTurn(client: pg.ClientBase): void {
  const ask = client.query.bind(client) as (...words: unknown[]) => Promise<unknown>;
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = (...words: unknown[]): Promise<unknown> => {
    const asked = last.then(() => ask(...words));
    last = asked.catch(() => undefined);
    return asked;
  };
  client.query = inTurn as typeof client.query;
}

/** Bounds every statement of this client, whoever asks for it. A COPY is a stream and is bounded where it is run. */
export function boundStatements(client: pg.ClientBase, withinMs: () => number): void {
  client.on('error', (error) => spoil(client, error));
  const ask = client.query.bind(client) as (...words: unknown[]) => Promise<unknown>;
  const bounded = (...words: unknown[]): unknown => {
    const isStream = typeof (words[0] as { submit?: unknown } | null)?.submit === 'function';
    return isStream ? ask(...words) : answered(client, withinMs(), () => ask(...words));
  };
  client.query = bounded as typeof client.query;
}
