import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DeclarationState } from '@attest/contracts';
import { draws, eventually, OwnProcess } from '@attest/testing';
import { paymentExport } from '../src/index.js';
import {
  aDeclaration,
  practice,
  servicePublished,
  startPaymentsWorld,
  type PaymentsWorld,
} from './payments-world.js';

/** In the order in which a run comes to them: one run dies at each, and is resumed to die at the next. */
const STEPS = [
  'run-after-listed',
  'run-before-requested',
  'run-after-requested',
  'run-after-closed',
  'run-before-fixed',
  'run-after-fixed',
  'file-before-link',
  'file-after-link',
  'run-between-file-and-manifest',
  'run-after-manifest',
  'run-before-told',
  'run-after-told',
  'run-before-ended',
];
const KILLS_PER_RUN = 3;
const KILLS = draws({ name: 'PAYMENT_KILLS', usual: KILLS_PER_RUN, full: 30 });

const own = new OwnProcess(paymentExport);
let world: PaymentsWorld;
const month = (pence: number): DeclarationState[] =>
  Array.from({ length: 30 }, (_, n) =>
    aDeclaration({
      organisationCode: practice(n % 20),
      pence: String(pence + n),
      serviceCode: n < 20 ? 'XVI2223' : 'XSBS',
    }),
  );

beforeAll(async () => {
  world = await startPaymentsWorld({}, own);
  await world.neighbours.publish([servicePublished('XSBS', { agencyCode: 'XOTHER' })]);
  await eventually(async () => {
    const { rows } = await world.service.database.query(
      `SELECT 1 FROM service_routing WHERE service_code = 'XSBS'`,
    );
    return rows.length === 1;
  });
}, 120_000);
afterAll(() => world?.close(), 30_000);

/** Each declaration stands once in all files, was told so once, and the files are what was announced. */
async function expectPaidOnce(declarations: readonly DeclarationState[], runId: string): Promise<void> {
  const ids = new Set(declarations.map((d) => d.declarationId));
  const names = readdirSync(world.fileStore);
  // What a kill left unfinished bears no name that anybody reads.
  const lines = names
    .filter((name) => name.startsWith('ATTEST-') && name.endsWith('.csv'))
    .flatMap((name) => readFileSync(join(world.fileStore, name), 'utf8').trimEnd().split('\n').slice(1))
    .map((line) => line.split(','))
    .filter(([, id]) => ids.has(id!));
  expect(lines.map(([, id]) => id).sort()).toEqual([...ids].sort());
  const ended = await eventually(() =>
    world.payments.find(({ type, key }) => type === 'release-run.ended.v1' && key === runId),
  );
  expect(
    world.payments.filter(({ type, key }) => type === 'release-run.ended.v1' && key === runId),
  ).toHaveLength(1);
  expect(ended.data).toMatchObject({ outcome: 'sealed', included: 30, notIncluded: 0 });
  expect(ended.data.files).toHaveLength(2);
  for (const { fileName, sha256 } of ended.data.files) {
    const bytes = readFileSync(join(world.fileStore, fileName as string));
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
  }
  const sealedOf = (id: string) => world.told(id).filter(({ type }) => type === 'payment.sealed.v1');
  // Of other keys, so on partitions of their own.
  await eventually(() => [...ids].every((id) => sealedOf(id).length > 0));
  for (const id of ids) expect(sealedOf(id)).toHaveLength(1);
}

describe('kill -9', () => {
  it(`at each of ${STEPS.length} steps of one run leaves exactly one file per agency, each line told once`, async () => {
    const declarations = month(1_000);
    await world.approve(...declarations);
    const [first, ...more] = STEPS;
    await own.dieAt(first!);
    const { body } = await world.startRun({ limitSeconds: 120, collectSeconds: 300 });
    const died: string[] = [];
    for (const next of [...more, undefined]) {
      await own.died();
      died.push(STEPS[died.length]!);
      await own.restart(next);
    }
    expect(died).toEqual(STEPS);
    await world.ended(body.runId as string, 60_000);
    await expectPaidOnce(declarations, body.runId as string);
  }, 400_000);

  it(
    `at ${KILLS.count} random moments (${KILLS.repeat}) leaves exactly one file per agency`,
    async () => {
      let random = KILLS.seed & 0x7fffffff;
      for (let killed = 0; killed < KILLS.count; killed += KILLS_PER_RUN) {
        const declarations = month(2_000);
        await world.approve(...declarations);
        const { body } = await world.startRun({ limitSeconds: 120, collectSeconds: 300 });
        for (let kill = killed; kill < Math.min(killed + KILLS_PER_RUN, KILLS.count); kill++) {
          random = (Math.imul(random, 1_103_515_245) + 12_345) & 0x7fffffff;
          await new Promise((wake) => setTimeout(wake, random % 700));
          await own.restart();
        }
        await world.ended(body.runId as string, 90_000);
        await expectPaidOnce(declarations, body.runId as string);
      }
    },
    300_000 * Math.ceil(KILLS.count / KILLS_PER_RUN),
  );

  it('while acknowledgements are taken leaves all of a file applied, or nothing', async () => {
    const { body: files } = await world.service.get('agency', 'payment-files');
    const name = files.items[0].fileName as string;
    const answers = readFileSync(join(world.fileStore, name), 'utf8')
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => line.split(','))
      .map(
        ([number, id, , attempt, , , , , , pence]) =>
          `${name},${number},${id},${attempt},${pence},ACCEPTED,,`,
      );
    const paid = async () => {
      const { rows } = await world.service.database.query<{ n: number }>(
        `SELECT count(*)::int AS n FROM ledger_entry WHERE kind = 'paid'`,
      );
      return rows[0]!.n;
    };
    await own.dieAt('acknowledgements-before-commit');
    await expect(world.acknowledge(answers)).rejects.toThrow();
    await own.died();
    expect(await paid()).toBe(0);
    await own.restart('acknowledgements-after-commit');
    await expect(world.acknowledge(answers)).rejects.toThrow();
    await own.died();
    expect(await paid()).toBe(answers.length);
    await own.restart();
    const again = await world.acknowledge(answers);
    expect(again.body).toMatchObject({ repeatedFile: true, applied: answers.length });
    const told = () => world.payments.filter(({ type }) => type === 'payment.acknowledged.v1');
    await eventually(() => told().length === answers.length);
    expect(await paid()).toBe(answers.length);
  }, 120_000);
});
