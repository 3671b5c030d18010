import { Injectable } from '@nestjs/common';
import { Access, type Caller } from '@attest/auth';
import { BusinessClock } from '@attest/calendar';
import { ENGLAND, newEvent, PageAmendedV1, type NewEvent, COMMISSIONER_ROLES } from '@attest/contracts';
import { Outbox, versionsOf } from '@attest/messaging';
import { Database, type Tx } from '@attest/persistence';
import { AmendmentRefusedError } from '../domain/amendment.errors.js';
import { amendmentTransition, refuseOwnDecision, type AmendmentStep } from '../domain/amendment.js';
import { checkDate } from '../domain/amendment-window.js';
import { amendmentDecided } from './amendment-events.js';
import { AmendmentReferenceStore, AmendmentStore, type Amendment } from './amendment-ports.js';
import { PageStore, type NewPage, type PageToAmend } from './ports.js';

export interface AmendmentMove {
  readonly caller: Caller;
  readonly amendmentId: string;
  /** As the caller read it. */
  readonly amendmentVersion: bigint;
  /** Checked already; null where none is needed and none was given. */
  readonly reason: string | null;
}

/** What becomes of a request. An accepted one is a new page, and everything after that is as with any new page. */
@Injectable()
export class DecideAmendment {
  constructor(
    private readonly database: Database,
    private readonly access: Access,
    private readonly clock: BusinessClock,
    private readonly outbox: Outbox,
    private readonly pages: PageStore,
    private readonly reference: AmendmentReferenceStore,
    private readonly store: AmendmentStore,
  ) {}

  /** @throws AmendmentRefusedError, NotYourOrganisationError */
  async accept(move: AmendmentMove): Promise<Amendment> {
    const seen = await this.known(move);
    const forOrganisation = seen.commissionerCode ?? ENGLAND;
    await this.access.requireRole(move.caller, COMMISSIONER_ROLES, forOrganisation);
    return this.database.transaction(async (tx) => {
      // First the period, then the request: as files do, so that neither waits for the other in a ring.
      await this.pages.lockPeriods(tx, [seen]);
      const amendment = await this.open(tx, move, 'accept');
      refuseOwnDecision(amendment.requestedBy, move.caller.personId);
      const page = await this.pageOf(tx, amendment);
      const next: Pick<
        NewPage,
        'practiceCode' | 'pageVersion' | 'rulePackVersion' | 'values' | 'submittedAt'
      > = {
        practiceCode: amendment.practiceCode,
        pageVersion: (await versionsOf(tx)).after(page.pageVersion),
        rulePackVersion: amendment.rulePackVersion,
        values: amendment.newValues,
        // Said when it was asked for: what the supplier sends later than that is newer, whenever it is accepted.
        submittedAt: later(amendment.requestedAt, page.submittedAt),
      };
      await this.pages.addAmended(tx, amendment, next, amendment.amendmentId);
      const [accepted] = await this.decide(tx, amendment, move, 'accept', forOrganisation, next);
      await this.outbox.add(tx, [
        amendmentDecided(accepted!),
        newEvent(PageAmendedV1, {
          serviceCode: amendment.serviceCode,
          achievementDate: amendment.achievementDate,
          practiceCode: amendment.practiceCode,
          pageVersion: next.pageVersion,
          rulePackVersion: next.rulePackVersion,
          values: [...next.values],
          fileId: page.fileId,
          fileName: page.fileName,
          fileSha256: page.fileSha256,
          firstLine: page.firstLine,
          lastLine: page.lastLine,
          submittedAt: next.submittedAt.toISOString(),
          amendmentId: amendment.amendmentId,
        }) as unknown as NewEvent,
      ]);
      return accepted!;
    });
  }

  /** @throws AmendmentRefusedError, NotYourOrganisationError */
  async refuse(move: AmendmentMove): Promise<Amendment> {
    const seen = await this.known(move);
    const forOrganisation = seen.commissionerCode ?? ENGLAND;
    await this.access.requireRole(move.caller, COMMISSIONER_ROLES, forOrganisation);
    return this.end(move, 'refuse', forOrganisation);
  }

  /** @throws AmendmentRefusedError, NotYourOrganisationError */
  async withdraw(move: AmendmentMove): Promise<Amendment> {
    const { practiceCode } = await this.known(move);
    await this.access.requireRole(move.caller, ['DECLARATION_MANAGEMENT'], practiceCode);
    return this.end(move, 'withdraw', practiceCode);
  }

  private end(move: AmendmentMove, step: 'refuse' | 'withdraw', forOrganisation: string): Promise<Amendment> {
    return this.database.transaction(async (tx) => {
      const amendment = await this.open(tx, move, step);
      if (step === 'refuse') refuseOwnDecision(amendment.requestedBy, move.caller.personId);
      const [ended] = await this.decide(tx, amendment, move, step, forOrganisation);
      await this.outbox.add(tx, [amendmentDecided(ended!)]);
      return ended!;
    });
  }

  private async known({ caller, amendmentId }: AmendmentMove): Promise<Amendment> {
    const found = await this.store.find(amendmentId, this.clock.now());
    const { practiceCode, commissionerCode = null } = found ?? {};
    const codes = [practiceCode, commissionerCode].filter((code): code is string => typeof code === 'string');
    if (!found || (await this.access.seen(caller, codes)).size === 0)
      throw new AmendmentRefusedError('AMENDMENT_UNKNOWN', { amendmentId });
    return found;
  }

  /** The request, locked. What became of it meanwhile is told before that it changed: it says more. */
  private async open(tx: Tx, { amendmentId, amendmentVersion }: AmendmentMove, step: AmendmentStep) {
    const amendment = (await this.store.lock(tx, amendmentId, this.clock.now()))!;
    amendmentTransition(amendment.state, step);
    if (BigInt(amendment.amendmentVersion) !== amendmentVersion)
      throw new AmendmentRefusedError('STALE_VERSION', { amendmentVersion: amendment.amendmentVersion });
    return amendment;
  }

  /** The page as the request knew it, still what counts, and still payable as it was shown. */
  private async pageOf(tx: Tx, amendment: Amendment): Promise<PageToAmend> {
    const { practiceCode, achievementDate } = amendment;
    const { service, rulePack, parked } = await this.reference.of(tx, amendment, practiceCode);
    if (parked) throw new AmendmentRefusedError('UPSTREAM_EVENT_PARKED');
    if (!service || rulePack?.version !== amendment.rulePackVersion)
      throw new AmendmentRefusedError('RULE_PACK_CHANGED_SINCE');
    checkDate(service, achievementDate);
    const page = await this.pages.toAmend(tx, amendment, practiceCode);
    if (page?.pageVersion !== amendment.pageVersion) throw new AmendmentRefusedError('PAGE_CHANGED_SINCE');
    return page;
  }

  private decide(
    tx: Tx,
    { state, amendmentId }: Amendment,
    { caller, reason }: AmendmentMove,
    step: AmendmentStep,
    forOrganisation: string,
    next?: { readonly pageVersion: number },
  ): Promise<Amendment[]> {
    const { to, by } = amendmentTransition(state, step);
    return this.store.decide(
      tx,
      [amendmentId],
      {
        state: to,
        actor: by,
        personId: caller.personId,
        forOrganisation,
        at: this.clock.now(),
        reason,
        causeFileId: null,
      },
      next && { newPageVersion: next.pageVersion },
    );
  }
}

const later = (a: Date, b: Date): Date => (a > b ? a : b);
