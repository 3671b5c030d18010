import type { LondonDate, Period } from '@attest/calendar';
import type { QualityService } from '@attest/contracts';
import { OfferDatesOutsideError, RespondByPastError } from '../catalogue.errors.js';
import { refusal, type ItemOutcome, type Participation } from './participation.js';

/** What a commissioner offers: a service, dates, and until when to answer. */
export interface Offer extends Period {
  readonly serviceCode: string;
  readonly respondBy: LondonDate | null;
}

/** A provider as the directory knows it, with what it has of the service already. */
export interface Candidate {
  readonly providerCode: string;
  /** Null when it is not known at all. */
  readonly organisation: {
    readonly kind: string;
    readonly openOn: LondonDate | null;
    readonly closeOn: LondonDate | null;
  } | null;
  readonly isInScope: boolean;
  /** An event about it could not be read: who it is now is not sure. */
  readonly isParked: boolean;
  readonly participation: Participation | null;
}

/**
 * Without an end it is the service's own.
 * @throws OfferDatesOutsideError, RespondByPastError
 */
export function offerOf(
  service: QualityService,
  wanted: { from: LondonDate; to: LondonDate | null; respondBy: LondonDate | null },
  today: LondonDate,
): Offer {
  const to = wanted.to ?? (service.endOn as LondonDate | null);
  const inside =
    wanted.from >= service.startOn &&
    (to === null || wanted.from < to) &&
    (service.endOn === null || (to !== null && to <= service.endOn));
  if (!inside) throw new OfferDatesOutsideError(service.serviceCode, service.startOn, service.endOn);
  const answered = service.acceptance === 'by-provider';
  if (answered && wanted.respondBy !== null && wanted.respondBy < today)
    throw new RespondByPastError(wanted.respondBy, today);
  return {
    serviceCode: service.serviceCode,
    from: wanted.from,
    to,
    respondBy: answered ? wanted.respondBy : null,
  };
}

/** Offers to one provider; a service may be accepted by being offered. */
export function offerTo(candidate: Candidate, offer: Offer, service: QualityService): ItemOutcome {
  const refused = refuseCandidate(candidate, offer, service);
  if (refused) return refused;
  const { participation: known, providerCode } = candidate;
  if (known && known.status !== 'refused' && sameOffer(known, offer))
    return { outcome: 'unchanged', participation: known };
  if (known?.status === 'accepted')
    return refusal(
      'ALREADY_PARTICIPATING',
      `${providerCode} takes part from ${known.from} already. End that first, or leave it out.`,
    );
  if (known?.status === 'ended')
    return refusal(
      'PARTICIPATION_ENDED',
      `The participation of ${providerCode} has ended on ${known.to ?? known.from}, and its dates pay for what was achieved in them. Offer it the next service.`,
    );
  return {
    outcome: 'changed',
    reason: null,
    participation: {
      serviceCode: offer.serviceCode,
      providerCode,
      status: service.acceptance === 'automatic' ? 'accepted' : 'offered',
      from: offer.from,
      to: offer.to,
      respondBy: offer.respondBy,
      version: known?.version ?? 0n,
    },
  };
}

const sameOffer = (known: Participation, offer: Offer): boolean =>
  known.from === offer.from &&
  known.to === offer.to &&
  (known.status !== 'offered' || known.respondBy === offer.respondBy);

function refuseCandidate(
  { providerCode, organisation, isInScope, isParked }: Candidate,
  offer: Offer,
  service: QualityService,
): ItemOutcome | null {
  if (isParked)
    return refusal(
      'UPSTREAM_EVENT_PARKED',
      `What was last said about ${providerCode} could not be read and waits for repair. Offer it again afterwards.`,
    );
  if (!organisation) return refusal('PROVIDER_UNKNOWN', `${providerCode} is not known. Check the code.`);
  if (!isInScope)
    return refusal('NOT_YOUR_ORGANISATION', `${providerCode} is not one of your providers. Leave it out.`);
  if (organisation.kind !== service.providerKind)
    return refusal(
      'PROVIDER_KIND_WRONG',
      `${providerCode} is a ${organisation.kind} and ${service.serviceCode} is for each ${service.providerKind}. Leave it out.`,
    );
  if (!isOpenIn(organisation, offer))
    return refusal(
      'ORGANISATION_CLOSED',
      `${providerCode} is not open on any of the dates offered. Leave it out.`,
    );
  return null;
}

export const isOpenIn = (
  { openOn, closeOn }: { readonly openOn: LondonDate | null; readonly closeOn: LondonDate | null },
  { from, to }: Period,
): boolean => (openOn === null || to === null || openOn < to) && (closeOn === null || closeOn > from);
