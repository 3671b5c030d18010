import type { BulkTables } from '@attest/bulk';
import type { ApprovalBulk } from '../../application/bulk/approval-bulk.js';
import { FINAL_STATES, PENDING_STATES } from '../../domain/bulk/bulk.js';

export const approvalBulkTables: BulkTables<ApprovalBulk> = {
  name: 'bulk-approval',
  turnLock: 7_302_651_104,
  bulks: 'bulk_approval',
  items: 'bulk_approval_item',
  request: { stage: 'text', decision: 'text', reason: 'text' },
  shown: ['stage', 'decision'],
  item: { declarationId: 'uuid', declarationVersion: 'bigint' },
  sameItem: ['declarationId'],
  result: { approvalId: 'uuid', words: 'text' },
  pending: PENDING_STATES,
  final: FINAL_STATES,
  endedAt: 'signedAt',
  answeredAt: 'answeredAt',
  purpose: {},
  counts: ['held', 'awaitingAggregation', 'yourOwn', 'parked'],
  previewed: { declarationId: 'declaration_ids', declarationVersion: 'versions' },
};
