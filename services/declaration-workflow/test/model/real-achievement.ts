import type { NewEvent } from '@attest/contracts';
import { AttestError } from '@attest/errors';
import type { ReceivedEvent } from '@attest/messaging';
import type { ModelDeclaration } from './model-declaration.js';
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
  readonly netted_pence: bigint;
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
  /** What waits for a second person, or waited, of each declaration. */
  readonly corrections = new Map<ModelDeclaration, string>();
  readonly settlements = new Map<ModelDeclaration, string>();
  declarations: readonly StoredDeclaration[] = [];
  /** The revision up to which its history was read. */
  private readonly lookedBackTo = new Map<string, bigint>();
  /** How far each one's history and events were found to hold together. */
  readonly agreed = new Map<string, { status: string | null; told: number }>();
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
    const { rows } = await this.system.database.query<StoredDeclaration>(
      {
        name: 'model-look',
        text: 'SELECT * FROM declaration WHERE organisation_code = $1 ORDER BY declaration_id',
      },
      [this.pcnCode],
    );
    this.declarations = rows;
  }

  /** What was written into the history since the last time. */
  async lookBack(): Promise<readonly StoredStep[]> {
    const moved = this.declarations.filter(
      ({ declaration_id: id, revision }) => revision !== this.lookedBackTo.get(id),
    );
    if (moved.length === 0) return [];
    const { rows } = await this.system.database.query<StoredStep>(
      {
        name: 'model-history',
        text: `SELECT h.declaration_id, h.revision, h.action, h.from_status, h.to_status FROM declaration_history h
               JOIN unnest($1::uuid[], $2::bigint[]) AS known(declaration_id, revision) USING (declaration_id)
               WHERE h.revision > known.revision ORDER BY h.declaration_id, h.revision`,
      },
      [
        moved.map(({ declaration_id: id }) => id),
        moved.map(({ declaration_id: id }) => String(this.lookedBackTo.get(id) ?? 0)),
      ],
    );
    for (const { declaration_id: id, revision } of moved) this.lookedBackTo.set(id, revision);
    return rows;
  }

  /** Ids rise in the order in which they are given. */
  of({ kind, ordinal }: ModelDeclaration): StoredDeclaration {
    return this.declarations.filter((one) => one.kind === kind)[ordinal]!;
  }

  /** How often anything was written of any of them. */
  get writes(): number {
    return this.declarations.reduce((sum, { revision }) => sum + Number(revision), 0);
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
