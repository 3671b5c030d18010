// Loaded before a service (`--import`): writes each statement it sends to a file, with its values and the connection it went over.
import { appendFileSync } from 'node:fs';
import pg from 'pg';
import type { RecordedValue, SentStatement } from './recorded.js';

interface Described {
  readonly text?: string;
  readonly name?: string;
  readonly values?: readonly unknown[] | null;
}

/** How pg's `query` is called. */
type Query = [config: string | Described | undefined, values?: unknown, ...rest: unknown[]];

const file = process.env.BENCH_STATEMENTS;
const connections = new WeakMap<pg.Client, number>();
let next = 1;
const { query } = pg.Client.prototype;
Object.assign(pg.Client.prototype, {
  query(this: pg.Client, ...sent: Query): unknown {
    const [config, values] = sent;
    const {
      text,
      name,
      values: own,
    }: Described = typeof config === 'string' ? { text: config } : (config ?? {});
    if (file && text !== undefined) {
      const connection = connections.get(this) ?? next++;
      connections.set(this, connection);
      const given: readonly unknown[] = Array.isArray(values) ? values : (own ?? []);
      const statement: SentStatement = { connection, name, text, values: given.map(kept) };
      appendFileSync(file, `${JSON.stringify(statement)}\n`);
    }
    return Reflect.apply(query, this, sent);
  },
});

function kept(value: unknown): RecordedValue {
  if (Buffer.isBuffer(value)) return { hex: value.toString('hex') };
  if (value instanceof Date) return { text: value.toISOString() };
  if (Array.isArray(value)) return { array: value.map(String) };
  return { text: value === null || value === undefined ? null : String(value) };
}
