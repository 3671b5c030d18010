// @ts-nocheck
// A small HTTP client over kept connections: the story makes 20,000 requests and must not be the slow part.
import { Agent, request } from 'node:http';
import { createReadStream } from 'node:fs';
import { randomUUID } from 'node:crypto';

const agent = new Agent({ keepAlive: true, maxSockets: 24 });

/** A refusal that the story did not expect, with the problem's own words. */
export class UnexpectedAnswer extends Error {
  constructor(method, url, status, body) {
    super(
      `${method} ${url} answered ${status} ${body?.code ?? ''}: ${body?.detail ?? JSON.stringify(body)?.slice(0, 300)}`,
    );
    this.status = status;
    this.code = body?.code;
    this.body = body;
  }
}

/**
 * One request. `file` streams from disk; `body` is sent as JSON.
 * @returns {Promise<{status: number, headers: object, body: any}>}
 */
export async function send(method, url, { token, body, file, headers = {} } = {}) {
  const payload = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
  const sent = {
    accept: 'application/json',
    ...(token ? { authorization: `Bearer ${token}` } : {}),
    ...(payload ? { 'content-type': 'application/json', 'content-length': payload.length } : {}),
    ...(method === 'POST' ? { 'idempotency-key': randomUUID() } : {}),
    ...headers,
  };
  try {
    return await exchange(method, url, sent, { agent, payload, file });
  } catch (error) {
    // A kept connection that the other side closed meanwhile. Its idempotency key makes the repeat harmless.
    if (!error.onKeptConnection || file) throw error;
    return exchange(method, url, sent, { agent: false, payload });
  }
}

function exchange(method, url, sent, { agent: kept, payload, file }) {
  return new Promise((resolve, reject) => {
    const call = request(url, { method, agent: kept, headers: sent }, (answer) => {
      const chunks = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () => {
        const bytes = Buffer.concat(chunks);
        const json = /json/.test(answer.headers['content-type'] ?? '');
        resolve({
          status: answer.statusCode,
          headers: answer.headers,
          body: json && bytes.length > 0 ? JSON.parse(bytes.toString('utf8')) : bytes,
        });
      });
    });
    call.on('error', (error) =>
      reject(
        Object.assign(new Error(`${method} ${url}: ${error.message}`, { cause: error }), {
          onKeptConnection: call.reusedSocket && error.code === 'ECONNRESET',
        }),
      ),
    );
    if (file) createReadStream(file).on('error', reject).pipe(call);
    else call.end(payload);
  });
}

/** Like `send`, but any status of 400 and above is an UnexpectedAnswer. */
export async function call(method, url, options) {
  const answer = await send(method, url, options);
  if (answer.status >= 400) throw new UnexpectedAnswer(method, url, answer.status, answer.body);
  return answer.body;
}

/** Runs `work` over `items`, at most `width` at once; the first failure stops the rest. */
export async function each(items, width, work) {
  let next = 0;
  const runner = async () => {
    while (next < items.length) await work(items[next++]);
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, runner));
}

/** Waits until `condition` gives a truthy value and returns it; says what it waited for when time is up. */
export async function until(what, condition, { withinMs = 60_000, everyMs = 50 } = {}) {
  const deadline = Date.now() + withinMs;
  let last;
  for (;;) {
    last = await condition();
    if (last) return last;
    if (Date.now() > deadline) throw new Error(`Waited ${withinMs / 1000} s in vain: ${what}`);
    await new Promise((wake) => setTimeout(wake, everyMs));
  }
}
