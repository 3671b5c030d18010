import { Access, type Caller } from '@attest/auth';
import { BusinessClock } from '@attest/calendar';
import { ENGLAND, newEvent, PayeeChangedV1, uuidV7, type Payee, type Role } from '@attest/contracts';
import { containsNhsNumber, PatientIdentifierFoundError, refuseReason } from '@attest/errors';
import { Outbox, versionsOf } from '@attest/messaging';
import { Database, type Tx } from '@attest/persistence';
import { Logger } from '@attest/telemetry';
import { Injectable } from '@nestjs/common';
import {
  refuseConfirmation,
  refuseDecided,
  refusePayee,
  type PayeeChange,
} from '../domain/payees/payee-change.js';
import {
  OrganisationUnknownError,
  PayeeChangeUnknownError,
  PayeeChangeWaitsError,
} from '../domain/organisations.errors.js';
import { PayeeStore } from './payee-store.js';
import { FileStore, OrganisationStore, type Published } from './ports.js';
import { Publish } from './publish.js';

export const PAYEE_ROLES: readonly Role[] = ['ORGANISATION_ADMINISTRATION'];

export interface WantedPayee {
  readonly providerCode: string;
  readonly payee: Payee;
  readonly reason: string;
}

/**
 * Who is paid for a provider: proposed by whoever administers it, confirmed by another person who administers its
 * commissioner. From then on each instruction that payment-export makes names the new payee; what was confirmed before
 * stays as it was instructed.
 */
@Injectable()
export class ChangePayee {
  constructor(
    private readonly access: Access,
    private readonly database: Database,
    private readonly clock: BusinessClock,
    private readonly files: FileStore,
    private readonly organisations: OrganisationStore,
    private readonly payees: PayeeStore,
    private readonly publish: Publish,
    private readonly outbox: Outbox,
    private readonly logger: Logger,
  ) {}

  async propose(caller: Caller, wanted: WantedPayee): Promise<PayeeChange> {
    const { providerCode, payee } = wanted;
    const reason = refuseReason(wanted.reason);
    if (containsNhsNumber(payee.payeeName)) throw new PatientIdentifierFoundError('The name of the payee');
    await this.access.require(
      caller,
      PAYEE_ROLES,
      providerCode,
      () => new OrganisationUnknownError(providerCode),
    );
    const change = await this.database.transaction(async (tx) => {
      const { organisation } = await this.refuse(tx, providerCode, payee);
      const waiting = await this.payees.waiting(tx, providerCode);
      if (waiting) throw new PayeeChangeWaitsError(providerCode, waiting.changeId);
      const proposed: PayeeChange = {
        changeId: uuidV7(),
        providerCode,
        payee,
        formerPayee: organisation.payee,
        reason,
        status: 'PROPOSED',
        proposedBy: caller.personId,
        proposedAt: this.clock.now(),
        decidedBy: null,
        decidedAt: null,
      };
      await this.payees.save(tx, proposed);
      return proposed;
    });
    this.logger.info('PAYEE_PROPOSED', { changeId: change.changeId, providerCode });
    return change;
  }

  async confirm(caller: Caller, changeId: string): Promise<PayeeChange> {
    const { providerCode } = await this.known(caller, changeId);
    const change = await this.database.transaction(async (tx) => {
      // Beside a file the payee would be derived from what it did not see yet.
      await this.files.lockForChange(tx);
      await this.organisations.lock(tx, [providerCode]);
      const proposed = (await this.payees.byId(tx, changeId))!;
      refuseConfirmation(proposed, caller.personId);
      const known = await this.refuse(tx, providerCode, proposed.payee);
      await this.access.requireRole(caller, PAYEE_ROLES, known.organisation.commissionerCode ?? ENGLAND, tx);
      const confirmed = this.decided(caller, proposed, 'CONFIRMED');
      await this.payees.save(tx, confirmed);
      await this.publishPayee(tx, known, confirmed);
      return confirmed;
    });
    this.logger.info('PAYEE_CHANGED', { changeId, providerCode });
    return change;
  }

  /** By whoever could have proposed it: a mistake should not have to wait for its author. */
  async withdraw(caller: Caller, changeId: string): Promise<PayeeChange> {
    const { providerCode } = await this.known(caller, changeId);
    const change = await this.database.transaction(async (tx) => {
      await this.organisations.lock(tx, [providerCode]);
      const proposed = (await this.payees.byId(tx, changeId))!;
      refuseDecided(proposed);
      const withdrawn = this.decided(caller, proposed, 'WITHDRAWN');
      await this.payees.save(tx, withdrawn);
      return withdrawn;
    });
    this.logger.info('PAYEE_WITHDRAWN', { changeId, providerCode });
    return change;
  }

  /** What lies outside the caller's organisations is as unknown as what does not exist. */
  private async known(caller: Caller, changeId: string): Promise<PayeeChange> {
    const change = await this.payees.byId(this.database, changeId);
    if (!change) throw new PayeeChangeUnknownError(changeId);
    const allowed = await this.access.allowed(caller, PAYEE_ROLES, [change.providerCode]);
    if (!allowed.has(change.providerCode)) throw new PayeeChangeUnknownError(changeId);
    return change;
  }

  private async refuse(tx: Tx, providerCode: string, payee: Payee): Promise<Published> {
    await this.organisations.lock(tx, [providerCode]);
    const found = await this.organisations.find(tx, [providerCode, payee.payeeCode]);
    const known = found.get(providerCode);
    if (!known) throw new OrganisationUnknownError(providerCode);
    refusePayee(known.organisation, payee, found.get(payee.payeeCode)?.organisation, this.clock.today());
    return known;
  }

  private decided(caller: Caller, change: PayeeChange, status: 'CONFIRMED' | 'WITHDRAWN'): PayeeChange {
    return { ...change, status, decidedBy: caller.personId, decidedAt: this.clock.now() };
  }

  private async publishPayee(
    tx: Tx,
    known: Published,
    { changeId, payee, reason }: PayeeChange,
  ): Promise<void> {
    const { organisation, version } = known;
    const { code, commissionerCode } = organisation;
    await this.publish.publishOrganisations(tx, new Map([[code, known]]), [{ ...organisation, payee }]);
    await this.outbox.add(tx, [
      newEvent(PayeeChangedV1, {
        providerCode: code,
        commissionerCode,
        payee,
        formerPayee: organisation.payee,
        reason,
        changeId,
        // As the change of the organisation itself was told just now.
        organisationVersion: Number((await versionsOf(tx)).after(version)),
      }),
    ]);
  }
}
