import { gzipSync } from 'node:zlib';
import { Public } from '@attest/auth';
import { FileBody, IfMatch, TakesFile, unpacked, type UploadedFile } from '@attest/http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Database } from '@attest/persistence';
import { Body, Controller, Get, Module, Param, Post } from '@nestjs/common';
import { Type } from 'class-transformer';
import { IsInt, IsString, ValidateNested } from 'class-validator';
import { bareService, type BareService } from './bare-service.js';

class ItemDto {
  @IsInt()
  revision!: number;
}

class BulkDto {
  @IsString()
  serviceCode!: string;

  @ValidateNested({ each: true })
  @Type(() => ItemDto)
  items!: ItemDto[];
}

type RequestBody = NonNullable<RequestInit['body']>;

const MOST_BYTES = 100_000;

@Public()
@Controller('things')
class ThingsController {
  constructor(private readonly database: Database) {}

  @Get('pence')
  pence(): { amountPence: bigint; parts: bigint[] } {
    return { amountPence: 628_365n, parts: [-7n] };
  }

  @Get('named/:name')
  async named(@Param('name') name: string): Promise<unknown> {
    return (await this.database.query('SELECT $1::text AS name', [name])).rows;
  }

  @Get('broken')
  broken(): never {
    throw new Error('password of the database is hunter2');
  }

  @Post('bulk')
  bulk(@Body() body: BulkDto): number {
    return body.items.length;
  }

  @Post('moved')
  move(@IfMatch() revision: bigint): { revision: bigint } {
    return { revision };
  }

  @Post('files')
  @TakesFile()
  async file(@FileBody() file: UploadedFile): Promise<{ bytes: number }> {
    let bytes = 0;
    for await (const chunk of unpacked(file, MOST_BYTES)) bytes += (chunk as Buffer).length;
    return { bytes };
  }
}

@Module({ controllers: [ThingsController] })
class ThingsModule {}

describe('an HTTP edge', () => {
  let service: BareService;
  beforeAll(async () => {
    service = await bareService(ThingsModule);
  });
  afterAll(() => service.close());

  const ask = async (
    path: string,
    init: RequestInit = {},
  ): Promise<{ status: number; body: Record<string, unknown>; headers: Headers }> => {
    const answer = await fetch(`${service.url}${path}`, init);
    return {
      status: answer.status,
      headers: answer.headers,
      body: (await answer.json()) as Record<string, unknown>,
    };
  };
  const post = (
    path: string,
    body: RequestBody,
    headers: Record<string, string> = { 'content-type': 'application/json' },
  ) => ask(`/api/v1/things/${path}`, { method: 'POST', body, headers });

  const named = (name: string) => ask(`/api/v1/things/named/${name}`);

  const csv = 'a,b\r\n'.repeat(1_000);

  it('writes pence as digits', async () => {
    expect((await ask('/api/v1/things/pence')).body).toEqual({ amountPence: '628365', parts: ['-7'] });
  });

  it('tells nothing of the insides of a surprise, and gives a correlation id to report', async () => {
    const { status, body, headers } = await ask('/api/v1/things/broken', {
      headers: { 'x-correlation-id': 'report-12345' },
    });
    expect([status, body['code']]).toEqual([500, 'UNEXPECTED_ERROR']);
    expect(JSON.stringify(body)).not.toContain('hunter2');
    expect(headers.get('x-correlation-id')).toBe('report-12345');
    expect(headers.get('content-type')).toContain('application/problem+json');
  });

  it('replaces a correlation id that could not be logged', async () => {
    const { headers } = await ask('/api/v1/things/pence', { headers: { 'x-correlation-id': 'a b' } });
    expect(headers.get('x-correlation-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it.each<[string, () => ReturnType<typeof ask>, number, string]>([
    ['an address where nothing is', () => ask('/api/v1/nowhere'), 404, 'NOT_FOUND'],
    ['a part of an address that is too long', () => named('x'.repeat(201)), 414, 'ADDRESS_TOO_LONG'],
    ['an address that cannot be read', () => named('%zz'), 400, 'REQUEST_FAULTY'],
    ['a text that cannot be kept', () => named('a%00b'), 400, 'REQUEST_FAULTY'],
    ['a body that is no JSON', () => post('bulk', '{"a":'), 400, 'REQUEST_FAULTY'],
    [
      'a body that poisons prototypes',
      () => post('bulk', '{"__proto__":{"admin":true}}'),
      400,
      'REQUEST_FAULTY',
    ],
    [
      'a form',
      () => post('bulk', 'a=b', { 'content-type': 'application/x-www-form-urlencoded' }),
      415,
      'CONTENT_TYPE_NOT_TAKEN',
    ],
    [
      'a file where JSON is taken',
      () => post('bulk', 'a,b', { 'content-type': 'text/csv' }),
      415,
      'FILE_NOT_EXPECTED',
    ],
    ['JSON where a file is taken', () => post('files', '{}'), 415, 'FILE_EXPECTED'],
    [
      'a body of 9 MB',
      () => post('bulk', JSON.stringify({ serviceCode: 'x'.repeat(9_000_000) })),
      413,
      'REQUEST_TOO_LARGE',
    ],
    ['no If-Match', () => post('moved', '{}'), 428, 'IF_MATCH_MISSING'],
    [
      'an If-Match that is none of ours',
      () => post('moved', '{}', { 'content-type': 'application/json', 'if-match': '*' }),
      400,
      'IF_MATCH_FAULTY',
    ],
  ])('answers %s with a problem', async (_what, asked, status, code) => {
    const answer = await asked();
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.body).toMatchObject({
      type: expect.any(String),
      title: expect.any(String),
      detail: expect.any(String),
    });
  });

  it('reads an If-Match', async () => {
    const answer = await post('moved', '{}', { 'content-type': 'application/json', 'if-match': '"7"' });
    expect(answer.body).toEqual({ revision: '7' });
  });

  it('tells all faults of a request at once, by place and never by value', async () => {
    const { body } = await post(
      'bulk',
      JSON.stringify({ serviceCode: 7, secret: 'x', items: [{ revision: 1 }, { revision: 'hidden' }] }),
    );
    expect(body['faults']).toEqual([
      { at: 'secret', detail: 'is not known here' },
      { at: 'serviceCode', detail: 'must be a string' },
      { at: 'items[1].revision', detail: 'must be an integer number' },
    ]);
    expect(JSON.stringify(body)).not.toContain('hidden');
  });

  it('passes a file on, plain or packed', async () => {
    expect((await post('files', csv, { 'content-type': 'text/csv' })).body).toEqual({ bytes: csv.length });
    expect((await post('files', gzipSync(csv), { 'content-type': 'application/gzip' })).body).toEqual({
      bytes: csv.length,
    });
    const encoded = { 'content-type': 'text/csv', 'content-encoding': 'gzip' };
    expect((await post('files', gzipSync(csv), encoded)).body).toEqual({ bytes: csv.length });
  });

  it.each([
    'application/vnd.ms-excel',
    'application/csv',
    'application/octet-stream',
    'application/x-www-form-urlencoded',
    'text/plain',
    'text/csv; charset=windows-1252',
    'text/comma-separated-values',
    'binary/whatever',
    undefined,
  ])('takes a file that is called %s, plain or packed: its bytes decide', async (type) => {
    // `fetch` gives a body of text a type of its own.
    for (const content of [Buffer.from(csv), gzipSync(csv)]) {
      const answer = await post(
        'files',
        content as RequestBody,
        type === undefined ? {} : { 'content-type': type },
      );
      expect([answer.status, answer.body]).toEqual([201, { bytes: csv.length }]);
    }
  });

  it('takes the one file of a form, as browsers and curl send it', async () => {
    for (const content of [Buffer.from(csv), gzipSync(csv)]) {
      const form = new FormData();
      form.append('note', 'sent by hand');
      form.append(
        'file',
        new Blob([new Uint8Array(content)], { type: 'application/vnd.ms-excel' }),
        'extract.csv',
      );
      const answer = await ask('/api/v1/things/files', { method: 'POST', body: form });
      expect([answer.status, answer.body]).toEqual([201, { bytes: csv.length }]);
    }
  });

  it('takes a file without a byte, and one of a single byte, as what they are', async () => {
    for (const content of ['', 'x'])
      expect((await post('files', content, { 'content-type': 'text/csv' })).body).toEqual({
        bytes: content.length,
      });
  });

  it.each<[string, (form: FormData) => void, string]>([
    ['without a file', (form) => form.append('note', 'x'), 'FORM_WITHOUT_FILE'],
    [
      'with two files',
      (form) => ['a', 'b'].forEach((name) => form.append(name, new Blob([csv]), `${name}.csv`)),
      'SEVERAL_FILES',
    ],
  ])('refuses a form %s', async (_what, fill, code) => {
    const form = new FormData();
    fill(form);
    const answer = await ask('/api/v1/things/files', { method: 'POST', body: form });
    expect([answer.status, answer.body['code']]).toEqual([400, code]);
  });

  it.each<[string, Buffer, string, RegExp]>([
    ['a workbook', Buffer.from('PK\x03\x04\x14\0\x06\0'), 'FILE_NOT_CSV', /save the sheet as CSV/],
    ['an old workbook', Buffer.from('d0cf11e0a1b11ae1', 'hex'), 'FILE_NOT_CSV', /save the sheet as CSV/],
    ['a workbook in gzip', gzipSync('PK\x03\x04\x14\0\x06\0'), 'FILE_NOT_CSV', /save the sheet as CSV/],
    ['a PDF', Buffer.from('%PDF-1.7\n'), 'FILE_NOT_CSV', /CSV/],
    ['a web page', Buffer.from('\n<!DOCTYPE html>'), 'FILE_NOT_CSV', /download the CSV/],
    ['gzip in gzip', gzipSync(gzipSync(csv)), 'FILE_NOT_CSV', /Unpack it once/],
    ["Excel's Unicode text", Buffer.from('\ufeffa\tb\r\n', 'utf16le'), 'FILE_NOT_UTF8', /CSV UTF-8/],
    ['UTF-16 without its mark', Buffer.from('a,b\r\n', 'utf16le'), 'FILE_NOT_UTF8', /CSV UTF-8/],
  ])('refuses %s with words that name the way out', async (_what, bytes, code, words) => {
    for (const type of ['text/csv', 'application/octet-stream']) {
      const answer = await post('files', bytes as RequestBody, { 'content-type': type });
      expect([answer.status, answer.body]).toEqual([
        422,
        expect.objectContaining({ code, detail: expect.stringMatching(words) as unknown }),
      ]);
    }
  });

  it.each([undefined, 'text/plain', 'multipart/form-data; boundary=x'])(
    'takes %s for no JSON',
    async (type) => {
      const answer = await post(
        'bulk',
        Buffer.from('a,b') as RequestBody,
        type === undefined ? {} : { 'content-type': type },
      );
      expect([answer.status, answer.body['code']]).toEqual([415, 'CONTENT_TYPE_NOT_TAKEN']);
    },
  );

  it.each<[string, Buffer | string, string, number, string]>([
    [
      'cut off',
      gzipSync('a,b\r\n'.repeat(10_000)).subarray(0, 60),
      'application/gzip',
      422,
      'FILE_TRUNCATED',
    ],
    ['that is no gzip', 'plain words', 'application/gzip', 422, 'FILE_TRUNCATED'],
    [
      'that unpacks to more than it may',
      gzipSync(Buffer.alloc(50_000_000)),
      'application/gzip',
      413,
      'FILE_TOO_LARGE',
    ],
    ['larger than it may be', 'x'.repeat(MOST_BYTES + 1), 'text/csv', 413, 'FILE_TOO_LARGE'],
  ])('refuses a file %s', async (_what, content, type, status, code) => {
    const answer = await post('files', content as RequestBody, { 'content-type': type });
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
  });

  it('describes itself in OpenAPI 3.1, without its own plumbing', async () => {
    const { body } = await ask('/openapi.json');
    expect(body['openapi']).toBe('3.1.0');
    const paths = Object.keys(body['paths'] as object);
    expect(paths).toContain('/api/v1/things/bulk');
    expect(paths).toContain('/api/v1/operations/dead-letters');
    expect(paths).not.toContain('/health/live');
    expect(JSON.stringify(body)).not.toContain('"nullable"');
  });

  it('is alive before it is ready, and measured', async () => {
    expect((await ask('/health/live')).body).toEqual({ status: 'live' });
    expect((await ask('/health/ready')).status).toBe(503);
    expect(await (await fetch(`${service.url}/metrics`)).text()).toContain(
      'attest_http_request_seconds_bucket',
    );
  });
});
