import { Access, type Caller } from '@attest/auth';
import { BusinessClock, londonDate } from '@attest/calendar';
import {
  ENGLAND,
  newEvent,
  QualityServicePublishedV1,
  type EventOf,
  type QualityService,
  type Role,
} from '@attest/contracts';
import { forgottenEvents, markToldAgain, Outbox, versionsOf } from '@attest/messaging';
import { Database, type Tx } from '@attest/persistence';
import { Logger } from '@attest/telemetry';
import { Injectable } from '@nestjs/common';
import { AgencyUnknownError, ParticipationsOutsideError } from '../domain/catalogue.errors.js';
import { checkService } from '../domain/services/check-service.js';
import { parseService } from '../domain/services/service-schema.js';
import { refuseForgottenNumber, refuseUnfitSuccessor, sameDocument } from '../domain/services/succession.js';
import { AgencyStore, ServiceStore, type PublishedService } from './ports.js';

export const PUBLISHING: readonly Role[] = ['COMMISSIONING_MANAGEMENT', 'NATIONAL_OPERATOR'];

export interface Publication extends PublishedService {
  /** The same document was published already, and nothing was done. */
  readonly repeated: boolean;
}

/** A service with its rule pack and calendar holds from now on, if it is right in itself and its examples come out. */
@Injectable()
export class PublishService {
  constructor(
    private readonly access: Access,
    private readonly database: Database,
    private readonly clock: BusinessClock,
    private readonly services: ServiceStore,
    private readonly agencies: AgencyStore,
    private readonly outbox: Outbox,
    private readonly logger: Logger,
  ) {}

  async run(caller: Caller, document: unknown): Promise<Publication> {
    await this.access.require(caller, PUBLISHING, ENGLAND);
    const service = parseService(document);
    checkService(service);
    const publication = await this.publish(caller, service);
    this.logger.info('QUALITY_SERVICE_PUBLISHED', {
      serviceCode: service.serviceCode,
      version: publication.version,
      rulePackVersion: service.rulePack.version,
      repeated: publication.repeated,
    });
    return publication;
  }

  private publish(caller: Caller, service: QualityService): Promise<Publication> {
    const { serviceCode, agencyCode } = service;
    return this.database.transaction(async (tx) => {
      const known = await this.services.lockForPublishing(tx, serviceCode);
      if (known && sameDocument(known.service, service)) return { ...known, repeated: true };
      if (known) refuseUnfitSuccessor(known.service, service, londonDate(this.clock.now()));
      await this.recall(tx, service);
      if (!(await this.agencies.exists(tx, agencyCode))) throw new AgencyUnknownError(agencyCode);
      const outside = await this.services.countOutside(tx, service);
      if (outside > 0) throw new ParticipationsOutsideError(serviceCode, outside);
      const version = (await versionsOf(tx)).after(known?.version ?? 0n);
      const author = { personId: caller.personId, at: this.clock.now() };
      await this.services.save(tx, { service, version }, author);
      await this.outbox.add(tx, [
        newEvent(QualityServicePublishedV1, { service, serviceVersion: Number(version) }),
      ]);
      return { service, version, repeated: false };
    });
  }

  /** What a restore has made this database forget of the service. It stays in the list until something newer is told. */
  private async recall(tx: Tx, service: QualityService): Promise<void> {
    const events = (await forgottenEvents(tx, [QualityServicePublishedV1.topic])).filter(
      ({ key, type }) => key === service.serviceCode && type === QualityServicePublishedV1.type,
    );
    const forgotten = events.map(({ data }) => (data as EventOf<typeof QualityServicePublishedV1>).service);
    refuseForgottenNumber(forgotten, service);
    if (forgotten.every(({ rulePack }) => rulePack.version <= service.rulePack.version))
      await markToldAgain(tx, events);
  }
}
