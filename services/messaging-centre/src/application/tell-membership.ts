import { Injectable } from '@nestjs/common';
import { BusinessClock } from '@attest/calendar';
import type { PcnMembershipState } from '@attest/contracts';
import type { Tx } from '@attest/persistence';
import type { Notice } from '../domain/notice.js';
import { MessageStore } from './ports.js';

/** A change of membership is told to the PCN and to the practices that moved, whether or not it holds anything. */
@Injectable()
export class TellMembership {
  constructor(
    private readonly store: MessageStore,
    private readonly clock: BusinessClock,
  ) {}

  async run(tx: Tx, changes: readonly { type: string; state: PcnMembershipState }[]): Promise<void> {
    const notices = changes.flatMap(({ type, state }) =>
      [state.pcnCode, ...state.changedPractices].map((organisationCode): Notice => ({
        kind: 'MEMBERSHIP_CHANGED',
        organisationCode,
        bucket: `${state.pcnCode}:${state.membershipVersion}`,
        line: {
          subjectId: state.pcnCode,
          lineVersion: BigInt(state.membershipVersion),
          serviceCode: null,
          achievementDate: state.changedFrom,
          providerCode: state.pcnCode,
          pence: null,
          previousPence: null,
          code: type,
          reason: null,
        },
      })),
    );
    if (notices.length > 0) await this.store.add(tx, notices, this.clock.now());
  }
}
