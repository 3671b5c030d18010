import type { MigrationClass } from '@attest/persistence';
import { CreateOrganisations1790000000001 } from './1790000000001-create-organisations.js';
import { CreatePayeeChanges1790000000120 } from './1790000000120-create-payee-changes.js';
import { KeepPayeeChanges1790000000130 } from './1790000000130-keep-payee-changes.js';
import { KeepEachFile1790000000150 } from './1790000000150-keep-each-file.js';
import { KeepFilesOfPeople1790000000151 } from './1790000000151-keep-files-of-people.js';
import { KeepMembershipChanges1790000000152 } from './1790000000152-keep-membership-changes.js';
import { ChainInLots1790000000330 } from './1790000000330-chain-in-lots.js';
import { KeepChangesOfOlderProcesses1790000000331 } from './1790000000331-keep-changes-of-older-processes.js';

export const organisationsMigrations: readonly MigrationClass[] = [
  CreateOrganisations1790000000001,
  CreatePayeeChanges1790000000120,
  KeepPayeeChanges1790000000130,
  KeepEachFile1790000000150,
  KeepFilesOfPeople1790000000151,
  KeepMembershipChanges1790000000152,
  ChainInLots1790000000330,
  KeepChangesOfOlderProcesses1790000000331,
];
