import { describe, expect, it } from '@jest/globals';
import { newEvent, BarrierPassedV1, BarrierRequestedV1, uuidV7 } from '@attest/contracts';
import { bytesOfText, textOfBytes, toMessage } from './envelope.js';
import { RecordReader, type LogRecord } from './log-record.js';

const facts = {
  barrierId: uuidV7(),
  route: 'release',
  service: 'catalogue',
  passedAt: '2026-07-31T12:00:00Z',
} as const;
const event = newEvent(BarrierPassedV1, facts);
const at = Date.parse('2026-07-31T12:00:01.234Z');

function record(
  change: (message: { key: unknown; value: unknown; headers: Record<string, unknown> }) => void = () =>
    undefined,
): LogRecord {
  const message = toMessage(
    {
      shard: 0,
      seq: '1',
      event_id: event.id,
      topic: 'barriers',
      key: event.key,
      type: event.definition.type,
      aggregate_version: '2',
      payload: JSON.stringify(event.data),
      headers: { ce_correlationid: 'c1' },
      traceparent: null,
      tracestate: null,
      created_at: String(at),
    },
    1,
    'catalogue',
    3,
  ) as unknown as { key: unknown; value: unknown; headers: Record<string, unknown> };
  change(message);
  const bytes = (value: unknown): Buffer | null => (value === null ? null : Buffer.from(value as string));
  const headers = Object.fromEntries(
    Object.entries(message.headers).map(([name, value]) => [name, bytes(value)!]),
  );
  return {
    topic: 'barriers',
    partition: 0,
    offset: 7n,
    key: bytes(message.key),
    value: bytes(message.value),
    headers,
    timestamp: at,
  };
}
const reader = new RecordReader('barriers', new Set([BarrierPassedV1.type]));

describe('a record', () => {
  it('is read as the event that the relay sent', () => {
    expect(reader.read(record())).toMatchObject({
      kind: 'event',
      key: facts.barrierId,
      event: {
        id: event.id,
        type: 'barrier.passed.v1',
        aggregateVersion: 2n,
        data: facts,
        time: '2026-07-31T12:00:01.234Z',
        offset: 7n,
        correlationId: 'c1',
        producer: 'catalogue',
        producerEpoch: 3,
      },
    });
  });

  it('is unwanted when contracts know its type and the service does not handle it', () => {
    expect(reader.read(record((m) => (m.headers['ce_type'] = BarrierRequestedV1.type))).kind).toBe(
      'unwanted',
    );
    expect(reader.read(record((m) => (m.headers['ce_type'] = 'somebody.else.v4'))).kind).toBe('unwanted');
  });

  it('stops the reader when its version is unknown but its type is handled', () => {
    expect(() => reader.read(record((m) => (m.headers['ce_type'] = 'barrier.passed.v2')))).toThrow(
      'UNKNOWN_EVENT_VERSION',
    );
  });

  it('is poison under its key when its value does not fit, without quoting the value', () => {
    const read = reader.read(record((m) => (m.value = JSON.stringify({ ...facts, service: 'secret' }))));
    expect(read).toMatchObject({
      kind: 'poison',
      key: facts.barrierId,
      eventId: event.id,
      error: { code: 'EVENT_DOES_NOT_FIT_CONTRACT' },
    });
    expect((read as { error: Error }).error.message).not.toContain('secret');
  });

  it('is poison for every key when its own cannot be read', () => {
    expect(reader.read(record((m) => (m.key = null)))).toMatchObject({
      kind: 'poison',
      key: '*',
      error: { code: 'EVENT_KEY_UNREADABLE' },
    });
  });
});

it.each([
  Buffer.from('plain'),
  Buffer.from([0xff, 0x00, 0xfe]),
  Buffer.from('nul\0'),
  Buffer.from('~b64:looks like it'),
])('bytes %# survive being kept as text', (bytes) => {
  expect(Buffer.from(bytesOfText(textOfBytes(bytes)))).toEqual(bytes);
});
