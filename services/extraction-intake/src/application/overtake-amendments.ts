import { Injectable } from '@nestjs/common';
import { BusinessClock } from '@attest/calendar';
import { Outbox } from '@attest/messaging';
import type { Tx } from '@attest/persistence';
import { amendmentDecided } from './amendment-events.js';
import { AmendmentStore } from './amendment-ports.js';
import type { PeriodKey } from './ports.js';

/** Open requests of one period, while a file brings newer pages. */
export interface OvertakenAmendments {
  by(practiceCode: string): void;
  end(tx: Tx, file: { readonly fileId: string }): Promise<void>;
}

/** A request whose old values no longer count is over: nobody may decide on figures that are not there any more. */
@Injectable()
export class OvertakeAmendments {
  constructor(
    private readonly store: AmendmentStore,
    private readonly clock: BusinessClock,
    private readonly outbox: Outbox,
  ) {}

  /** Lock the period first. */
  async of(tx: Tx, period: PeriodKey): Promise<OvertakenAmendments> {
    const open = await this.store.openOf(tx, period);
    const overtaken: string[] = [];
    return {
      by: (practiceCode) => {
        const amendmentId = open.get(practiceCode);
        if (amendmentId !== undefined) overtaken.push(amendmentId);
      },
      end: async (within, { fileId }) => {
        const ended = await this.store.decide(within, overtaken, {
          state: 'superseded',
          actor: 'system',
          personId: null,
          forOrganisation: null,
          at: this.clock.now(),
          reason: null,
          causeFileId: fileId,
        });
        await this.outbox.add(within, ended.map(amendmentDecided));
      },
    };
  }
}
