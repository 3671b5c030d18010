import type { Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import { DeriveRegister } from './derive-register.js';
import type { FileChange, KeptFile } from './ports.js';
import { TakeRoles } from './take-roles.js';

/** What taking or withdrawing a file would do, and doing it. */
@Injectable()
export class FileChanges {
  constructor(
    private readonly register: DeriveRegister,
    private readonly roles: TakeRoles,
  ) {}

  /** The file counts already, in this transaction. */
  async taking(tx: Tx, file: KeptFile, by: string): Promise<FileChange> {
    if (file.layout === 'people') return this.roles.taking(tx, file, by);
    // A history says that what was known before was wrong.
    return this.register.change(tx, file, await this.register.derive(tx), file.layout === 'pcn-memberships');
  }

  async withdrawing(tx: Tx, file: KeptFile, by: string): Promise<FileChange> {
    if (file.layout === 'people') return this.roles.withdrawing(tx, file, by);
    return this.register.change(tx, file, await this.register.derive(tx, file.fileId), true);
  }
}
