import type { Declaration } from '../core/declaration.js';
import { saysMoved } from '../payments/payment-fact.js';
import { isDeclaredBySystem } from '../signing/policy.js';
import { answer, NEXT_ROUND, sentence, type WhyContext, type WhyAnswer } from './why-answer.js';

/** It stands at its provider, and nothing stops it: for the first time, or because it came back. */
export function notDeclared(d: Declaration, { today, calendar }: WhyContext): WhyAnswer {
  const since = d.statusSince;
  if (isDeclaredBySystem(d))
    return answer(
      'SYSTEM_DECLARES_NEXT',
      'Its service needs no declaration and the system declares it.',
      'system',
      NEXT_ROUND,
      since,
    );
  if (d.kind === 'adjustment')
    return answer(
      'ADJUSTMENT_NOT_DECLARED',
      adjustment(d),
      'provider',
      'The provider, or the commissioner on its behalf, declares it; or the commissioner settles it outside.',
      since,
    );
  const late = calendar !== null && today > calendar.providerDeadlineOn;
  if (late && d.declaredVersion === 0 && d.statusReason === null)
    return answer(
      'NOT_DECLARED_BY_DEADLINE',
      `It was not declared by ${calendar.providerDeadlineOn}.`,
      'provider',
      'A late declaration with its reason; it joins a later run.',
      since,
    );
  return answer(
    d.statusCode ?? 'AWAITING_PROVIDER_APPROVAL',
    whyAtProvider(d),
    'provider',
    late
      ? 'The provider declares it late, with a reason; it joins a later run.'
      : 'The provider declares it.',
    since,
  );
}

/** What was sent back carries the reason of whoever did; what other figures reopened carries none. */
function whyAtProvider(d: Declaration): string {
  if (d.statusReason) return sentence('It came back to the provider', d.statusReason);
  if (d.declaredVersion === 0) return 'The provider has not declared it yet.';
  if (d.declaredVersion < d.declarationVersion)
    return `It came back to the provider because ${saysMoved(d.statusCode) ? WHAT_IS_OWED : 'its figures changed'}.`;
  // Everybody else has to say why.
  return 'The provider took its declaration back and has not declared it again.';
}

const WHAT_IS_OWED = 'what is owed for it moved while a release run had it';

function adjustment(d: Declaration): string {
  const [what, notDeclared] =
    d.pence < 0n
      ? [
          'More was sent than the figures give now',
          'and the provider has not declared what is to be recovered',
        ]
      : [
          'It is the difference to what was sent before the figures changed',
          'and the provider has not declared it',
        ];
  return d.declaredVersion === 0
    ? sentence(`${what}, ${notDeclared}`, d.statusReason)
    : `${what}. ${whyAtProvider(d)}`;
}
