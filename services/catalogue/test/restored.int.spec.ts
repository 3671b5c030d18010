import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { uuidV7, type QualityService } from '@attest/contracts';
import {
  eventually,
  republished,
  startServiceUnderTest,
  type SeenEvent,
  type ServiceUnderTest,
} from '@attest/testing';
import { catalogue } from '../src/index.js';
import { anAgency, aService } from './services.js';

const FLOOR = 1_000_000;
let service: ServiceUnderTest;
let events: readonly SeenEvent[];
const publish = (document: unknown) => service.post('operator', 'quality-services', document);
const withPack = (version: number, note: string): QualityService => aService({}, { version, note });

beforeAll(async () => {
  service = await startServiceUnderTest(catalogue);
  events = await service.topics.collect('quality-services');
  await service.know(
    [{ code: 'ENGLAND', kind: 'national', ancestors: [] }],
    [{ personId: 'operator', role: 'NATIONAL_OPERATOR', organisationCode: 'ENGLAND' }],
  );
  await service.post('operator', 'agencies', anAgency);
  expect((await publish(aService())).status).toBe(201);
  await service.database.query(
    `INSERT INTO producer_epoch (epoch, version_floor, raised_by, reason) VALUES (1, $1, 'operator', 'disk lost')`,
    [FLOOR],
  );
  // Rule packs 2 and 3 were published in the lost hour.
  for (const version of [2, 3])
    await service.database.query(
      `INSERT INTO forgotten_event (event_id, epoch, topic, partition, "offset", key, type, aggregate_version, payload)
       VALUES ($1, 1, 'quality-services', 0, $2, 'XVI2627', 'quality-service.published.v1', $2, $3)`,
      [uuidV7(), version, JSON.stringify({ service: withPack(version, 'as told'), serviceVersion: version })],
    );
});
afterAll(() => service?.close());

const open = async () =>
  (await service.database.query(`SELECT FROM forgotten_event WHERE told_again_at IS NULL`)).rows.length;

describe('a rule pack that was published in the lost hour', () => {
  it('is not published under its number with other content', async () => {
    const { status, body } = await publish(withPack(2, 'something else'));
    expect([status, body.code]).toEqual([409, 'RULE_PACK_VERSION_STALE']);
    expect(body.detail).toContain('version 3 is published. Give it a higher version.');
  });

  it('is published again as it was, above all that was told, and what is newer stays in the list', async () => {
    expect((await publish(withPack(2, 'as told'))).body).toMatchObject({ serviceVersion: FLOOR + 1 });
    expect(await open()).toBe(2);
    expect((await publish(withPack(3, 'something else'))).status).toBe(409);
  });

  it('is over with a higher number', async () => {
    expect((await publish(withPack(4, 'something else'))).body).toMatchObject({ serviceVersion: FLOOR + 2 });
    expect(await open()).toBe(0);
    await eventually(() => events.some(({ data }) => data.serviceVersion === FLOOR + 2));
  });
});

describe('the business clock', () => {
  it('is told again where it was moved to, and not where it never was', async () => {
    expect(await republished(service, 'quality-services', ['business-clock'])).toEqual([]);
    const { status } = await service.post('operator', 'business-clock', { now: '2026-08-01T09:00:00Z' });
    expect([200, 201, 204]).toContain(status);
    const { rows } = await service.database.query<{ offset_ms: string; version: string }>(
      `SELECT offset_ms, version FROM business_clock`,
    );
    const told = await republished(service, 'quality-services', ['business-clock']);
    expect(told).toMatchObject([
      {
        type: 'business-clock.moved.v1',
        version: Number(rows[0]!.version),
        data: { offsetMs: Number(rows[0]!.offset_ms) },
      },
    ]);
    expect(told[0]!.version).toBe(FLOOR + 1);
  });
});
