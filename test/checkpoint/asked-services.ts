import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { LocalServices } from './local-services.js';

interface Answer<Body> {
  readonly status: number;
  readonly body: Body;
}

/** The services as people ask them, over HTTP, and as an onlooker sees them, in their databases. */
export class AskedServices {
  private readonly pools = new Map<string, pg.Pool>();

  constructor(
    private readonly services: Pick<LocalServices, 'urls' | 'token' | 'databaseUrls'>,
    private readonly answeredWithinMs = 60_000,
  ) {}

  /** Who asks names what the route answers. A text is sent as CSV. */
  async send<Body = unknown>(
    personId: string,
    method: string,
    service: string,
    path: string,
    body?: unknown,
  ): Promise<Answer<Body>> {
    const csv = typeof body === 'string';
    const answer = await fetch(`${this.services.urls[service]}/api/v1/${path}`, {
      method,
      signal: AbortSignal.timeout(this.answeredWithinMs),
      headers: {
        authorization: `Bearer ${await this.services.token(personId)}`,
        ...(body === undefined ? {} : { 'content-type': csv ? 'text/csv' : 'application/json' }),
        ...(method === 'POST' ? { 'idempotency-key': randomUUID() } : {}),
      },
      ...(body === undefined ? {} : { body: csv ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    const json = /json/.test(answer.headers.get('content-type') ?? '') && text.length > 0;
    return { status: answer.status, body: json ? JSON.parse(text) : text };
  }

  async rows<Row extends pg.QueryResultRow>(
    service: string,
    sql: string,
    values: unknown[] = [],
  ): Promise<Row[]> {
    return (await this.database(service).query<Row>(sql, values)).rows;
  }

  database = (service: string): pg.Pool => {
    if (!this.pools.has(service))
      this.pools.set(
        service,
        new pg.Pool({ connectionString: this.services.databaseUrls.get(service)!, max: 2 }),
      );
    return this.pools.get(service)!;
  };

  async close(): Promise<void> {
    await Promise.all([...this.pools.values()].map((pool) => pool.end()));
  }
}
