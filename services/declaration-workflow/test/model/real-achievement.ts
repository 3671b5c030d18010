import type { NewEvent } from '@attest/contracts';
import { AttestError } from '@attest/errors';
import type { ReceivedEvent } from '@attest/messaging';
import type { System } from './system.js';

export interface StoredDeclaration {
  readonly declaration_id: string;
  readonly kind: string;
  readonly status: string;
  readonly status_code: string | null;
  readonly revision: bigint;
  readonly declaration_version: bigint;
  readonly pence: bigint;
  readonly figure_revision: bigint;
  readonly holds: readonly { holdId: string; code: string; membershipVersion: number | null }[];
  readonly pending_holds: readonly { holdId: string; code: string; membershipVersion: number | null }[];
  readonly override: {
    versions: Record<string, number>;
    kept: { pence: string };
    instead: { pence: string; hash: string } | null;
  } | null;
  readonly required: Record<string, number>;
  readonly awaiting: { until: number } | null;
  readonly blocked: { until: number } | null;
  readonly attempt: number;
  readonly run_id: string | null;
  readonly declared_by: string | null;
  readonly commissioner_signed_by: string | null;
  readonly finance_signed_by: string | null;
  readonly sealed_pence: bigint | null;
  readonly policy: object | null;
  readonly commissioner_signatures: readonly { tier: string; personId: string }[];
  readonly late: boolean;
  readonly payment_period: string;
  readonly own_period: string | null;
}

export interface StoredStep {
  readonly declaration_id: string;
  readonly revision: bigint;
  readonly action: string;
  readonly from_status: string | null;
  readonly to_status: string;
}

type Consumer = Parameters<System['deliver']>[0];

/** One achievement in the real service: what is done to it, and what stands of it in the database. */
export class RealAchievement {
  /** Everything that other services said of it, to be said again. */
  readonly said: { consumer: Consumer; event: NewEvent; apply: () => void }[] = [];
  correction: { correctionId: string; attempt: number } | null = null;
  declarations: readonly StoredDeclaration[] = [];
  main: StoredDeclaration | null = null;
  history: readonly StoredStep[] = [];
  freezeId: string | null = null;
  readonly serviceCode: string;
  readonly pcnCode: string;

  constructor(
    readonly system: System,
    readonly number: number,
  ) {
    this.serviceCode = `XM${100_000 + number}`;
    this.pcnCode = `P${100_000 + number}`;
  }

  /** An event as it comes off a topic. @returns the code of a refusal, where it answers one or throws it */
  async hear(consumer: Consumer, event: NewEvent, apply: () => void): Promise<string | null> {
    this.said.push({ consumer, event, apply });
    return this.again(consumer, event);
  }

  again(consumer: Consumer, event: NewEvent): Promise<string | null> {
    return refusalOf(() => this.system.deliver(consumer, [received(event)]));
  }

  async look(): Promise<void> {
    const { database } = this.system;
    const { rows } = await database.query<StoredDeclaration>(
      {
        name: 'model-look',
        text: 'SELECT * FROM declaration WHERE organisation_code = $1 ORDER BY declaration_id',
      },
      [this.pcnCode],
    );
    this.declarations = rows;
    const mains = rows.filter(({ kind }) => kind === 'achievement');
    this.main = mains.find(({ status }) => status !== 'LAPSED') ?? mains.at(-1) ?? null;
    const history = await database.query<StoredStep>(
      {
        name: 'model-history',
        text: `SELECT h.declaration_id, h.revision, action, from_status, to_status FROM declaration_history h
               JOIN declaration d USING (declaration_id) WHERE d.organisation_code = $1
               ORDER BY h.declaration_id, h.revision`,
      },
      [this.pcnCode],
    );
    this.history = history.rows;
  }

  /** What the service told of its declarations; of one of them, in order. */
  get told(): readonly NewEvent[] {
    return this.declarations.flatMap(({ declaration_id: id }) => this.system.told.get(id) ?? []);
  }

  /** What it has told that it had not told then. */
  toldSince(then: readonly NewEvent[]): readonly NewEvent[] {
    const known = new Set(then);
    return this.told.filter((event) => !known.has(event));
  }
}

/** Null, or the code with which it was refused. Anything that is no refusal of ours is a fault of the test's subject. */
export async function refusalOf(work: () => Promise<unknown>): Promise<string | null> {
  try {
    await work();
    return null;
  } catch (error) {
    if (error instanceof AttestError) return error.code;
    throw error;
  }
}

function received(event: NewEvent): ReceivedEvent {
  const { definition, data, id } = event;
  return {
    id,
    type: definition.type,
    topic: definition.topic,
    key: event.key,
    aggregateVersion: event.aggregateVersion,
    data,
    time: '2026-08-20T09:00:00Z',
    partition: 0,
    offset: 0n,
    correlationId: undefined,
    causationId: undefined,
    producer: 'model',
    producerEpoch: 0,
  } as unknown as ReceivedEvent;
}
