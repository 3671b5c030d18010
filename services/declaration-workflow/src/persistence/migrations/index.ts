import type { MigrationClass } from '@attest/persistence';
import { CreateReference1790000000001 } from './1790000000001-create-reference.js';
import { CreateDeclaration1790000000002 } from './1790000000002-create-declaration.js';
import { KeepRefusedApprovals1790000000003 } from './1790000000003-keep-refused-approvals.js';
import { KeepSetAsideSigners1790000000004 } from './1790000000004-keep-set-aside-signers.js';
import { HoldAndFreeze1790000000010 } from './1790000000010-hold-and-freeze.js';
import { SettleAdjustments1790000000020 } from './1790000000020-settle-adjustments.js';
import { AddPolicy1790000000030 } from './1790000000030-add-policy.js';
import { CreateBulkDeclaration1790000000040 } from './1790000000040-create-bulk-declaration.js';
import { KeepProposalsAndLate1790000000090 } from './1790000000090-keep-proposals-and-late.js';
import { AuditHistory1790000000070 } from './1790000000070-audit-history.js';
import { KeepBulkCounts1790000000100 } from './1790000000100-keep-bulk-counts.js';
import { LookUpNoParents1790000000110 } from './1790000000110-look-up-no-parents.js';
import { KeepWhatFiguresWereMadeFrom1790000000120 } from './1790000000120-keep-what-figures-were-made-from.js';
import { LookAtCompleteRoutes1790000000130 } from './1790000000130-look-at-complete-routes.js';
import { ActInBulk1790000000140 } from './1790000000140-act-in-bulk.js';
import { KnowWhatReachedIt1790000000200 } from './1790000000200-know-what-reached-it.js';
import { TouchOnlyWhatIsDue1790000000201 } from './1790000000201-touch-only-what-is-due.js';
import { ChainInLots1790000000330 } from './1790000000330-chain-in-lots.js';
import { MoveWithinItsPage1790000000331 } from './1790000000331-move-within-its-page.js';

export const declarationMigrations: readonly MigrationClass[] = [
  CreateReference1790000000001,
  CreateDeclaration1790000000002,
  KeepRefusedApprovals1790000000003,
  KeepSetAsideSigners1790000000004,
  HoldAndFreeze1790000000010,
  SettleAdjustments1790000000020,
  AddPolicy1790000000030,
  CreateBulkDeclaration1790000000040,
  AuditHistory1790000000070,
  KeepProposalsAndLate1790000000090,
  KeepBulkCounts1790000000100,
  LookUpNoParents1790000000110,
  KeepWhatFiguresWereMadeFrom1790000000120,
  LookAtCompleteRoutes1790000000130,
  ActInBulk1790000000140,
  KnowWhatReachedIt1790000000200,
  TouchOnlyWhatIsDue1790000000201,
  ChainInLots1790000000330,
  MoveWithinItsPage1790000000331,
];
