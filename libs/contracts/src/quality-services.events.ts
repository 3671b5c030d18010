import { Type } from '@sinclair/typebox';
import { defineEvent } from './event.js';
import { QualityService } from './rule-pack.js';
import { BusinessDate, Instant, Nullable, OdsCode, OneOf, ServiceCode, Version } from './scalars.js';

export const QualityServicePublishedV1 = defineEvent({
  type: 'quality-service.published.v1',
  topic: 'quality-services',
  says: 'a service with its rule pack and payment calendar holds from now on',
  republish: 'stands',
  data: Type.Object({ service: QualityService, serviceVersion: Version }),
  key: (d) => d.service.serviceCode,
  version: (d) => d.serviceVersion,
});

export const PARTICIPATION_STATUSES = ['offered', 'accepted', 'refused', 'ended'] as const;

/** Up to 500 providers in one event: a service is offered to thousands at once. */
export const ParticipationsChangedV1 = defineEvent({
  type: 'participations.changed.v1',
  topic: 'quality-services',
  says: 'providers were offered a service, accepted, refused, or ended their participation',
  republish: 'stands',
  data: Type.Object({
    serviceCode: ServiceCode,
    /** Grows per service with each such event. */
    participationsVersion: Version,
    changes: Type.Array(
      Type.Object({
        providerCode: OdsCode,
        status: OneOf(PARTICIPATION_STATUSES),
        /** Dates of participation `[from, to)`. */
        from: BusinessDate,
        to: Nullable(BusinessDate),
        participationVersion: Version,
      }),
      { minItems: 1, maxItems: 500 },
    ),
  }),
  key: (d) => d.serviceCode,
  version: (d) => d.participationsVersion,
});

export const AgencyPublishedV1 = defineEvent({
  type: 'agency.published.v1',
  topic: 'quality-services',
  says: 'a payment agency, how its files look and where they go',
  republish: 'stands',
  data: Type.Object({
    agencyCode: OdsCode,
    name: Type.String(),
    adapter: OneOf(['attest-csv'] as const),
    /** Its own word for "sent", shown to people. */
    label: Type.String(),
    agencyVersion: Version,
  }),
  key: (d) => d.agencyCode,
  version: (d) => d.agencyVersion,
});

/** Development and tests only: lets a story cross deadlines. */
export const BusinessClockMovedV1 = defineEvent({
  type: 'business-clock.moved.v1',
  topic: 'quality-services',
  says: 'business time runs with this offset from real time',
  republish: 'stands',
  data: Type.Object({ offsetMs: Type.Integer(), movedAt: Instant, clockVersion: Version }),
  key: () => 'business-clock',
  version: (d) => d.clockVersion,
});
