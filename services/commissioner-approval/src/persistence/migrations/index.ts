import { CreateApprovals1790000000001 } from './1790000000001-create-approvals.js';
import { AddTiers1790000000030 } from './1790000000030-add-tiers.js';
import { ExtendBulkApproval1790000000040 } from './1790000000040-extend-bulk-approval.js';
import { AuditSignatures1790000000070 } from './1790000000070-audit-signatures.js';
import { KeepBulkCounts1790000000100 } from './1790000000100-keep-bulk-counts.js';
import { LookUpNoParents1790000000110 } from './1790000000110-look-up-no-parents.js';
import { RememberLastSignature1790000000120 } from './1790000000120-remember-last-signature.js';
import { RecordBulksOnce1790000000130 } from './1790000000130-record-bulks-once.js';
import { CountParked1790000000210 } from './1790000000210-count-parked.js';
import { NumberSignatures1790000000211 } from './1790000000211-number-signatures.js';
import { ChainInLots1790000000330 } from './1790000000330-chain-in-lots.js';

export const approvalMigrations = [
  CreateApprovals1790000000001,
  AddTiers1790000000030,
  ExtendBulkApproval1790000000040,
  AuditSignatures1790000000070,
  KeepBulkCounts1790000000100,
  LookUpNoParents1790000000110,
  RememberLastSignature1790000000120,
  RecordBulksOnce1790000000130,
  CountParked1790000000210,
  NumberSignatures1790000000211,
  ChainInLots1790000000330,
];
