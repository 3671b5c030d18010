import { Access, OrganisationUnknownError, type Caller } from '@attest/auth';
import { BusinessClock } from '@attest/calendar';
import { READING_ROLES } from '@attest/contracts';
import { Database } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import { DeclarationRefusedError } from '../../domain/core/declaration.errors.js';
import { whyNotPaid, type WhyNotPaid } from '../../domain/why/why.js';
import { lateCutOffs } from '../periods/declaration-windows.js';
import { FreezeGuard } from '../periods/freeze.ports.js';
import { PolicyStore } from '../signing/policy.ports.js';
import { ParkedStore } from '../core/declaration.ports.js';
import { ReferenceStore } from '../references/reference.ports.js';
import {
  DeclarationQueries,
  type DeclarationFilter,
  type FoundDeclaration,
  type HistoryRow,
  type ProviderHistoryFilter,
  type ProviderHistoryRow,
  type ShownDeclaration,
} from './queries.js';

/** Reading, within the caller's organisations. */
@Injectable()
export class LookAtDeclaration {
  constructor(
    private readonly access: Access,
    private readonly queries: DeclarationQueries,
    private readonly parked: ParkedStore,
    private readonly guard: FreezeGuard,
    private readonly references: ReferenceStore,
    private readonly policies: PolicyStore,
    private readonly database: Database,
    private readonly clock: BusinessClock,
  ) {}

  async list(caller: Caller, filter: DeclarationFilter): Promise<FoundDeclaration[]> {
    return this.queries.list(await this.access.scope(caller, READING_ROLES), filter);
  }

  /** @throws DeclarationRefusedError UNKNOWN_DECLARATION, also where it is of none of the caller's organisations */
  async one(caller: Caller, declarationId: string): Promise<ShownDeclaration> {
    const found = await this.queries.one(await this.access.scope(caller, READING_ROLES), declarationId);
    if (!found) throw new DeclarationRefusedError('UNKNOWN_DECLARATION', { declarationId });
    return found;
  }

  async history(
    caller: Caller,
    declarationId: string,
    afterRevision: number,
    limit: number,
  ): Promise<HistoryRow[]> {
    await this.one(caller, declarationId);
    return this.queries.history(declarationId, afterRevision, limit);
  }

  /**
   * The payment declaration history of a provider: every status, hold, figure and person.
   * @throws OrganisationUnknownError, also where nothing of it is within the caller's organisations
   */
  async providerHistory(caller: Caller, filter: ProviderHistoryFilter): Promise<ProviderHistoryRow[]> {
    const { organisationCode } = filter;
    const scope = await this.access.scope(caller, READING_ROLES);
    if (!(await this.queries.providerVisible(scope, organisationCode)))
      throw new OrganisationUnknownError(organisationCode);
    return this.queries.providerHistory(scope, filter);
  }

  async why(caller: Caller, declarationId: string): Promise<WhyNotPaid> {
    const { declaration, calendar } = await this.one(caller, declarationId);
    const parked = await this.parked.load(this.database);
    const frozen = await this.guard.standing(this.database);
    const payableFrom = await lateCutOffs(this.database, this.references, this.policies, [declaration]);
    return whyNotPaid(declaration, {
      today: this.clock.today(),
      now: this.clock.now(),
      calendar,
      parkedSince: parked.since(declaration),
      frozen: frozen.of(declaration),
      payableFrom: payableFrom(declaration),
    });
  }
}
