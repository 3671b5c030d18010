import { READING_ROLES } from '@attest/contracts';
import { Access, type Caller } from '@attest/auth';
import { Injectable } from '@nestjs/common';
import { FreezeRefusedError } from '../../domain/periods/freeze.errors.js';
import type { Freeze } from '../../domain/periods/freeze.js';
import { FreezeStore, type FreezeFilter } from './freeze.ports.js';
import { LookAtDeclaration } from '../looking/look-at-declaration.js';
import type { DeclarationFilter, FoundDeclaration } from '../looking/queries.js';

/** Freezes that reach the caller's organisations, and the declarations that each reaches. */
@Injectable()
export class LookAtFreezes {
  constructor(
    private readonly access: Access,
    private readonly freezes: FreezeStore,
    private readonly declarations: LookAtDeclaration,
  ) {}

  async list(caller: Caller, filter: FreezeFilter): Promise<Freeze[]> {
    return this.freezes.list(await this.access.scope(caller, READING_ROLES), filter);
  }

  /** @throws FreezeRefusedError FREEZE_UNKNOWN, also where it reaches none of the caller's organisations */
  async one(caller: Caller, freezeId: string): Promise<Freeze> {
    const freeze = await this.freezes.one(await this.access.scope(caller, READING_ROLES), freezeId);
    if (!freeze) throw new FreezeRefusedError('FREEZE_UNKNOWN', { freezeId });
    return freeze;
  }

  /** Those that the caller may see, adjustments too: what was sent already is settled by them. */
  async reached(
    caller: Caller,
    freezeId: string,
    filter: Pick<DeclarationFilter, 'status' | 'kind' | 'commissionerCode' | 'after' | 'limit'>,
  ): Promise<FoundDeclaration[]> {
    const { serviceCode, achievementDate, scopeCode } = await this.one(caller, freezeId);
    return this.declarations.list(caller, { ...filter, serviceCode, achievementDate, reachedBy: scopeCode });
  }
}
