import type { BulkTables } from '@attest/bulk';
import type { DeclarationBulk } from '../../application/bulk/declaration-bulk.js';
import { FINAL_STATES } from '../../domain/bulk/bulk.js';

export const declarationBulkTables: BulkTables<DeclarationBulk> = {
  name: 'bulk-declaration',
  turnLock: 7_302_651_103,
  bulks: 'bulk_declaration',
  items: 'bulk_declaration_item',
  request: { action: 'text', lateReason: 'text', onBehalfReason: 'text', reason: 'text' },
  shown: ['action'],
  item: { declarationId: 'uuid', holdId: 'uuid', revision: 'number' },
  sameItem: ['declarationId', 'holdId'],
  result: { declaredRevision: 'number', declarationVersion: 'number' },
  pending: [],
  final: FINAL_STATES,
  endedAt: 'endedAt',
  answeredAt: null,
  purpose: { action: 'text' },
  counts: ['held', 'awaitingAggregation'],
  previewed: { declarationId: 'declaration_ids', holdId: 'hold_ids', revision: 'revisions' },
};
