// Tells at once when a row is committed: a trigger notifies, and PostgreSQL delivers that after the commit.
import type { Stand } from './stand.js';

export interface WatchedTable {
  readonly url: string;
  readonly table: string;
  /** SQL over NEW: what names the row. */
  readonly say: string;
}

export interface Commits {
  /** The instant (performance.now) at which the row was heard of. */
  seen(name: string, withinMs?: number): Promise<number>;
}

export interface Changes {
  /** Looks again after each change until there is something; `at` is when it was seen. */
  until<T>(look: () => Promise<T | false>, withinMs?: number): Promise<{ found: T; at: number }>;
}

export async function watchCommits(stand: Stand, { url, table, say }: WatchedTable): Promise<Commits> {
  const client = await stand.admin(url);
  await client.query(
    `CREATE FUNCTION bench_tell() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN PERFORM pg_notify('bench', ${say}); RETURN NEW; END $$`,
  );
  await client.query(
    `CREATE TRIGGER bench_tell AFTER INSERT OR UPDATE ON ${table} FOR EACH ROW EXECUTE FUNCTION bench_tell()`,
  );
  await client.query('LISTEN bench');
  const heard = new Map<string, number>();
  const waiting = new Map<string, (at: number) => void>();
  client.on('notification', ({ payload = '' }) => {
    const at = performance.now();
    heard.set(payload, at);
    waiting.get(payload)?.(at);
    waiting.delete(payload);
  });
  stand.untidy.push(async () => {
    await client.query(`DROP TRIGGER bench_tell ON ${table}`);
    await client.query('DROP FUNCTION bench_tell()');
    await client.end();
  });
  return {
    seen: (name, withinMs = 20_000) =>
      new Promise((resolve, reject) => {
        const at = heard.get(name);
        if (at !== undefined) return resolve(at);
        const timer = setTimeout(
          () => reject(new Error(`${name} was not committed within ${withinMs} ms`)),
          withinMs,
        );
        waiting.set(name, (when) => {
          clearTimeout(timer);
          resolve(when);
        });
      }),
  };
}

/**
 * Looks again after each statement that has changed one of the tables, and only then: polling would cost the machine
 * what is being measured.
 */
export async function watchChanges(
  stand: Stand,
  { url, tables }: { url: string; tables: readonly string[] },
): Promise<Changes> {
  const client = await stand.admin(url);
  await client.query(
    `CREATE FUNCTION bench_changed() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN PERFORM pg_notify('bench_changed', TG_TABLE_NAME); RETURN NULL; END $$`,
  );
  const statements = tables.map(
    (table) =>
      `CREATE TRIGGER bench_changed AFTER INSERT OR UPDATE ON ${table} FOR EACH STATEMENT EXECUTE FUNCTION bench_changed()`,
  );
  for (const statement of statements) await client.query(statement);
  await client.query('LISTEN bench_changed');
  let lastAt = performance.now();
  let wake = (): void => undefined;
  client.on('notification', () => {
    lastAt = performance.now();
    wake();
  });
  stand.untidy.push(async () => {
    for (const table of tables) await client.query(`DROP TRIGGER bench_changed ON ${table}`);
    await client.query('DROP FUNCTION bench_changed()');
    await client.end();
  });
  return {
    async until(look, withinMs = 60_000) {
      const deadline = performance.now() + withinMs;
      for (;;) {
        const at = lastAt;
        const found = await look();
        if (found) return { found, at: performance.now() };
        if (performance.now() > deadline) throw new Error(`it did not happen within ${withinMs} ms`);
        // Changed while we looked: look at once.
        if (lastAt !== at) continue;
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, 1_000);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
    },
  };
}
