// Tells at once when a row is committed: a trigger notifies, and PostgreSQL delivers that after the commit.

/**
 * @param {import('./stand.mjs').Stand} stand
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
  stand.untidy.push(() => client.end());
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
