import { request } from 'node:http';
import { RequiresRole } from '@attest/auth';
import { AttestError } from '@attest/errors';
import {
  FileBody,
  Idempotent,
  IdempotencyStore,
  setEtag,
  TakesFile,
  unpacked,
  type UploadedFile,
} from '@attest/http';
import { eventually } from '@attest/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Body, Controller, HttpCode, Module, Param, Post, Res } from '@nestjs/common';
import { IsInt } from 'class-validator';
import type { FastifyReply } from 'fastify';
import { bareService, type BareService } from './bare-service.js';

class AmountDto {
  @IsInt()
  amount!: number;
}

/** What the handlers did, and what they wait for, so that a spec can hold one open. */
const done: number[] = [];
let wait: Promise<void> = Promise.resolve();
let begun = 0;

@Controller('payments')
@RequiresRole('VIEW')
class PaymentsController {
  @Post()
  @Idempotent()
  async pay(
    @Body() body: AmountDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<{ paid: bigint; nth: number }> {
    await wait;
    if (body.amount === 409) throw new AttestError('NOT_NOW', 409, 'Try later.', { amount: body.amount });
    done.push(body.amount);
    if (body.amount === 500) throw new Error('broken');
    setEtag(reply, 7n);
    return { paid: BigInt(body.amount), nth: done.length };
  }

  @Post(':id/nothing')
  @HttpCode(204)
  @Idempotent()
  nothing(@Param('id') id: string): void {
    done.push(Number(id));
  }

  @Post('files')
  @Idempotent()
  @TakesFile()
  async file(@FileBody() file: UploadedFile): Promise<{ bytes: number; nth: number }> {
    let bytes = 0;
    begun++;
    for await (const chunk of unpacked(file, 1_000_000)) bytes += (chunk as Buffer).length;
    done.push(bytes);
    return { bytes, nth: done.length };
  }

  @Post('refused-files')
  @Idempotent()
  @TakesFile()
  refuse(): never {
    throw new AttestError('HEADER_WRONG', 422, 'The first line is not the layout’s.');
  }
}

@Module({ controllers: [PaymentsController] })
class PaymentsModule {}

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown> | undefined;
  readonly headers: Headers;
}

describe('an idempotency key', () => {
  let service: BareService;
  const authorization: Record<string, string> = {};

  beforeAll(async () => {
    service = await bareService(PaymentsModule);
    for (const person of ['one', 'two']) {
      await service.appoint(person, 'VIEW', 'A81001');
      authorization[person] = (await service.identity.headers(person)).authorization;
    }
  });
  afterAll(() => service.close());
  beforeEach(() => {
    done.length = 0;
    wait = Promise.resolve();
  });

  const post = async (
    path: string,
    body: unknown,
    { key, person = 'one', type = 'application/json' }: { key?: string; person?: string; type?: string } = {},
  ): Promise<Answer> => {
    const answer = await fetch(`${service.url}/api/v1/payments${path}`, {
      method: 'POST',
      headers: {
        ...(body === undefined ? {} : { 'content-type': type }),
        authorization: authorization[person]!,
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      },
      ...(body === undefined
        ? {}
        : { body: type === 'application/json' ? JSON.stringify(body) : (body as string) }),
    });
    const text = await answer.text();
    return {
      status: answer.status,
      headers: answer.headers,
      body: text === '' ? undefined : (JSON.parse(text) as Record<string, unknown>),
    };
  };

  it.each([
    ['left out', undefined],
    ['empty', ''],
    ['with a space', 'with space'],
    ['of 201 characters', 'x'.repeat(201)],
  ])('%s is refused: it is required', async (_what, key) => {
    const answer = await post('', { amount: 1 }, key === undefined ? {} : { key });
    expect([answer.status, answer.body?.['code']]).toEqual([400, 'IDEMPOTENCY_KEY_MISSING']);
    expect(done).toEqual([]);
  });

  it('with the same request gets the same answer, and the work is done once', async () => {
    const first = await post('', { amount: 5 }, { key: 'same' });
    const again = await post('', { amount: 5 }, { key: 'same' });
    expect(first).toMatchObject({ status: 201, body: { paid: '5', nth: 1 } });
    expect([again.status, again.body]).toEqual([first.status, first.body]);
    expect(again.headers.get('etag')).toBe('"7"');
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(done).toEqual([5]);
  });

  it('with another body is refused', async () => {
    await post('', { amount: 5 }, { key: 'other-body' });
    const answer = await post('', { amount: 6 }, { key: 'other-body' });
    expect([answer.status, answer.body?.['code']]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
    expect(done).toEqual([5]);
  });

  it('for another address of the same route is refused', async () => {
    expect((await post('/1/nothing', undefined, { key: 'other-address' })).status).toBe(204);
    expect((await post('/2/nothing', undefined, { key: 'other-address' })).status).toBe(422);
  });

  it('keeps an answer without a body', async () => {
    await post('/1/nothing', undefined, { key: 'no-body' });
    const again = await post('/1/nothing', undefined, { key: 'no-body' });
    expect([again.status, again.body]).toEqual([204, undefined]);
    expect(done).toEqual([1]);
  });

  it('belongs to its caller', async () => {
    await post('', { amount: 1 }, { key: 'mine' });
    expect((await post('', { amount: 2 }, { key: 'mine', person: 'two' })).body).toEqual({
      paid: '2',
      nth: 2,
    });
  });

  it('of a refusal gets the same refusal', async () => {
    const first = await post('', { amount: 409 }, { key: 'refusal' });
    const again = await post('', { amount: 409 }, { key: 'refusal' });
    expect(first).toMatchObject({ status: 409, body: { code: 'NOT_NOW', facts: { amount: 409 } } });
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
  });

  it('of a request with faults may be used again, because nothing ran', async () => {
    expect((await post('', { amount: 'x' }, { key: 'faulty' })).body).toMatchObject({
      code: 'REQUEST_FAULTY',
    });
    expect((await post('', { amount: 8 }, { key: 'faulty' })).status).toBe(201);
  });

  it('of a failure may be tried again', async () => {
    expect((await post('', { amount: 500 }, { key: 'failure' })).status).toBe(500);
    expect((await post('', { amount: 500 }, { key: 'failure' })).status).toBe(500);
    expect(done).toEqual([500, 500]);
  });

  it('is in use while its request is worked on, and only one of many runs', async () => {
    let release = (): void => undefined;
    wait = new Promise((resolve) => (release = resolve));
    const many = Array.from({ length: 8 }, () => post('', { amount: 3 }, { key: 'at-once' }));
    const losers = await firstOf(many, 7);
    expect(losers.map((a) => a.body?.['code'])).toEqual(Array(7).fill('IDEMPOTENCY_KEY_IN_USE'));
    release();
    const statuses = (await Promise.all(many)).map((a) => a.status).sort();
    expect(statuses).toEqual([201, ...Array(7).fill(409)]);
    expect(done).toEqual([3]);
  });

  it('of a process that died is free as soon as its connection is gone', async () => {
    const store = new IdempotencyStore(service.platform.database);
    const dying = await service.platform.database.connect();
    await dying.query('BEGIN');
    await dying.query(store.lockOf({ caller: 'one', route: 'POST /api/v1/payments', key: 'died' }));
    expect((await post('', { amount: 4 }, { key: 'died' })).body).toMatchObject({
      code: 'IDEMPOTENCY_KEY_IN_USE',
    });
    await dying.end();
    await eventually(async () => (await post('', { amount: 4 }, { key: 'died' })).status === 201);
    expect(done).toEqual([4]);
  });

  it('works for a file, whose bytes are compared', async () => {
    const csv = 'code,name\r\n'.repeat(1000);
    const file = { key: 'file', type: 'text/csv' };
    expect((await post('/files', csv, file)).body).toEqual({ bytes: csv.length, nth: 1 });
    expect((await post('/files', csv, file)).body).toEqual({ bytes: csv.length, nth: 1 });
    expect((await post('/files', `${csv}x`, file)).status).toBe(422);
    expect(done).toEqual([csv.length]);
  });

  it('works for a file, however it is wrapped and called: its own bytes are compared', async () => {
    const csv = 'code,name\r\n'.repeat(1000);
    const sent = (boundary: string, content = csv) =>
      post(
        '/files',
        `--${boundary}\r\nContent-Disposition: form-data; name="f"; filename="a.csv"\r\n\r\n${content}\r\n--${boundary}--\r\n`,
        { key: 'form', type: `multipart/form-data; boundary=${boundary}` },
      );
    expect((await sent('one')).body).toEqual({ bytes: csv.length, nth: 1 });
    const again = [await sent('another'), await post('/files', csv, { key: 'form', type: 'text/plain' })];
    for (const { body, headers } of again)
      expect([body, headers.get('idempotency-replayed')]).toEqual([{ bytes: csv.length, nth: 1 }, 'true']);
    expect((await sent('one', `${csv}x`)).body).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
    expect(done).toEqual([csv.length]);
  });

  it('works for a form that is refused, which it tells each time', async () => {
    const type = 'multipart/form-data; boundary=b';
    const part = '--b\r\nContent-Disposition: form-data; name="f"; filename="a.csv"\r\n\r\na,b\r\n';
    for (let i = 0; i < 2; i++)
      expect((await post('/files', `${part}${part}--b--\r\n`, { key: 'two', type })).body).toMatchObject({
        code: 'SEVERAL_FILES',
      });
    expect(done).toEqual([]);
  });

  it('works for a file that was refused before it was read', async () => {
    const csv = 'a,b\r\n'.repeat(100_000);
    const file = { key: 'refused-file', type: 'text/csv' };
    expect((await post('/refused-files', csv, file)).body).toMatchObject({ code: 'HEADER_WRONG' });
    const again = await post('/refused-files', csv, file);
    expect(again.body).toMatchObject({ code: 'HEADER_WRONG' });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect((await post('/refused-files', `x${csv}`, file)).body).toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
    });
  });

  it('works for a file that was refused half-way', async () => {
    const csv = 'a,b\r\n'.repeat(1_000_000);
    const file = { key: 'half-way', type: 'text/csv' };
    expect((await post('/files', csv, file)).body).toMatchObject({ code: 'FILE_TOO_LARGE' });
    const again = await post('/files', csv, file);
    expect(again.body).toMatchObject({ code: 'FILE_TOO_LARGE' });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect((await post('/files', `${csv}x`, file)).body).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
  });

  it('of an upload that was broken off may be used again for the whole file', async () => {
    const csv = 'a,b\r\n'.repeat(50_000);
    const before = begun;
    const sending = request(`${service.url}/api/v1/payments/files`, {
      method: 'POST',
      headers: {
        authorization: authorization['one'],
        'idempotency-key': 'broken-off',
        'content-type': 'text/csv',
        'content-length': csv.length,
      },
    });
    sending.on('error', () => undefined);
    sending.write(csv.slice(0, csv.length / 2));
    await eventually(() => begun > before);
    sending.destroy();
    expect((await post('/files', csv, { key: 'broken-off', type: 'text/csv' })).status).toBe(201);
    expect(done).toEqual([csv.length]);
  });

  it('of an upload that broke off before it was looked at is not held for ever', async () => {
    const sockets = Array.from({ length: 20 }, (_, i) => {
      const sending = request(`${service.url}/api/v1/payments/files`, {
        method: 'POST',
        headers: {
          authorization: authorization['one'],
          'idempotency-key': `early-${i}`,
          'content-type': 'text/csv',
          'content-length': 1_000_000,
        },
      });
      sending.on('error', () => undefined);
      sending.write('a,b\r\n');
      return sending;
    });
    await Promise.all(
      sockets.map(
        (sending) =>
          new Promise((resolve) =>
            sending
              .once('finish', resolve)
              .once('socket', (s) => s.once('connect', () => setImmediate(resolve))),
          ),
      ),
    );
    for (const sending of sockets) sending.destroy();
    const held = async (): Promise<number> =>
      (await service.platform.database.query(`SELECT 1 FROM idempotency_key WHERE key LIKE 'early-%'`))
        .rowCount;
    // A request that the server had not yet read leaves nothing; the others free their keys.
    await eventually(
      async () =>
        (await post('/files', 'a', { key: 'after-them', type: 'text/csv' })).status === 201 &&
        (await held()) === 0,
    );
  });

  it('is forgotten after a while', async () => {
    await service.platform.database.query(
      `UPDATE idempotency_key SET started_at = now() - interval '8 days'`,
    );
    expect(await new IdempotencyStore(service.platform.database).forgetOlderThan(7)).toBeGreaterThan(0);
  });
});

/** The first so many that end. */
async function firstOf<T>(all: readonly Promise<T>[], count: number): Promise<T[]> {
  const ended: T[] = [];
  return new Promise((resolve, reject) => {
    for (const one of all)
      one.then((value) => {
        ended.push(value);
        if (ended.length === count) resolve([...ended]);
      }, reject);
  });
}
