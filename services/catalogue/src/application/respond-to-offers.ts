import { Access, type Caller } from '@attest/auth';
import { BusinessClock } from '@attest/calendar';
import type { Role } from '@attest/contracts';
import { Database, type Tx } from '@attest/persistence';
import { Logger } from '@attest/telemetry';
import { Injectable } from '@nestjs/common';
import { refusal } from '../domain/participation/participation.js';
import { respond, type Response } from '../domain/participation/respond.js';
import { changesOf, resultOf, type BulkResult, type DecidedItem } from './item-results.js';
import { participationKey, ParticipationStore, ServiceStore } from './ports.js';
import { RecordParticipations } from './record-participations.js';

export const RESPONDING: readonly Role[] = ['DECLARATION_MANAGEMENT'];

/** Providers accept or refuse what they were offered, one or many at once, each item with its own result. */
@Injectable()
export class RespondToOffers {
  constructor(
    private readonly access: Access,
    private readonly database: Database,
    private readonly clock: BusinessClock,
    private readonly services: ServiceStore,
    private readonly participations: ParticipationStore,
    private readonly record: RecordParticipations,
    private readonly logger: Logger,
  ) {}

  async run(caller: Caller, responses: readonly Response[]): Promise<BulkResult> {
    const codes = [...new Set(responses.map((response) => response.providerCode))];
    const allowed = await this.access.allowed(caller, RESPONDING, codes);
    const seen = await this.access.seen(caller, codes);
    const result = await this.database.transaction((tx) =>
      this.respond(tx, caller, allowed, seen, responses),
    );
    const { changed, unchanged, refused } = result;
    this.logger.info('OFFERS_ANSWERED', { changed, unchanged, refused });
    return result;
  }

  private async respond(
    tx: Tx,
    caller: Caller,
    allowed: ReadonlySet<string>,
    seen: ReadonlySet<string>,
    responses: readonly Response[],
  ): Promise<BulkResult> {
    const own = responses.filter((response) => allowed.has(response.providerCode));
    await this.services.lockForOffering(tx, [...new Set(own.map((response) => response.serviceCode))]);
    const known = await this.participations.lock(tx, own);
    const answered = new Set<string>();
    const items = responses.map((response): DecidedItem => {
      const { serviceCode, providerCode } = response;
      const key = participationKey(response);
      const repeated = answered.has(key);
      answered.add(key);
      const outcome = !seen.has(providerCode)
        ? respond(response, undefined, this.clock.today())
        : !allowed.has(providerCode)
          ? refusal(
              'NOT_YOUR_ORGANISATION',
              `You do not hold the role ${RESPONDING.join(' or ')} for ${providerCode}. Ask its administrator for it.`,
            )
          : repeated
            ? refusal(
                'ITEM_REPEATED',
                `${serviceCode} is answered for ${providerCode} twice in this request. Answer once.`,
              )
            : respond(response, known.get(key), this.clock.today());
      return { serviceCode, providerCode, outcome };
    });
    await this.record.record(tx, changesOf(items), { personId: caller.personId, at: this.clock.now() });
    return resultOf(items);
  }
}
