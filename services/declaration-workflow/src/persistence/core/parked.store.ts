import { achievementKey, type TopicName } from '@attest/contracts';
import { EVERY_KEY } from '@attest/messaging';
import { textArray, type Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import {
  NOTHING_PARKED,
  ParkedStore,
  type ParkedUpstream,
} from '../../application/core/declaration.ports.js';
import type { Declaration } from '../../domain/core/declaration.js';

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
    const moving = byTopic.has('pcn-memberships') ? await movingPractices(tx) : NOBODY;
    return {
      since: (d) => firstParked(byTopic, [...dependsOn(d), ['approvals', [d.declarationId]]]) ?? moving(d),
      // A record whose key could not be read may be anybody's, and then its order is not kept.
      sinceBesideApprovals: (d) => firstParked(byTopic, [...dependsOn(d), ['approvals', []]]) ?? moving(d),
    };
  }
}

type Moving = (d: Declaration) => Date | null;
const NOBODY: Moving = () => null;

/** Records of memberships that are parked, and the practices that their text names. */
const PARKED_MEMBERSHIPS = `
  SELECT b.since,
         ARRAY(SELECT DISTINCT o.code
               FROM regexp_matches(encode(parked.raw_value, 'escape'), '\\m[A-Z][A-Z0-9]{1,9}\\M', 'g') AS word
               JOIN directory_organisation o ON o.code = word[1] AND o.kind = 'practice') AS practices
  FROM blocked_key b
  CROSS JOIN LATERAL (
    SELECT l.raw_value FROM dead_letter l
    WHERE l.consumer = b.consumer AND l.topic = b.topic AND l.key = b.key AND l.status = 'dead'
    UNION ALL
    SELECT e.raw_value FROM parked_event e
    WHERE e.consumer = b.consumer AND e.topic = b.topic AND e.key = b.key) parked
  WHERE b.topic = 'pcn-memberships'
  ORDER BY b.since`;

/**
 * A practice that moves is told under the key of its PCN, and its own declarations may know nothing of that PCN yet. What
 * is parked cannot be trusted, but the practices that it names are the ones it may move; where it names none, it may
 * be any.
 */
async function movingPractices(tx: Pick<Tx, 'query'>): Promise<Moving> {
  const { rows } = await tx.query<{ since: Date; practices: string[] }>({
    name: 'parked-memberships',
    text: PARKED_MEMBERSHIPS,
  });
  const { rows: services } = await tx.query<{ service_code: string }>({
    name: 'services-on-membership',
    text: 'SELECT service_code FROM quality_service WHERE depends_on_membership',
  });
  const dependsOnMembership = new Set(services.map((row) => row.service_code));
  const ofAny = rows.find(({ practices }) => practices.length === 0);
  const all = new Set(ofAny ? await practicesOf(tx) : []);
  return (d) => {
    if (!dependsOnMembership.has(d.serviceCode)) return null;
    const named = rows.find(({ practices }) => practices.includes(d.organisationCode));
    return named?.since ?? (all.has(d.organisationCode) ? ofAny!.since : null);
  };
}

async function practicesOf(tx: Pick<Tx, 'query'>): Promise<string[]> {
  const { rows } = await tx.query<{ code: string }>({
    name: 'practices',
    text: `SELECT code FROM directory_organisation WHERE kind = 'practice'`,
  });
  return rows.map((row) => row.code);
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
