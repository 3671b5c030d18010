import { achievementKey, uuidV7 } from '@attest/contracts';
import type { LondonDate } from '@attest/calendar';
import fc from 'fast-check';
import { DATE } from '../../neighbours.js';
import { command } from '../command.js';
import type { RealAchievement } from '../real-achievement.js';

const TOPICS = ['achievements', 'pcn-memberships'] as const;
type Topic = (typeof TOPICS)[number];

/** An event upstream cannot be read, or has been replayed since. */
export const park = command({
  name: 'park-or-unpark',
  args: fc.record({ topic: fc.constantFrom(...TOPICS) }),
  async run(model, real, { topic }) {
    if (model.parked.delete(topic)) await unpark(real, topic);
    else {
      model.parked.add(topic);
      const { database } = real.system;
      const id = uuidV7();
      await database.transaction(async (tx) => {
        await tx.query(
          `INSERT INTO dead_letter (id, consumer, topic, partition, "offset", key, headers, recorded_at, error_class, error_code, error_message)
           VALUES ($1, 'declaration-workflow', $2, 0, 0, $3, '{}', now(), 'Made-up', 'MADE_UP', 'made up')`,
          [id, topic, keyOf(real, topic)],
        );
        await tx.query(
          `INSERT INTO blocked_key (consumer, topic, key, code, dead_letter_id)
           VALUES ('declaration-workflow', $1, $2, 'MADE_UP', $3)`,
          [topic, keyOf(real, topic), id],
        );
      });
    }
    return { expected: null, given: null };
  },
});

export async function unpark(real: RealAchievement, topic: string): Promise<void> {
  await real.system.database.query('DELETE FROM blocked_key WHERE topic = $1 AND key = $2', [
    topic,
    keyOf(real, topic as Topic),
  ]);
}

const keyOf = (real: RealAchievement, topic: Topic): string =>
  topic === 'pcn-memberships'
    ? real.pcnCode
    : achievementKey({
        serviceCode: real.serviceCode,
        achievementDate: DATE as LondonDate,
        organisationCode: real.pcnCode,
      });
