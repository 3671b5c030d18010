import type { MigrationClass } from '@attest/persistence';
import { CreateReference1790000030001 } from './1790000030001-create-reference.js';
import { CreatePages1790000030002 } from './1790000030002-create-pages.js';
import { CreateAmendments1790000030050 } from './1790000030050-create-amendments.js';
import { AuditAmendments1790000030070 } from './1790000030070-audit-amendments.js';
import { KeepWhatCouldNotBeRead1790000030170 } from './1790000030170-keep-what-could-not-be-read.js';
import { TheNewestFileOfAPeriod1790000030171 } from './1790000030171-the-newest-file-of-a-period.js';
import { WithdrawFiles1790000030172 } from './1790000030172-withdraw-files.js';
import { KeepIncompletePages1790000030173 } from './1790000030173-keep-incomplete-pages.js';
import { FillWhatWasLeft1790000030174 } from './1790000030174-fill-what-was-left.js';
import { ChainInLots1790000030330 } from './1790000030330-chain-in-lots.js';

export const extractionIntakeMigrations: readonly MigrationClass[] = [
  CreateReference1790000030001,
  CreatePages1790000030002,
  CreateAmendments1790000030050,
  AuditAmendments1790000030070,
  KeepWhatCouldNotBeRead1790000030170,
  TheNewestFileOfAPeriod1790000030171,
  WithdrawFiles1790000030172,
  KeepIncompletePages1790000030173,
  FillWhatWasLeft1790000030174,
  ChainInLots1790000030330,
];
