// @ts-nocheck
// Loaded before a service (`--import`): writes each statement it sends to a file, with its values and the connection it went over.
import { appendFileSync } from 'node:fs';
import pg from 'pg';

const file = process.env.BENCH_STATEMENTS;
const connections = new WeakMap();
let next = 1;
const query = pg.Client.prototype.query;
pg.Client.prototype.query = function (config, values, ...rest) {
  const text = typeof config === 'string' ? config : config?.text;
  if (file && text !== undefined) {
    if (!connections.has(this)) connections.set(this, next++);
    const sent = { connection: connections.get(this), name: config.name, text };
    const given = Array.isArray(values) ? values : (config.values ?? []);
    appendFileSync(file, `${JSON.stringify({ ...sent, values: given.map(kept) })}\n`);
  }
  return query.call(this, config, values, ...rest);
};

function kept(value) {
  if (Buffer.isBuffer(value)) return { hex: value.toString('hex') };
  if (value instanceof Date) return { text: value.toISOString() };
  if (Array.isArray(value)) return { array: value.map(String) };
  return { text: value === null || value === undefined ? null : String(value) };
}
