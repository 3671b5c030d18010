// What is too long for `npm test` in its full size, and what it proves something of.

export interface LongRun {
  readonly name: string;
  readonly what: string;
  /** Part of its path. */
  readonly spec: string;
  /** The variable that says how much is drawn; its first word with _SEED repeats a draw. */
  readonly size: string;
  readonly full: number;
  /** A record is older than these when a commit after it touches them. */
  readonly covers: readonly string[];
}

export const LONG_RUNS: readonly LongRun[] = [
  {
    name: 'model',
    what: 'Sequences of steps on the reference model of a declaration',
    spec: 'services/declaration-workflow/test/model',
    size: 'MODEL_SEQUENCES',
    full: 20_000,
    covers: [
      'services/declaration-workflow',
      'libs/contracts/src',
      'libs/messaging/src',
      'libs/persistence/src',
    ],
  },
  {
    name: 'races',
    what: 'Rounds of a membership change, a bulk and a release run that race',
    spec: 'test/checkpoint/races',
    size: 'RACE_ROUNDS',
    full: 200,
    covers: ['services', 'libs', 'tools/stack/src', 'test/checkpoint'],
  },
  {
    name: 'kills',
    what: 'kill -9 of services at random moments of a month',
    spec: 'test/checkpoint/checkpoint',
    size: 'CHECKPOINT_KILLS',
    full: 200,
    covers: ['services', 'libs', 'tools/stack/src', 'test/checkpoint'],
  },
  {
    name: 'payment-kills',
    what: 'kill -9 of payment-export at random moments of a release run',
    spec: 'services/payment-export/test/killed',
    size: 'PAYMENT_KILLS',
    full: 30,
    covers: ['services/payment-export', 'libs'],
  },
  {
    name: 'restores',
    what: 'Sequences of what a writer tells, loses and tells again after restores',
    spec: 'libs/messaging/src/restore/versions',
    size: 'RESTORE_SEQUENCES',
    full: 50_000,
    covers: ['libs/messaging/src/restore'],
  },
];

/** The seed's variable beside that of the size: RACE_SEED beside RACE_ROUNDS. */
export const seedOf = (size: string): string => `${size.split('_')[0]}_SEED`;

export const newSeed = (): number => Math.floor(Math.random() * 2 ** 31);
