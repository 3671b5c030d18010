// @ts-nocheck
// Tells at once when a row is committed: a trigger notifies, and PostgreSQL delivers that after the commit.

/**
 * @param {import('./stand.js').Stand} stand
 * @param {{ url: string, table: string, say: string }} where `say` is SQL over NEW: what names the row
 * @returns {Promise<{ seen: (name: string, withinMs?: number) => Promise<number>, forget: () => void }>} `seen` answers
 *   the instant (performance.now) at which the row was heard of
 */
export async function watchCommits(stand, { url, table, say }) {
  const client = await stand.admin(url);
  await client.query(
    `CREATE FUNCTION bench_tell() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN PERFORM pg_notify('bench', ${say}); RETURN NEW; END $$`,
  );
  await client.query(
    `CREATE TRIGGER bench_tell AFTER INSERT OR UPDATE ON ${table} FOR EACH ROW EXECUTE FUNCTION bench_tell()`,
  );
  await client.query('LISTEN bench');
  /** @type {Map<string, number>} */
  const heard = new Map();
  /** @type {Map<string, (at: number) => void>} */
  const waiting = new Map();
  client.on('notification', ({ payload }) => {
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
    forget: () => heard.clear(),
  };
}

/**
 * Looks again after each statement that has changed one of the tables, and only then: polling would cost the machine
 * what is being measured.
 * @param {import('./stand.js').Stand} stand
 * @param {{ url: string, tables: readonly string[] }} options
 */
export async function watchChanges(stand, { url, tables }) {
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
  let wake = () => undefined;
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
    /**
     * @template T
     * @param {() => Promise<T | false>} look
     * @returns {Promise<{ found: T, at: number }>} `at`: when it was seen to be so
     */
    async until(look, withinMs = 60_000) {
      const deadline = performance.now() + withinMs;
      for (;;) {
        const at = lastAt;
        const found = await look();
        if (found) return { found, at: performance.now() };
        if (performance.now() > deadline) throw new Error(`it did not happen within ${withinMs} ms`);
        // Changed while we looked: look at once.
        if (lastAt !== at) continue;
        await new Promise((resolve) => {
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
