import { refuseReason, RequestFaultsError } from '@attest/errors';
import type { AskedItem, BulkRequest } from '../../application/bulk/declaration-bulk.js';
import type { BulkAction } from '../../domain/bulk/bulk.js';
import { DeclarationRefusedError } from '../../domain/core/declaration.errors.js';
import type { BulkDeclarationDto, BulkDeclarationItemDto } from './bulk.dto.js';

/** What an action asks for besides its items. */
const ASKS = {
  declare: ['lateReason', 'onBehalfReason'],
  'release-holds': ['confirmation', 'reason'],
  'admit-late': ['reason'],
} as const satisfies Record<BulkAction, readonly (keyof BulkDeclarationDto)[]>;
const ANY = ['lateReason', 'onBehalfReason', 'confirmation', 'reason'] as const;

/**
 * A job begins with what each of its items would be asked for by itself.
 * @throws RequestFaultsError, DeclarationRefusedError HOLD_CONFIRMATION_MISSING, ReasonMissingError, …
 */
export function bulkRequestOf(body: BulkDeclarationDto): BulkRequest {
  const { action } = body;
  const asked: readonly string[] = ASKS[action];
  const foreign = ANY.filter((field) => body[field] !== undefined && !asked.includes(field));
  if (foreign.length > 0)
    throw new RequestFaultsError(
      foreign.map((at) => ({ at, detail: `is not asked for by action "${action}": leave it out` })),
    );
  if (action === 'release-holds' && body.confirmation !== true)
    throw new DeclarationRefusedError('HOLD_CONFIRMATION_MISSING');
  return {
    action,
    lateReason: given(body.lateReason),
    onBehalfReason: given(body.onBehalfReason),
    reason: action === 'admit-late' ? refuseReason(body.reason) : given(body.reason),
  };
}

const given = (reason: string | undefined): string | null =>
  reason === undefined ? null : refuseReason(reason);

/** Items that were checked, as the use case takes them. @throws RequestFaultsError */
export function askedItemsOf(action: BulkAction, items: readonly BulkDeclarationItemDto[]): AskedItem[] {
  const needsHold = action === 'release-holds';
  const at = items.findIndex(({ holdId }) => (holdId !== undefined) !== needsHold);
  if (at >= 0)
    throw new RequestFaultsError([
      {
        at: `items[${at}]`,
        detail: needsHold
          ? 'needs a holdId that is a UUID'
          : `has a holdId, which action "${action}" does not ask for: leave it out`,
      },
    ]);
  return items.map(({ declarationId, holdId, revision }) => ({
    declarationId: declarationId.toLowerCase(),
    holdId: holdId?.toLowerCase() ?? null,
    revision: Number(revision),
  }));
}
