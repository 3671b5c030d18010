import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { quietKafka } from '@attest/messaging/kafka';
import { expect } from '@jest/globals';
import { commissionerApproval } from '@attest/commissioner-approval';
import {
  BARRIER_RECORD_TYPE,
  OUTBOX_SHARDS,
  TOPICS,
  uuidV7,
  type BarrierRequestedV1,
  type EventOf,
  type TopicName,
} from '@attest/contracts';
import { partitionOf, TopicNames } from '@attest/messaging';
import { paymentExport } from '@attest/payment-export';
import {
  eventually,
  startServiceUnderTest,
  testKafka,
  type Answer,
  type Json,
  type SeenEvent,
  type ServiceUnderTest,
} from '@attest/testing';

const PATIENCE = { withinMs: 40_000, everyMs: 30 };
/** Signs for the commissioner, pays for England, answers for the agency. */
export const [APPROVER, PAYER, AGENCY] = ['approver', 'payer', 'agency'] as const;

export interface Paying {
  readonly approvals: ServiceUnderTest;
  readonly payments: ServiceUnderTest;
  /** Signs one stage of what waits for it. */
  sign(declarationId: string, stage: 'commissioner' | 'finance', personId: string): Promise<Answer>;
  /** Signed to its end by `APPROVER` and `PAYER`. */
  approve(declarationId: string): Promise<void>;
  /** A run from its start to its end. */
  release(paymentPeriod: string): Promise<Json>;
  /** What payment-export told of it, in order. */
  told(declarationId: string, type: string): SeenEvent | undefined;
  /** The agency says that it was paid. */
  acknowledge(declarationId: string): Promise<void>;
  close(): Promise<void>;
}

/**
 * The real commissioner-approval and payment-export beside the services of a spec.
 * @param standIn the topics whose service the spec stands in for: their barriers are passed at once
 */
export async function startPaying(beside: ServiceUnderTest, standIn: readonly TopicName[]): Promise<Paying> {
  const fileStore = mkdtempSync(join(tmpdir(), 'attest-journey-'));
  const topics = { TOPIC_PREFIX: beside.env['TOPIC_PREFIX'] };
  const [approvals, payments] = await Promise.all([
    startServiceUnderTest(commissionerApproval, topics),
    startServiceUnderTest(paymentExport, { ...topics, FILE_STORE: fileStore }),
  ]);
  const told = await beside.topics.collect('payments');
  const standing = await standInBarriers(beside, standIn);
  const task = (declarationId: string, fits: (task: Json) => boolean): Promise<Json> =>
    eventually(async () => {
      const { status, body } = await approvals.get(PAYER, `approval-tasks/${declarationId}`);
      return status === 200 && !body.signaturePending && fits(body) ? body : undefined;
    }, PATIENCE);
  const sign: Paying['sign'] = async (declarationId, stage, personId) => {
    const { declarationVersion } = await task(declarationId, (one) => one.stage === stage);
    return approvals.post(personId, `approval-tasks/${declarationId}/sign`, { stage, declarationVersion });
  };
  const toldOf: Paying['told'] = (declarationId, type) =>
    told.find((event) => event.key === declarationId && event.type === type);
  return {
    approvals,
    payments,
    sign,
    approve: async (declarationId) => {
      for (const [stage, personId] of [
        ['commissioner', APPROVER],
        ['finance', PAYER],
      ] as const) {
        const { status, body } = await sign(declarationId, stage, personId);
        expect([stage, status, body]).toEqual([stage, 202, body]);
      }
    },
    release: async (paymentPeriod) => {
      const asked = { paymentPeriod };
      const { status, body: run } = await payments.post(PAYER, 'release-runs', asked);
      expect([status, run]).toEqual([202, run]);
      return eventually(async () => {
        const { body } = await payments.get(PAYER, `release-runs/${run.runId}`);
        return ['sealed', 'aborted'].includes(body.state as string) ? body : undefined;
      }, PATIENCE);
    },
    told: toldOf,
    acknowledge: async (declarationId) => {
      const { data } = await eventually(() => toldOf(declarationId, 'payment.sealed.v1'), PATIENCE);
      const header = 'file_name,line_number,declaration_id,attempt,amount_pence,outcome,reason_code,reason';
      const answer = `${data.fileName},${data.lineNumber},${declarationId},${data.attempt},${data.pence},ACCEPTED,,`;
      const taken = await payments.post(
        AGENCY,
        `acknowledgement-files?fileName=${declarationId}.csv`,
        `${header}\n${answer}\n`,
        { 'content-type': 'text/csv' },
      );
      expect(taken.body).toMatchObject({ applied: 1 });
    },
    close: async () => {
      await Promise.all([standing.close(), payments.close(), approvals.close()]);
      rmSync(fileStore, { recursive: true, force: true });
    },
  };
}

/** Writes what a service's barrier writes, for services that are not there and have nothing on its way. */
async function standInBarriers(
  beside: ServiceUnderTest,
  standIn: readonly TopicName[],
): Promise<{ close(): Promise<void> }> {
  const names = new TopicNames(beside.env['TOPIC_PREFIX']!);
  const producer = quietKafka({
    clientId: 'attest-spec',
    brokers: testKafka(),
  }).producer();
  await producer.connect();
  const asked = await beside.topics.collect('barriers');
  let passed = 0;
  let working: Promise<void> = Promise.resolve();
  const pass = async (): Promise<void> => {
    for (; passed < asked.length; passed++) {
      const { type, data } = asked[passed]!;
      if (type !== 'barrier.requested.v1') continue;
      const { barrierId, route, requestedBy, expiresAt } = data as EventOf<typeof BarrierRequestedV1>;
      for (const topic of standIn)
        await producer.send({
          topic: names.atBroker(topic),
          acks: -1,
          messages: Array.from({ length: OUTBOX_SHARDS }, (_, shard) => ({
            key: `barrier:${barrierId}`,
            value: JSON.stringify({ barrierId, route, topic, shard, requestedBy, expiresAt }),
            partition: partitionOf(shard, TOPICS[topic].partitions),
            headers: {
              ce_specversion: '1.0',
              ce_id: uuidV7(),
              ce_type: BARRIER_RECORD_TYPE,
              ce_source: 'spec',
              ce_time: new Date().toISOString(),
              ce_aggregateversion: '0',
            },
          })),
        });
    }
  };
  const timer = setInterval(() => {
    // A send that failed is tried again.
    working = working.then(pass).catch(() => undefined);
  }, 20);
  return {
    close: async () => {
      clearInterval(timer);
      await working;
      await producer.disconnect();
    },
  };
}
