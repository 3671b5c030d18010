import type { Access, Caller } from '@attest/auth';
import type { Tx } from '@attest/persistence';
import type { AskedDeclaration } from './declaration.ports.js';

/** Which of these the person may know of: the provider or the commissioner is one of their organisations. */
export async function seenOf(
  access: Access,
  tx: Tx,
  caller: Caller,
  asked: readonly AskedDeclaration[],
): Promise<ReadonlySet<string>> {
  const codesOf = ({ declaration: d }: AskedDeclaration): string[] => [
    d.organisationCode,
    d.commissionerCode,
  ];
  const seen = await access.seen(caller, [...new Set(asked.flatMap(codesOf))], tx);
  return new Set(
    asked
      .filter((one) => codesOf(one).some((code) => seen.has(code)))
      .map((one) => one.declaration.declarationId),
  );
}
