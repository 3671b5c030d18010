/** Every service that takes part, by the name of its folder, database and consumer group. */
export const SERVICES = [
  'organisations',
  'catalogue',
  'extraction-intake',
  'aggregation',
  'declaration-workflow',
  'commissioner-approval',
  'payment-export',
  'messaging-centre',
] as const;
export type ServiceName = (typeof SERVICES)[number];

/** Outbox shards in every service. A topic's partitions divide this, so one shard feeds one partition. */
export const OUTBOX_SHARDS = 16;

export interface TopicDeclaration {
  readonly name: string;
  /** Fixed for ever: another count would move keys to other partitions. */
  readonly partitions: 1 | 2 | 4 | 8 | 16;
  /** Longer than the backup window, so that a restored database can catch up. */
  readonly retentionDays: number;
  /** The only writer, but for `barriers`, which whoever needs one writes. */
  readonly writer: ServiceName | 'any';
  readonly key: string;
  readonly says: string;
}

const topic = <const N extends string>(
  name: N,
  writer: TopicDeclaration['writer'],
  key: string,
  says: string,
  partitions: TopicDeclaration['partitions'] = 4,
) => ({ name, partitions, retentionDays: 35, writer, key, says });

/** The one declaration from which topics are created. */
export const TOPICS = {
  organisations: topic(
    'organisations',
    'organisations',
    'organisation code',
    'who exists, who pays whom, how many patients, who may do what',
  ),
  'pcn-memberships': topic(
    'pcn-memberships',
    'organisations',
    'PCN code',
    'which practices make up a PCN, from when to when',
  ),
  'quality-services': topic(
    'quality-services',
    'catalogue',
    'service code',
    'services with their rule packs and calendars, participation, agencies, the business clock',
  ),
  submissions: topic(
    'submissions',
    'extraction-intake',
    'practice code',
    'pages received, amended, superseded; amendments asked for and decided; whether a period is complete',
  ),
  achievements: topic(
    'achievements',
    'aggregation',
    'service, achievement date and organisation',
    'figures, or why there are none yet',
  ),
  declarations: topic(
    'declarations',
    'declaration-workflow',
    'declaration id; service and achievement date where a period is frozen or thawed',
    'every step of every declaration; periods frozen and thawed',
  ),
  approvals: topic('approvals', 'commissioner-approval', 'declaration id', 'signatures and refusals'),
  payments: topic(
    'payments',
    'payment-export',
    'declaration id',
    'release requested, sealed, not included, acknowledged, rejected',
  ),
  barriers: topic('barriers', 'any', 'barrier id', 'barriers requested, passed by a service, aborted', 1),
} as const satisfies Record<string, TopicDeclaration>;
export type TopicName = keyof typeof TOPICS;
