import { Public, RequiresRole } from '@attest/auth';
import { AttestError } from '@attest/errors';
import { Idempotent } from '@attest/http';
import { Database } from '@attest/persistence';
import { silentProxy, type SilentProxy } from '@attest/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Body, Controller, Get, HttpCode, Module, Post } from '@nestjs/common';
import { IsArray } from 'class-validator';
import { bareService, type BareService } from './bare-service.js';

class BulkDto {
  @IsArray()
  items!: string[];
}

/** Holds connections until it is told to let them go. */
let held: Promise<void> = Promise.resolve();

@Controller('deeds')
@RequiresRole('VIEW')
class DeedsController {
  constructor(private readonly database: Database) {}

  @Get()
  async list(): Promise<unknown> {
    return (await this.database.query('SELECT name FROM deed ORDER BY name')).rows;
  }

  @Get('none')
  none(): string[] {
    return [];
  }

  @Post()
  @HttpCode(200)
  @Idempotent()
  async one(): Promise<string> {
    await this.write(['one']);
    return 'done';
  }

  @Post('bulk')
  @HttpCode(200)
  @Idempotent()
  async bulk(@Body() body: BulkDto): Promise<string> {
    await this.write(body.items);
    return 'done';
  }

  @Get('held')
  @Public()
  async hold(): Promise<string> {
    await this.database.transaction(() => held);
    return 'held';
  }

  @Get('slow')
  @Public()
  async slow(): Promise<unknown> {
    return (await this.database.query('SELECT pg_sleep(60)')).rows;
  }

  @Get('faulty')
  @Public()
  faulty(): never {
    throw new AttestError('COUNTS_DIFFER', 500, 'Look at line 4 of deeds.ts.', { file: 'deeds.ts' });
  }

  private write(names: readonly string[]): Promise<unknown> {
    return this.database.transaction((tx) => tx.query('INSERT INTO deed SELECT unnest($1::text[])', [names]));
  }
}

@Module({ controllers: [DeedsController] })
class DeedsModule {}

describe('a service whose database is away', () => {
  let proxy: SilentProxy;
  let service: BareService;
  let authorization: string;
  beforeAll(async () => {
    service = await bareService(DeedsModule, {
      through: async (url) => (proxy = await silentProxy(url)).url,
      settings: { DATABASE_POOL_SIZE: 4, DATABASE_CONNECT_MS: 500, DATABASE_REQUEST_STATEMENT_MS: 1_000 },
    });
    await service.platform.database.query('CREATE TABLE deed (name text)');
    await service.appoint('one', 'VIEW', 'A81001');
    authorization = (await service.identity.headers('one')).authorization;
  });
  afterAll(async () => {
    await service.close();
    await proxy.close();
  });

  const ask = async (method: 'GET' | 'POST', path: string, body?: object, key?: string) => {
    const answer = await fetch(`${service.url}/api/v1/deeds${path}`, {
      method,
      headers: {
        authorization,
        ...(body ? { 'content-type': 'application/json' } : {}),
        ...(key ? { 'idempotency-key': key } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await answer.text();
    return {
      status: answer.status,
      retryAfter: answer.headers.get('retry-after'),
      type: answer.headers.get('content-type'),
      // A handler that answers a string answers no JSON.
      body: (text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : { text }) as Record<
        string,
        unknown
      >,
    };
  };
  const away = (code: string) => ({
    status: 503,
    retryAfter: '5',
    type: expect.stringContaining('application/problem+json'),
    body: expect.objectContaining({ code }),
  });
  const BULK = { items: ['two', 'three'] };

  it('answers 503 with Retry-After on every route, also where only the caller is looked up', async () => {
    await ask('GET', '');
    await proxy.cut();
    expect(await ask('GET', '')).toEqual(away('DATABASE_AWAY'));
    expect(await ask('GET', '/none')).toEqual(away('DATABASE_AWAY'));
    expect(await ask('POST', '', undefined, 'single')).toEqual(away('DATABASE_AWAY'));
    expect(await ask('POST', '/bulk', BULK, 'bulk')).toEqual(away('DATABASE_AWAY'));
    await proxy.heal();
  });

  it('does what was asked when the same request comes again, under the same key', async () => {
    expect((await ask('POST', '', undefined, 'single')).status).toBe(200);
    expect((await ask('POST', '/bulk', BULK, 'bulk')).status).toBe(200);
    const names = (await ask('GET', '')).body as unknown as { name: string }[];
    expect(names.map(({ name }) => name)).toEqual(['one', 'three', 'two']);
  });

  it('answers so too when no connection of the pool becomes free in time', async () => {
    let letGo = (): void => undefined;
    held = new Promise((resolve) => (letGo = resolve));
    const holding = Array.from({ length: 4 }, () => ask('GET', '/held'));
    // Whoever comes later waits behind them.
    const waited = await ask('POST', '', undefined, 'waited');
    letGo();
    await Promise.all(holding);
    expect(waited).toEqual(away('DATABASE_AWAY'));
  });

  it('answers a statement that ran into its limit with a code of its own', async () => {
    expect(await ask('GET', '/slow')).toEqual(away('STATEMENT_TOO_LONG'));
  });

  it('answers a fault of its own with the code alone', async () => {
    const { status, body } = await ask('GET', '/faulty');
    expect([status, body['code'], body['facts']]).toEqual([500, 'COUNTS_DIFFER', {}]);
    expect(JSON.stringify(body)).not.toContain('deeds.ts');
  });
});

describe('a service whose broker is away', () => {
  let service: BareService;
  beforeAll(async () => {
    // Nothing of Kafka is there.
    service = await bareService(DeedsModule);
  });
  afterAll(() => service.close());

  it('is ready for requests, and shows its consumer and its relay as warnings', async () => {
    service.platform.readiness.accept(true);
    const answer = await fetch(`${service.url}/health/ready`);
    expect([answer.status, await answer.json()]).toEqual([
      200,
      {
        status: 'ready',
        checks: [
          { name: 'started', ok: true },
          { name: 'database', ok: true },
          { name: 'consumer', ok: false, warning: true, detail: 'has no partitions of the broker' },
          { name: 'relay', ok: false, warning: true, detail: 'does not reach the database or the broker' },
        ],
      },
    ]);
  });
});
