import { Injectable } from '@nestjs/common';
import { newEvent, PeriodCompletenessRecordedV1 } from '@attest/contracts';
import { Outbox } from '@attest/messaging';
import type { Tx } from '@attest/persistence';
import { CompletenessStore, type PeriodKey } from './ports.js';

/** Counts what was expected and what has come, and says so when it differs from what was said before. */
@Injectable()
export class RecordCompleteness {
  constructor(
    private readonly store: CompletenessStore,
    private readonly outbox: Outbox,
  ) {}

  /** Lock the periods first. */
  async run(tx: Tx, periods: readonly PeriodKey[]): Promise<void> {
    const changed = await this.store.recount(tx, periods);
    await this.outbox.add(
      tx,
      changed.map((completeness) => newEvent(PeriodCompletenessRecordedV1, completeness)),
    );
  }
}
