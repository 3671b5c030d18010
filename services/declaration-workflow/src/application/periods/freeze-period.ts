import { Access, type Caller } from '@attest/auth';
import { BusinessClock } from '@attest/calendar';
import {
  COMMISSIONER_ROLES,
  ENGLAND,
  newEvent,
  PeriodFrozenV1,
  PeriodThawedV1,
  uuidV7,
  type Role,
  ROLES,
} from '@attest/contracts';
import { Outbox } from '@attest/messaging';
import { Database, type Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import { FreezeRefusedError } from '../../domain/periods/freeze.errors.js';
import { whyNotRevert, whyNotThaw, type Freeze, type NewDeadlines } from '../../domain/periods/freeze.js';
import { FreezeGuard, FreezeStore, type PeriodOfService } from './freeze.ports.js';

const OPERATOR: readonly Role[] = ['NATIONAL_OPERATOR'];
export const FREEZING_ROLES = [...COMMISSIONER_ROLES, 'NATIONAL_OPERATOR'] as const;

export interface FreezeRequest extends PeriodOfService {
  readonly commissionerCode: string | null;
  readonly reason: string;
}

/** Freezes a service and achievement date, asks for its approvals to be reverted, and thaws it (rule 5). */
@Injectable()
export class FreezePeriod {
  constructor(
    private readonly database: Database,
    private readonly access: Access,
    private readonly guard: FreezeGuard,
    private readonly freezes: FreezeStore,
    private readonly outbox: Outbox,
    private readonly clock: BusinessClock,
  ) {}

  /** @throws FreezeRefusedError */
  async freeze(caller: Caller, request: FreezeRequest): Promise<Freeze> {
    const { serviceCode, achievementDate, reason } = request;
    const { scopeCode, frozenFor } = await this.scopeOf(caller, request.commissionerCode);
    return this.database.transaction(async (tx) => {
      // From here on no step of this period is under way, and none begins before this commits.
      await this.guard.alone(tx, request);
      if (!(await this.freezes.isScope(tx, scopeCode)))
        throw new FreezeRefusedError('FREEZE_SCOPE_UNKNOWN', { commissionerCode: scopeCode });
      if (!(await this.freezes.deadlinesOf(tx, request)))
        throw new FreezeRefusedError('PERIOD_UNKNOWN', { serviceCode, achievementDate });
      const freeze: Freeze = {
        freezeId: uuidV7(),
        serviceCode,
        achievementDate,
        scopeCode,
        version: await this.freezes.nextVersion(tx, request),
        reason,
        frozenBy: caller.personId,
        frozenFor,
        frozenAt: this.clock.now(),
        revert: null,
        thawedAt: null,
        thawedBy: null,
        providerDeadlineOn: null,
        cutOffAt: null,
      };
      if (!(await this.freezes.add(tx, freeze)))
        throw new FreezeRefusedError('ALREADY_FROZEN', { serviceCode, achievementDate, scopeCode });
      await this.outbox.add(tx, [
        newEvent(PeriodFrozenV1, {
          ...identityOf(freeze),
          freezeVersion: freeze.version,
          reason,
          frozenBy: freeze.frozenBy,
          frozenAt: freeze.frozenAt.toISOString(),
        }),
      ]);
      return freeze;
    });
  }

  /** @throws FreezeRefusedError */
  async revertApprovals(caller: Caller, freezeId: string, reason: string): Promise<Freeze> {
    await this.refuseUnseen(caller, freezeId);
    return this.database.transaction(async (tx) => {
      const { freeze, forOrganisation } = await this.lockFor(tx, caller, freezeId);
      const refusal = whyNotRevert(freeze);
      if (refusal) throw new FreezeRefusedError(refusal, { freezeId });
      const at = this.clock.now();
      await this.freezes.askRevert(tx, freezeId, { reason, personId: caller.personId, forOrganisation, at });
      return (await this.freezes.lock(tx, freezeId))!;
    });
  }

  /** @throws FreezeRefusedError */
  async thaw(caller: Caller, freezeId: string, deadlines: NewDeadlines): Promise<Freeze> {
    await this.refuseUnseen(caller, freezeId);
    return this.database.transaction(async (tx) => {
      const { freeze } = await this.lockFor(tx, caller, freezeId);
      const now = this.clock.now();
      const refusal = whyNotThaw(freeze, deadlines, {
        today: this.clock.today(),
        now,
        calendar: (await this.freezes.deadlinesOf(tx, freeze)) ?? null,
      });
      if (refusal) throw new FreezeRefusedError(refusal, { freezeId });
      // Versions are counted under the period's lock; whoever shares it meanwhile still sees it frozen.
      await this.guard.alone(tx, freeze);
      const version = await this.freezes.nextVersion(tx, freeze);
      await this.freezes.thaw(tx, freezeId, { personId: caller.personId, at: now, version, ...deadlines });
      await this.outbox.add(tx, [
        newEvent(PeriodThawedV1, {
          ...identityOf(freeze),
          freezeVersion: version,
          thawedBy: caller.personId,
          thawedAt: now.toISOString(),
          providerDeadlineOn: deadlines.providerDeadlineOn,
          cutOffAt: deadlines.cutOffAt?.toISOString() ?? null,
        }),
      ]);
      return (await this.freezes.lock(tx, freezeId))!;
    });
  }

  private async scopeOf(
    caller: Caller,
    asked: string | null,
  ): Promise<{ scopeCode: string; frozenFor: string }> {
    const isOperator = (await this.access.scope(caller, OPERATOR)).includes(ENGLAND);
    if (isOperator) return { scopeCode: asked ?? ENGLAND, frozenFor: ENGLAND };
    if (asked !== null) {
      // What a region freezes for a board stands until the region thaws it.
      return {
        scopeCode: asked,
        frozenFor: await this.access.actsFor(caller, COMMISSIONER_ROLES, asked),
      };
    }
    const own = await this.access.scope(caller, COMMISSIONER_ROLES);
    if (own.length !== 1) throw new FreezeRefusedError('FREEZE_SCOPE_MISSING', { commissioners: own.length });
    return { scopeCode: own[0]!, frozenFor: own[0]! };
  }

  /** One that reaches none of the caller's organisations is not there for them. It never reaches others later. */
  private async refuseUnseen(caller: Caller, freezeId: string): Promise<void> {
    if (!(await this.freezes.one(await this.access.scope(caller, ROLES), freezeId)))
      throw new FreezeRefusedError('FREEZE_UNKNOWN', { freezeId });
  }

  private async lockFor(
    tx: Tx,
    caller: Caller,
    freezeId: string,
  ): Promise<{ freeze: Freeze; forOrganisation: string }> {
    const freeze = await this.freezes.lock(tx, freezeId);
    if (!freeze) throw new FreezeRefusedError('FREEZE_UNKNOWN', { freezeId });
    const { frozenFor } = freeze;
    if ((await this.access.allowed(caller, OPERATOR, [ENGLAND], tx)).has(ENGLAND))
      return { freeze, forOrganisation: ENGLAND };
    if (!(await this.access.allowed(caller, COMMISSIONER_ROLES, [frozenFor], tx)).has(frozenFor))
      throw new FreezeRefusedError('FREEZE_NOT_YOURS', { freezeId, frozenFor });
    return { freeze, forOrganisation: frozenFor };
  }
}

const identityOf = ({ freezeId, serviceCode, achievementDate, scopeCode }: Freeze) => ({
  freezeId,
  serviceCode,
  achievementDate,
  scopeCode,
});
