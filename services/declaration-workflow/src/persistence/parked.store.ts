import { achievementKey, type TopicName } from '@attest/contracts';
import { EVERY_KEY } from '@attest/messaging';
import { textArray, type Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import { NOTHING_PARKED, ParkedStore, type ParkedUpstream } from '../application/ports.js';
import type { Declaration } from '../domain/declaration.js';

const UPSTREAM: readonly TopicName[] = [
  'achievements',
  'pcn-memberships',
  'organisations',
  'quality-services',
  'approvals',
];

type SinceByKey = ReadonlyMap<string, Date>;

@Injectable()
export class PgParkedStore extends ParkedStore {
  /** All of them in one statement: there are hardly ever any, and every forward step asks. */
  async load(tx: Pick<Tx, 'query'>): Promise<ParkedUpstream> {
    const { rows } = await tx.query<{ topic: string; key: string; since: Date }>(
      { name: 'parked-upstream', text: `SELECT topic, key, since FROM blocked_key WHERE topic = ANY($1)` },
      [textArray(UPSTREAM)],
    );
    if (rows.length === 0) return NOTHING_PARKED;
    const byTopic = new Map<string, Map<string, Date>>();
    for (const { topic, key, since } of rows)
      byTopic.set(topic, (byTopic.get(topic) ?? new Map<string, Date>()).set(key, since));
    return {
      since: (d) => firstParked(byTopic, [...dependsOn(d), ['approvals', [d.declarationId]]]),
      // A record whose key could not be read may be anybody's, and then its order is not kept.
      sinceBesideApprovals: (d) => firstParked(byTopic, [...dependsOn(d), ['approvals', []]]),
    };
  }
}

type Keys = readonly [TopicName, readonly string[]];

function firstParked(byTopic: ReadonlyMap<string, SinceByKey>, dependsOn: readonly Keys[]): Date | null {
  for (const [topic, keys] of dependsOn) {
    const parked = byTopic.get(topic);
    if (!parked) continue;
    for (const key of [EVERY_KEY, ...keys]) {
      const since = parked.get(key);
      if (since) return since;
    }
  }
  return null;
}

/** Whose events a declaration rests on: a parked one may be about to change it. */
const dependsOn = (d: Declaration): readonly Keys[] => [
  ['achievements', [achievementKey(d)]],
  ['pcn-memberships', [d.organisationCode, ...Object.keys(d.latest.memberships), ...Object.keys(d.required)]],
  ['organisations', [d.organisationCode, d.commissionerCode]],
  ['quality-services', [d.serviceCode]],
];
