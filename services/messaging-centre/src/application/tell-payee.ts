import { Injectable } from '@nestjs/common';
import { BusinessClock } from '@attest/calendar';
import type { EventOf, PayeeChangedV1 } from '@attest/contracts';
import type { Tx } from '@attest/persistence';
import type { Notice } from '../domain/notice.js';
import { MessageStore } from './ports.js';

type PayeeChanged = EventOf<typeof PayeeChangedV1>;

/** Whoever is paid through somebody else must hear of it, in case it was not their wish; so must their commissioner. */
@Injectable()
export class TellPayee {
  constructor(
    private readonly store: MessageStore,
    private readonly clock: BusinessClock,
  ) {}

  async run(tx: Tx, changes: readonly PayeeChanged[]): Promise<void> {
    const notices = changes.flatMap((change) =>
      [change.providerCode, change.commissionerCode]
        .filter((code): code is string => code !== null)
        .map((organisationCode): Notice => ({
          kind: 'PAYEE_CHANGED',
          organisationCode,
          bucket: change.changeId,
          line: {
            subjectId: change.providerCode,
            lineVersion: BigInt(change.organisationVersion),
            serviceCode: null,
            achievementDate: null,
            providerCode: change.providerCode,
            pence: null,
            previousPence: null,
            code: 'PAYEE_CHANGED',
            reason: reasonOf(change),
          },
        })),
    );
    if (notices.length > 0) await this.store.add(tx, notices, this.clock.now());
  }
}

/** Without the account: it is nobody's business but the agency's. */
const reasonOf = ({ providerCode, payee, formerPayee, reason }: PayeeChanged): string =>
  `${payee.payeeName} (${payee.payeeCode})${formerPayee ? ` instead of ${formerPayee.payeeName} (${formerPayee.payeeCode})` : ''} is paid for ${providerCode} · ${reason}`;
