import { Injectable } from '@nestjs/common';
import { BusinessClock } from '@attest/calendar';
import { uuidV7 } from '@attest/contracts';
import { Barriers } from '@attest/messaging';
import { Database } from '@attest/persistence';
import { PaymentPeriodUnknownError, RunUnderWayError } from '../domain/payment.errors.js';
import { FileStore, RunStore, SealStore, type ReleaseRun } from './ports.js';
import { refuseStoreAhead } from './refuse-store-ahead.js';

export interface RunRequest {
  readonly paymentPeriod: string;
  readonly cutOffAt: Date | null;
  readonly requestedBy: string;
  readonly limitSeconds: number;
  readonly collectSeconds: number;
}

/** Begins a release run: it asks for a barrier and waits behind it. One run at a time. */
@Injectable()
export class StartRun {
  constructor(
    private readonly database: Database,
    private readonly runs: RunStore,
    private readonly seals: SealStore,
    private readonly files: FileStore,
    private readonly barriers: Barriers,
    private readonly clock: BusinessClock,
  ) {}

  /** @throws RunUnderWayError, PaymentPeriodUnknownError, FileStoreAheadError */
  async run(request: RunRequest): Promise<ReleaseRun> {
    return this.database.transaction(async (tx) => {
      // Two people at once: the second waits here and then finds the first one's run.
      await tx.query(`SELECT pg_advisory_xact_lock(hashtext('start-release-run'))`);
      const underWay = await this.runs.underWay(tx);
      if (underWay) throw new RunUnderWayError(underWay.runId);
      if (!(await this.runs.knowsPeriod(tx, request.paymentPeriod)))
        throw new PaymentPeriodUnknownError(request.paymentPeriod);
      await refuseStoreAhead(tx, this.seals, this.files);
      const barrierId = await this.barriers.request(tx, {
        route: 'release',
        limitMs: request.limitSeconds * 1_000,
      });
      return this.runs.add(tx, { ...request, runId: uuidV7(), barrierId, requestedAt: this.clock.now() });
    });
  }
}
