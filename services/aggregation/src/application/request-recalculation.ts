import { Injectable } from '@nestjs/common';
import { BusinessClock } from '@attest/calendar';
import { uuidV7 } from '@attest/contracts';
import { Database } from '@attest/persistence';
import { PeriodUnknownError } from '../domain/achievement.errors.js';
import { AchievementQueries } from './queries.js';
import { RecalculationStore } from './ports.js';
import { RunRecalculations } from './run-recalculations.js';

@Injectable()
export class RequestRecalculation {
  constructor(
    private readonly database: Database,
    private readonly clock: BusinessClock,
    private readonly queries: AchievementQueries,
    private readonly store: RecalculationStore,
    private readonly worker: RunRecalculations,
  ) {}

  /** @throws PeriodUnknownError */
  async run(serviceCode: string, achievementDate: string, personId: string): Promise<string> {
    if (!(await this.queries.periodExists(serviceCode, achievementDate)))
      throw new PeriodUnknownError(serviceCode, achievementDate);
    const recalculationId = uuidV7();
    await this.database.transaction(async (tx) => {
      await this.store.queue(
        tx,
        [{ recalculationId, serviceCode, achievementDate, cause: null, requestedBy: personId }],
        this.clock.now(),
      );
      tx.afterCommit(() => this.worker.wake());
    });
    return recalculationId;
  }
}
