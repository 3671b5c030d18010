import { DeclarationStateNeededError } from '../messaging.errors.js';

/** What a record that an operator gives up said of a declaration. */
export interface LostState {
  readonly declarationId: string;
  /** Null where it cannot be read. */
  readonly revision: number | null;
  /** A later state waited behind it, and was applied now. */
  readonly followed: boolean;
}

/**
 * Whoever keeps declarations would stay behind without a state, until it is told again (docs/decisions/0025, 0030).
 * @param knownOf the newest revision known here, by declaration
 * @throws DeclarationStateNeededError where neither this state nor a newer one is known
 */
export async function refuseLostStates(
  states: readonly LostState[],
  knownOf: (declarationIds: readonly string[]) => Promise<ReadonlyMap<string, number>>,
): Promise<void> {
  if (states.length === 0) return;
  const known = await knownOf(states.map(({ declarationId }) => declarationId));
  for (const { declarationId, revision, followed } of states) {
    const knownRevision = known.get(declarationId) ?? null;
    if (revision === null ? !followed : revision > (knownRevision ?? 0))
      throw new DeclarationStateNeededError({ declarationId, revision, knownRevision });
  }
}
