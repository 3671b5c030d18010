import { BusinessClock } from '@attest/calendar';
import {
  DECLARATION_EVENTS,
  DeclarationRestatedV1,
  isUuid,
  newEvent,
  PeriodFrozenV1,
  PeriodThawedV1,
  type DeclarationEventData,
  type DeclarationState,
  type EventOf,
  type NewEvent,
} from '@attest/contracts';
import {
  markToldAgain,
  Outbox,
  republishLater,
  takeForgotten,
  versionsOf,
  type ForgottenEvent,
  type Versions,
} from '@attest/messaging';
import { Database, type Tx } from '@attest/persistence';
import { Logger } from '@attest/telemetry';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { ForgottenStore, type ForgottenFreeze } from './forgotten.ports.js';

const TOPIC = 'declarations';
/** In one transaction. */
const KEYS = 1_000;
const STATES: ReadonlySet<string> = new Set(
  [...DECLARATION_EVENTS, DeclarationRestatedV1].map(({ type }) => type),
);
const CODE = 'FORGOTTEN_BY_RESTORE';
const WORDS =
  'It was opened after the backup from which declarations were restored. What is still to be declared was opened again under another id.';

/**
 * At the first start after a restore, before anything is read: others hold declarations and freezes as this service has
 * told and forgotten them. What it knows it tells again as it stands, above all that was told. A declaration that it does
 * not know is told as ended: it is opened again under another id from the figures that come again, and money must not
 * be owed for both. A freeze that it does not know it takes back as it was told: it stands until people thaw it.
 */
@Injectable()
export class TellForgotten implements OnApplicationBootstrap {
  constructor(
    private readonly database: Database,
    private readonly store: ForgottenStore,
    private readonly outbox: Outbox,
    private readonly clock: BusinessClock,
    private readonly logger: Logger,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    for (let afterKey: string | null = null; ;) {
      const last: string | undefined = await this.database.transaction((tx) => this.tellNext(tx, afterKey));
      if (last === undefined) return;
      afterKey = last;
    }
  }

  /** @returns the last key that it came to; undefined when there is none */
  private async tellNext(tx: Tx, afterKey: string | null): Promise<string | undefined> {
    const events = await takeForgotten(tx, TOPIC, { afterKey, limit: KEYS });
    if (events.length === 0) return undefined;
    const versions = await versionsOf(tx);
    const [declarations, periods] = [true, false].map((is) => events.filter(({ key }) => isUuid(key) === is));
    const known = await this.tellDeclarations(tx, declarations!, versions);
    const left = await this.tellFreezes(tx, periods!);
    const told = events.filter(({ key }) => !left.has(key));
    const again = new Set([...known, ...periods!.map(({ key }) => key).filter((key) => !left.has(key))]);
    if (again.size > 0)
      await republishLater(tx, {
        topic: TOPIC,
        keys: [...again],
        who: 'restore',
        why: 'forgotten by a restore',
      });
    await markToldAgain(tx, told);
    this.logger.warn('FORGOTTEN_TOLD_AGAIN', { forgotten: events.length, toldAgain: told.length });
    return events.at(-1)!.key;
  }

  /** @returns those that are known here */
  private async tellDeclarations(
    tx: Tx,
    events: readonly ForgottenEvent[],
    versions: Versions,
  ): Promise<ReadonlySet<string>> {
    const known = await this.store.raiseDeclarations(tx, [...new Set(events.map(({ key }) => key))]);
    const gone = new Map<string, DeclarationState>();
    for (const { key, type, data } of events)
      if (STATES.has(type) && !known.has(key)) gone.set(key, (data as DeclarationEventData).declaration);
    const at = this.clock.now().toISOString();
    await this.outbox.add(
      tx,
      [...gone.values()].map((state) => endOf(state, versions.after(state.revision), at)),
    );
    return known;
  }

  /** @returns the periods of which something could not be taken back */
  private async tellFreezes(tx: Tx, events: readonly ForgottenEvent[]): Promise<ReadonlySet<string>> {
    const left = new Set<string>();
    const freezes = new Map<string, Partial<ForgottenFreeze> & { readonly key: string }>();
    for (const { key, type, data } of events) {
      const { freezeId } = data as { freezeId: string };
      const before = freezes.get(freezeId) ?? { key };
      if (type === PeriodFrozenV1.type)
        freezes.set(freezeId, { ...before, frozen: data as EventOf<typeof PeriodFrozenV1> });
      if (type === PeriodThawedV1.type)
        freezes.set(freezeId, { ...before, thawed: data as EventOf<typeof PeriodThawedV1> });
    }
    const known = await this.store.raiseFreezes(tx, [...freezes.keys()]);
    for (const [freezeId, { key, frozen, thawed = null }] of freezes)
      if (
        !known.has(freezeId) &&
        !(frozen && (await this.store.takeBack(tx, { frozen, thawed }, this.clock.now())))
      )
        left.add(key);
    return left;
  }
}

const endOf = (state: DeclarationState, revision: number, at: string): NewEvent =>
  newEvent(DeclarationRestatedV1, {
    declaration: {
      ...state,
      status: 'LAPSED',
      holds: [],
      awaitingAggregation: false,
      revision,
      runId: null,
    },
    fact: {
      actor: 'system',
      personId: null,
      forOrganisation: null,
      at,
      from: state.status,
      reason: WORDS,
      code: CODE,
      approvalId: null,
      previousPence: null,
    },
    answers: [],
    approvalVersion: 0,
  }) as unknown as NewEvent;
