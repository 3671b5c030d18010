import { RequiresRole } from '@attest/auth';
import { AttestError } from '@attest/errors';
import { FileBody, Idempotent, TakesFile, type UploadedFile } from '@attest/http';
import { Database, type Tx } from '@attest/persistence';
import { eventually } from '@attest/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Body, Controller, Module, Post } from '@nestjs/common';
import { IsString } from 'class-validator';
import { bareService, type BareService } from './bare-service.js';

class StepDto {
  @IsString()
  step!: string;
}

class NotYetError extends AttestError {
  constructor() {
    super('NOT_YET', 409, 'It is not time.');
  }

  override get passesByItself(): boolean {
    return true;
  }
}

/** What ran after a commit, and what a spec holds open. */
const followed: string[] = [];
let isTime = false;
let uploads = 0;
let held: Promise<void> = Promise.resolve();

@Controller('effects')
@RequiresRole('VIEW')
class EffectsController {
  constructor(private readonly database: Database) {}

  @Post()
  @Idempotent()
  async act(@Body() { step }: StepDto): Promise<{ seen: string[] }> {
    await this.database.query(`INSERT INTO effect (name) VALUES ($1)`, [`${step} by itself`]);
    await this.add(`${step} first`);
    await this.database.transaction(() => Promise.reject(new Error('caught'))).catch(() => undefined);
    await this.database
      .transaction(async (tx) => {
        await this.add(`${step} undone`, tx);
        throw new Error('caught');
      })
      .catch(() => undefined);
    await Promise.all([this.add(`${step} second`), this.database.query('SELECT 1')]);
    if (step === 'refused') throw new AttestError('NO', 409, 'No.');
    if (step === 'refused with a receipt') {
      await this.database.whenRefused((tx) => this.add(`${step} receipt`, tx));
      throw new AttestError('NO', 422, 'No.');
    }
    if (step === 'passing' && !isTime) throw new NotYetError();
    if (step === 'failing') throw new Error('broken');
    const { rows } = await this.database.query<{ name: string }>('SELECT name FROM effect ORDER BY name');
    return { seen: rows.map(({ name }) => name) };
  }

  @Post('deadlocks')
  @Idempotent()
  async again(@Body() { step }: StepDto): Promise<{ attempts: number }> {
    let attempts = 0;
    await this.database.transaction(async (tx) => {
      await this.add(`${step} ${++attempts}`, tx);
      if (attempts === 1) throw Object.assign(new Error('chosen as the victim'), { code: '40P01' });
    });
    return { attempts };
  }

  @Post('files')
  @Idempotent()
  @TakesFile()
  async file(@FileBody() file: UploadedFile): Promise<{ bytes: number }> {
    let bytes = 0;
    for await (const chunk of file.stream) bytes += (chunk as Buffer).length;
    uploads++;
    await held;
    await this.add(`file of ${bytes}`);
    return { bytes };
  }

  private add(name: string, within?: Tx): Promise<void> {
    const work = async (tx: Tx): Promise<void> => {
      await tx.query(`INSERT INTO effect (name) VALUES ($1)`, [name]);
      tx.afterCommit(() => followed.push(name));
    };
    return within ? work(within) : this.database.transaction(work);
  }
}

@Module({ controllers: [EffectsController] })
class EffectsModule {}

interface Answer {
  readonly status: number;
  readonly replayed: boolean;
  readonly body: Record<string, unknown>;
}

describe('what a request does and the answer that is kept', () => {
  let service: BareService;
  let authorization = '';

  beforeAll(async () => {
    service = await bareService(EffectsModule);
    await service.platform.database.query('CREATE TABLE effect (name text)');
    await service.appoint('one', 'VIEW', 'A81001');
    authorization = (await service.identity.headers('one')).authorization;
  });
  afterAll(() => service.close());
  beforeEach(async () => {
    followed.length = 0;
    uploads = 0;
    isTime = false;
    held = Promise.resolve();
    await service.platform.database.query('TRUNCATE effect');
  });

  const send = async (path: string, key: string, type: string, body: string): Promise<Answer> => {
    const answer = await fetch(`${service.url}/api/v1/effects${path}`, {
      method: 'POST',
      headers: { 'content-type': type, authorization, 'idempotency-key': key },
      body,
    });
    return {
      status: answer.status,
      replayed: answer.headers.get('idempotency-replayed') === 'true',
      body: (await answer.json()) as Record<string, unknown>,
    };
  };
  const post = (step: string, key: string, path = ''): Promise<Answer> =>
    send(path, key, 'application/json', JSON.stringify({ step }));
  const effects = async (): Promise<string[]> => {
    const { rows } = await service.platform.database.query<{ name: string }>(
      'SELECT name FROM effect ORDER BY name',
    );
    return rows.map(({ name }) => name);
  };

  it('are committed together, of several transactions and single statements', async () => {
    const all = ['right by itself', 'right first', 'right second'];
    const first = await post('right', 'right');
    expect(first).toEqual({ status: 201, replayed: false, body: { seen: all } });
    expect(await effects()).toEqual(all);
    expect(followed).toEqual(['right first', 'right second']);
    expect(await post('right', 'right')).toEqual({ ...first, replayed: true });
    expect(await effects()).toEqual(all);
  });

  it('are not there where the answer cannot be kept, and the key is as before', async () => {
    const { database } = service.platform;
    await database.query(
      `ALTER TABLE idempotency_key ADD CONSTRAINT full_disk CHECK (key <> 'unkept') NOT VALID`,
    );
    expect((await post('right', 'unkept')).status).toBe(500);
    expect([await effects(), followed]).toEqual([[], []]);
    await database.query('ALTER TABLE idempotency_key DROP CONSTRAINT full_disk');
    expect(await post('right', 'unkept')).toMatchObject({ status: 201, replayed: false });
    expect(await effects()).toHaveLength(3);
  });

  it('are undone by a refusal, which is kept', async () => {
    expect(await post('refused', 'refused')).toMatchObject({ status: 409, body: { code: 'NO' } });
    expect([await effects(), followed]).toEqual([[], []]);
    expect(await post('refused', 'refused')).toMatchObject({ replayed: true, body: { code: 'NO' } });
  });

  it('stand with a refusal where they were put down for one', async () => {
    expect((await post('refused with a receipt', 'receipt')).status).toBe(422);
    expect((await post('refused with a receipt', 'receipt')).replayed).toBe(true);
    expect(await effects()).toEqual(['refused with a receipt receipt']);
  });

  it('are undone by a failure, which is not kept', async () => {
    for (const _ of [1, 2])
      expect(await post('failing', 'failing')).toMatchObject({ status: 500, replayed: false });
    expect(await effects()).toEqual([]);
  });

  it('of a refusal that passes by itself are not kept, and its words say so', async () => {
    for (const _ of [1, 2]) {
      const refused = await post('passing', 'passing');
      expect(refused).toMatchObject({ status: 409, replayed: false, body: { code: 'NOT_YET' } });
      expect(refused.body['detail']).toBe(
        'It is not time. This refusal was not kept under your Idempotency-Key: send the same request again later with the same key.',
      );
    }
    isTime = true;
    expect(await post('passing', 'passing')).toMatchObject({ status: 201, replayed: false });
    expect(await post('passing', 'passing')).toMatchObject({ status: 201, replayed: true });
  });

  it('are those of the last attempt where PostgreSQL chose a victim', async () => {
    expect((await post('again', 'again', '/deadlocks')).body).toEqual({ attempts: 2 });
    expect(await effects()).toEqual(['again 2']);
    expect(followed).toEqual(['again 2']);
  });

  it('hold no connection while a file is read, and two of the same file are one', async () => {
    let release = (): void => undefined;
    held = new Promise((resolve) => (release = resolve));
    const both = [1, 2].map(() => send('/files', 'file', 'text/csv', 'a,b\r\n'));
    await eventually(() => uploads === 2);
    const { rows } = await service.platform.database.query<{ open: number }>(
      `SELECT count(*)::int AS open FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction'`,
    );
    expect(rows[0]!.open).toBe(0);
    release();
    const answers = await Promise.all(both);
    const taken = answers.filter(({ status }) => status === 201);
    expect(taken.length).toBeGreaterThan(0);
    // The other met the first one's transaction, or found its answer.
    for (const { status, body } of answers)
      expect(status === 201 ? body : body['code']).toEqual(
        status === 201 ? { bytes: 5 } : 'IDEMPOTENCY_KEY_IN_USE',
      );
    expect(await effects()).toEqual(['file of 5']);
    expect(await send('/files', 'file', 'text/csv', 'a,b\r\n')).toMatchObject({
      status: 201,
      replayed: true,
    });
  });
});
