import { Injectable } from '@nestjs/common';
import { Access, type Caller } from '@attest/auth';
import { BusinessClock } from '@attest/calendar';
import { uuidV7 } from '@attest/contracts';
import { refuseReason } from '@attest/errors';
import { Outbox } from '@attest/messaging';
import { Database, type Tx } from '@attest/persistence';
import { amendPage, inOrderOf, type AskedValue } from '../domain/amend-page.js';
import { AmendmentRefusedError } from '../domain/amendment.errors.js';
import { amendmentPounds } from '../domain/amendment-pounds.js';
import { checkDate, checkPractice } from '../domain/amendment-window.js';
import { amendmentRequested } from './amendment-events.js';
import { AmendmentReferenceStore, AmendmentStore, type Amendment } from './amendment-ports.js';
import { PageStore, type PeriodKey } from './ports.js';

export interface AmendmentAsked extends PeriodKey {
  readonly practiceCode: string;
  readonly values: readonly AskedValue[];
  readonly reason: unknown;
}

/** A provider asks for other values on the page that counts. Nothing changes until the commissioner accepts. */
@Injectable()
export class AskAmendment {
  constructor(
    private readonly database: Database,
    private readonly access: Access,
    private readonly clock: BusinessClock,
    private readonly outbox: Outbox,
    private readonly pages: PageStore,
    private readonly reference: AmendmentReferenceStore,
    private readonly store: AmendmentStore,
  ) {}

  /** @throws AmendmentRefusedError, ValuesFaultyError, NotYourOrganisationError and those of `refuseReason` */
  async run(caller: Caller, asked: AmendmentAsked): Promise<Amendment> {
    await this.access.require(caller, ['DECLARATION_MANAGEMENT'], asked.practiceCode);
    const reason = refuseReason(asked.reason);
    return this.database.transaction((tx) => this.add(tx, caller, asked, reason));
  }

  private async add(tx: Tx, caller: Caller, asked: AmendmentAsked, reason: string): Promise<Amendment> {
    const { serviceCode, achievementDate, practiceCode } = asked;
    const period = { serviceCode, achievementDate };
    // No file brings a newer page between reading this one and asking.
    await this.pages.lockPeriods(tx, [period]);
    const { service, rulePack, practice, participation, parked } = await this.reference.of(
      tx,
      period,
      practiceCode,
    );
    if (parked) throw new AmendmentRefusedError('UPSTREAM_EVENT_PARKED');
    if (!service) throw new AmendmentRefusedError('SERVICE_UNKNOWN');
    if (!rulePack) throw new AmendmentRefusedError('RULE_PACK_NOT_HELD', { serviceCode });
    checkDate(service, achievementDate);
    checkPractice(service, practice, participation, achievementDate);
    const page = await this.pages.toAmend(tx, period, practiceCode);
    if (!page) throw new AmendmentRefusedError('PAGE_UNKNOWN');
    const oldValues = inOrderOf(rulePack.fields, page.fields, page.values);
    const { values: newValues } = amendPage(rulePack.fields, oldValues, asked.values);
    const now = this.clock.now();
    const amendmentId = uuidV7();
    const added = await this.store.add(
      tx,
      {
        ...period,
        amendmentId,
        practiceCode,
        pageVersion: page.pageVersion,
        rulePackVersion: rulePack.version,
        oldValues,
        newValues,
        pounds: amendmentPounds(rulePack, service.providerKind, oldValues, newValues),
        reconciliation: service.cutOffAt !== null && service.cutOffAt <= now,
        reason,
        requestedBy: caller.personId,
        requestedAt: now,
      },
      practiceCode,
    );
    if (!added) throw new AmendmentRefusedError('AMENDMENT_ALREADY_OPEN', { practiceCode });
    const amendment = (await this.store.lock(tx, amendmentId, now))!;
    await this.outbox.add(tx, [amendmentRequested(amendment)]);
    return amendment;
  }
}
