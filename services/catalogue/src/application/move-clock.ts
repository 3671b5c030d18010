import { Access, type Caller } from '@attest/auth';
import { systemClock } from '@attest/calendar';
import { BusinessClockMovedV1, ENGLAND, newEvent } from '@attest/contracts';
import { MovableClock } from '@attest/hosting';
import { Outbox, versionsOf } from '@attest/messaging';
import { Database } from '@attest/persistence';
import { Logger } from '@attest/telemetry';
import { Injectable } from '@nestjs/common';
import { ClockNotMovableError } from '../domain/catalogue.errors.js';
import { ClockStore } from './ports.js';

/** Development and tests: lets a story cross deadlines. Every service follows by the event. */
@Injectable()
export class MoveClock {
  constructor(
    private readonly access: Access,
    private readonly database: Database,
    private readonly clock: MovableClock,
    private readonly store: ClockStore,
    private readonly outbox: Outbox,
    private readonly logger: Logger,
  ) {}

  async run(caller: Caller, to: Date): Promise<{ offsetMs: number; clockVersion: number }> {
    if (!this.clock.movable) throw new ClockNotMovableError();
    await this.access.require(caller, ['NATIONAL_OPERATOR'], ENGLAND);
    return this.database.transaction(async (tx) => {
      const clockVersion = (await versionsOf(tx)).after(await this.store.lockVersion(tx));
      const movedAt = systemClock.now();
      const offsetMs = to.getTime() - movedAt.getTime();
      await this.clock.move(tx, { offsetMs, clockVersion });
      await this.outbox.add(tx, [
        newEvent(BusinessClockMovedV1, { offsetMs, movedAt: movedAt.toISOString(), clockVersion }),
      ]);
      this.logger.info('BUSINESS_CLOCK_MOVED', { offsetMs, clockVersion });
      return { offsetMs, clockVersion };
    });
  }
}
