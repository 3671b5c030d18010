import { Injectable } from '@nestjs/common';
import { Database } from '@attest/persistence';
import { SignatureRefusedError } from '../domain/approval.errors.js';
import { SignTasks, type Signing, type SigningItem } from './sign-tasks.js';

/** Signs or refuses a single task; the signature is pending until declaration-workflow answers. */
@Injectable()
export class SignOne {
  constructor(
    private readonly database: Database,
    private readonly signTasks: SignTasks,
  ) {}

  async run(signing: Signing, item: SigningItem): Promise<{ approvalId: string }> {
    return this.database.transaction(async (tx) => {
      const [outcome] = await this.signTasks.run(tx, signing, [item]);
      if (!outcome || 'refused' in outcome) {
        throw new SignatureRefusedError(outcome?.refused ?? 'UNKNOWN_DECLARATION', item.declarationId);
      }
      return outcome;
    });
  }
}
