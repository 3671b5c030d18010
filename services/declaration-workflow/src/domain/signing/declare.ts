import { UNSIGNED, type Declaration } from '../core/declaration.js';
import { obstaclesToDeclare, refusalOf } from '../core/obstacles.js';
import { notLate } from '../periods/late.js';
import { mayTake } from '../core/declaration.transitions.js';
import type { RefusalCode } from '../core/refusals.js';
import type { StimulusOf } from '../core/stimulus.js';
import type { Why, Work } from '../core/work.js';

/** The provider declares, or the commissioner on its behalf (rules 1 and 6). */
export function applyDeclare(work: Work, d: Declaration, s: StimulusOf<'declare'>): void {
  const refusal = whyNotDeclare(d, s);
  if (refusal) return work.refuse(refusal);
  const { actor, personId, forOrganisation } = s;
  takeDeclare(work, d, s, { actor, personId, forOrganisation });
}

/** What declaring asks and does, whoever does it: the system, too, where no declaration is required. */
export interface Declaring extends Pick<
  StimulusOf<'declare'>,
  'today' | 'window' | 'parked' | 'frozen' | 'lateReason' | 'onBehalfReason'
> {
  readonly actor: StimulusOf<'declare'>['actor'] | 'system';
}

/** Only after `whyNotDeclare` found nothing. */
export function takeDeclare(
  work: Work,
  d: Declaration,
  s: Declaring,
  by: Pick<Why, 'actor' | 'personId' | 'forOrganisation' | 'code'>,
): Declaration {
  const window = s.window!;
  const late = isLate(s);
  const version =
    d.declaredVersion === d.declarationVersion
      ? work.context.versionAfter(d.declarationVersion)
      : d.declarationVersion;
  const reasons = [s.onBehalfReason, late ? s.lateReason : null].filter((reason) => reason !== null);
  return work.take(
    d,
    'declare',
    {
      ...by,
      reason: reasons.length > 0 ? reasons.join(' · ') : null,
      code: late ? 'DECLARED_LATE' : (by.code ?? null),
    },
    {
      ...UNSIGNED,
      declaredBy: by.personId ?? null,
      declarationVersion: version,
      declaredVersion: version,
      late,
      paymentPeriod: late ? window.latePeriod : window.paymentPeriod,
      payableFrom: late ? window.latePayableFrom : null,
      ownPeriod: late ? window.paymentPeriod : null,
    },
  );
}

export function whyNotDeclare(d: Declaration, s: Declaring): RefusalCode | null {
  if (!mayTake(d.status, 'declare')) return 'ILLEGAL_TRANSITION';
  const [obstacle] = obstaclesToDeclare(d, { ...s, opensOn: s.window && s.window.opensOn });
  if (obstacle) return refusalOf(obstacle);
  if (isLate(s) && s.lateReason === null) return 'LATE_REASON_MISSING';
  if (s.actor === 'commissioner' && s.onBehalfReason === null) return 'ON_BEHALF_REASON_MISSING';
  return null;
}

// After the deadline's own day has ended in London it is a late claim (payment calendar).
const isLate = (s: Pick<Declaring, 'window' | 'today'>): boolean =>
  s.window !== null && s.window.providerDeadlineOn !== null && s.today > s.window.providerDeadlineOn;

/** The provider takes its declaration back, which no hold prevents: it leads away from payment. */
export function applyUndeclare(work: Work, d: Declaration, s: StimulusOf<'undeclare'>): void {
  if (!mayTake(d.status, 'undeclare')) return work.refuse('ILLEGAL_TRANSITION');
  // What the provider said is taken back by somebody else: the provider is told why.
  if (s.actor === 'commissioner' && s.reason === null) return work.refuse('UNDECLARE_REASON_MISSING');
  const { actor, personId, forOrganisation, reason } = s;
  work.take(
    d,
    'undeclare',
    { actor, personId, forOrganisation, reason },
    { ...UNSIGNED, systemWaits: true, ...notLate(d) },
  );
}
