import type { DeclarationEventData, DeclarationState } from '@attest/contracts';

/**
 * Its provider is told when it may declare it, which may be long after its first figures. An adjustment is told of as
 * one. Where the system declares, that happens before anybody is told; a policy that ends before leaves it to people.
 */
export const isToBeToldWhenReady = (type: string, d: DeclarationState): boolean =>
  type === 'declaration.opened.v1' && d.kind === 'achievement';

/** It was declared, or has ended: that it is ready would be no news any more. */
export const hasLeftItsProvider = ({ declaration: d, fact }: DeclarationEventData): boolean =>
  fact.from === 'AWAITING_PROVIDER_APPROVAL' && d.status !== 'AWAITING_PROVIDER_APPROVAL';
