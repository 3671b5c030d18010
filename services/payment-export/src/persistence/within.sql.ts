import { ENGLAND } from '@attest/contracts';

/**
 * Its provider or its commissioner is one of the scope, or lies below one.
 * @param scope an expression of text[]
 * @param d an alias of declaration_state
 */
export const within = (scope: string, d = 'd'): string => `('${ENGLAND}' = ANY(${scope}) OR EXISTS (
  SELECT 1 FROM directory_organisation o WHERE o.code IN (${d}.provider_code, ${d}.commissioner_code)
     AND (o.code = ANY(${scope}) OR o.ancestors && ${scope})))`;
