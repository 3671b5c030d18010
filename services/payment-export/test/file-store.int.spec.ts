import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@attest/testing';
import { PaymentExportSettings } from '../src/config/payment-export.settings.js';
import { FolderFileStore } from '../src/persistence/folder.file-store.js';
import { aDeclaration, practice, startPaymentsWorld, type PaymentsWorld } from './payments-world.js';

describe('the file store', () => {
  let folder: string;
  let store: FolderFileStore;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'attest-files-'));
    store = new FolderFileStore(Object.assign(new PaymentExportSettings(), { FILE_STORE: folder }));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const NAME = 'ATTEST-XPAY-2026-07-R001.csv';
  const bytes = Buffer.from('line_number\n1\n');

  it('writes a file once; the same bytes again are no fault', async () => {
    await store.put(NAME, bytes);
    await store.put(NAME, bytes);
    expect(await store.read(NAME)).toEqual(bytes);
    expect(readdirSync(folder)).toEqual([NAME]);
  });

  it('never writes over other bytes', async () => {
    await store.put(NAME, bytes);
    await expect(store.put(NAME, Buffer.from('other'))).rejects.toMatchObject({
      code: 'SEALED_FILE_DIFFERS',
    });
    expect(await store.read(NAME)).toEqual(bytes);
    expect(readdirSync(folder)).toEqual([NAME]);
  });

  it('lets one of many writers at once make the file, and all find it', async () => {
    await Promise.all(Array.from({ length: 20 }, () => store.put(NAME, bytes)));
    expect(readdirSync(folder)).toEqual([NAME]);
  });

  it('says when a file is gone or the folder cannot be used', async () => {
    await expect(store.read(NAME)).rejects.toMatchObject({ code: 'SEALED_FILE_MISSING' });
    rmSync(folder, { recursive: true });
    await expect(store.put(NAME, bytes)).rejects.toMatchObject({
      code: 'FILE_STORE_UNAVAILABLE',
      facts: { fault: 'ENOENT' },
    });
    await expect(store.names()).rejects.toMatchObject({ code: 'FILE_STORE_UNAVAILABLE' });
  });

  it('clears what a crash left long ago, and names only sealed files', async () => {
    const left = `.${NAME}.01900000-0000-7000-8000-000000000001`;
    const fresh = `.${NAME}.01900000-0000-7000-8000-000000000002`;
    for (const name of [left, fresh, 'lost+found', NAME, `${NAME}.manifest.json`])
      writeFileSync(join(folder, name), 'x');
    const longAgo = new Date(Date.now() - 7_200_000);
    utimesSync(join(folder, left), longAgo, longAgo);
    await store.onModuleInit();
    expect(readdirSync(folder)).not.toContain(left);
    expect(readdirSync(folder)).toContain(fresh);
    expect(await store.names()).toEqual([NAME, `${NAME}.manifest.json`]);
  });
});

describe('a run that the file store stops', () => {
  let world: PaymentsWorld;
  beforeAll(async () => {
    world = await startPaymentsWorld();
  });
  afterAll(() => world?.close());

  const runNow = async (runId: string) => (await world.service.get('finance', `release-runs/${runId}`)).body;
  const pathOf = (name: string) => join(world.fileStore, name);

  it('tells nobody that anything was sealed while other bytes stand under its name, says so, and goes on once they are gone', async () => {
    const d = aDeclaration({ organisationCode: practice(0) });
    await world.approve(d);
    world.neighbours.answering = () => 'silent';
    const { body } = await world.startRun();
    await eventually(() => world.told(d.declarationId).length === 1);
    // The store is looked at when lines are fixed; this one is written in the moment between.
    const name = `ATTEST-XPAY-2026-07-R00${body.sequence}.csv`;
    await world.service.database.query(
      `CREATE FUNCTION wait_for_spec() RETURNS trigger LANGUAGE plpgsql AS $$
         BEGIN PERFORM pg_advisory_xact_lock(4711); RETURN NEW; END $$`,
    );
    await world.service.database.query(
      `CREATE TRIGGER wait_for_spec BEFORE INSERT ON sealed_file FOR EACH ROW EXECUTE FUNCTION wait_for_spec()`,
    );
    const holder = await world.service.database.connect();
    await holder.query('SELECT pg_advisory_lock(4711)');
    await world.neighbours.declare('declaration.confirmed.v1', {
      ...d,
      status: 'RELEASING',
      runId: body.runId as string,
      revision: 5,
    });
    await eventually(async () => (await runNow(body.runId as string)).state === 'sealing');
    await eventually(async () => {
      const { rows } = await holder.query(
        `SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = 4711 AND NOT granted`,
      );
      return rows.length === 1;
    });
    writeFileSync(pathOf(name), 'somebody else wrote this');
    await holder.query('SELECT pg_advisory_unlock(4711)');
    holder.release();
    const stopped = await eventually(async () => {
      const run = await runNow(body.runId as string);
      return run.troubleCode === null ? undefined : run;
    });
    expect(stopped).toMatchObject({ state: 'sealing', troubleCode: 'SEALED_FILE_DIFFERS' });
    expect(stopped.troubleWords).toMatch(/nothing was overwritten\.$/);
    expect(readFileSync(pathOf(name), 'utf8')).toBe('somebody else wrote this');
    expect(world.told(d.declarationId)).toHaveLength(1);
    const next = { 'idempotency-key': 'the-next-run' };
    expect((await world.startRun({}, next)).body.code).toBe('RUN_UNDER_WAY');
    expect((await world.service.get('agency', 'payment-files')).body.items).toEqual([]);
    // Whoever saw the lines otherwise has to wait too: an answer must not overtake what it answers.
    const answer = [`${name},1,${d.declarationId},1,${d.pence},REJECTED,AC04,The account is closed.`];
    const same = { 'idempotency-key': 'too-early' };
    const send = () => world.acknowledge(answer, 'ack.csv', 'agency', same);
    for (const _ of [1, 2]) {
      const early = await send();
      expect([early.status, early.body.code]).toEqual([409, 'RUN_NOT_ENDED']);
      expect(early.headers.get('idempotency-replayed')).toBeNull();
      expect(early.body.detail).toMatch(/send the same request again later with the same key\.$/);
    }
    unlinkSync(pathOf(name));
    const run = await world.ended(body.runId as string);
    expect(run).toMatchObject({ state: 'sealed', included: 1, troubleCode: null });
    // Nothing of it was kept, neither of the file nor under its key: the same request is taken now.
    expect(await send()).toMatchObject({ status: 201, body: { applied: 1, repeatedFile: false } });
    expect((await send()).headers.get('idempotency-replayed')).toBe('true');
    expect((await world.service.get('agency', 'payment-files')).body.items).toHaveLength(1);
    world.neighbours.answering = () => 'confirm';
    await world.service.database.query('DROP TRIGGER wait_for_spec ON sealed_file');
    const started = await world.startRun({}, next);
    expect(started.status).toBe(202);
    await world.ended(started.body.runId as string);
  });

  it('is not started by a database that has forgotten what the store holds', async () => {
    const forgotten = 'ATTEST-XPAY-2026-06-R004.csv';
    writeFileSync(pathOf(forgotten), 'sealed by a database that was restored since');
    const { status, body } = await world.startRun();
    expect([status, body.code]).toEqual([409, 'FILE_STORE_AHEAD']);
    expect(body.facts).toEqual({ fileName: forgotten, files: 1 });
    unlinkSync(pathOf(forgotten));
    expect(await world.release()).toMatchObject({ state: 'sealed' });
  });

  it('that was started before the store was found ahead fixes no line', async () => {
    const d = aDeclaration({ organisationCode: practice(1) });
    await world.approve(d);
    world.neighbours.answering = () => 'silent';
    const { body } = await world.startRun();
    await eventually(() => world.told(d.declarationId).length === 1);
    writeFileSync(pathOf('ATTEST-XPAY-2026-05-R001.csv'), 'x');
    await world.neighbours.declare('declaration.confirmed.v1', {
      ...d,
      status: 'RELEASING',
      runId: body.runId as string,
      revision: 5,
    });
    await eventually(async () => (await runNow(body.runId as string)).troubleCode === 'FILE_STORE_AHEAD');
    const { rows } = await world.service.database.query(
      'SELECT 1 FROM sealed_line WHERE declaration_id = $1',
      [d.declarationId],
    );
    expect(rows).toEqual([]);
    unlinkSync(pathOf('ATTEST-XPAY-2026-05-R001.csv'));
    expect(await world.ended(body.runId as string)).toMatchObject({ included: 1 });
    world.neighbours.answering = () => 'confirm';
  });

  it('waits while the folder cannot be used', async () => {
    const d = aDeclaration({ organisationCode: practice(2) });
    await world.approve(d);
    world.neighbours.answering = () => 'silent';
    const { body } = await world.startRun();
    await eventually(() => world.told(d.declarationId).length === 1);
    const aside = `${world.fileStore}-aside`;
    renameSync(world.fileStore, aside);
    await world.neighbours.declare('declaration.confirmed.v1', {
      ...d,
      status: 'RELEASING',
      runId: body.runId as string,
      revision: 5,
    });
    await eventually(
      async () => (await runNow(body.runId as string)).troubleCode === 'FILE_STORE_UNAVAILABLE',
    );
    renameSync(aside, world.fileStore);
    chmodSync(world.fileStore, 0o700);
    expect(await world.ended(body.runId as string)).toMatchObject({ included: 1, troubleCode: null });
  });
});
