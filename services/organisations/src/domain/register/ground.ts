import { ENGLAND } from '@attest/contracts';
import type { Organisation } from './organisation.js';

/** There before any file is: the top, and the agency that pays practices and PCNs. */
export const GROUND: readonly Organisation[] = [
  groundOf(ENGLAND, 'national', 'England', []),
  groundOf('PCSE', 'agency', 'Primary Care Support England', [ENGLAND]),
];

function groundOf(code: string, kind: Organisation['kind'], name: string, ancestors: string[]): Organisation {
  return {
    code,
    kind,
    name,
    commissionerCode: null,
    ancestors,
    openOn: null,
    closeOn: null,
    payee: null,
    listSizes: [],
  };
}

/** Codes that no file may give to somebody else. */
export const RESERVED_CODES: ReadonlySet<string> = new Set(GROUND.map((o) => o.code));
