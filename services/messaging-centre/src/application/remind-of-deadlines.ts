import { Injectable } from '@nestjs/common';
import { addDays, BusinessClock } from '@attest/calendar';
import { Scheduled } from '@attest/hosting';
import { Database } from '@attest/persistence';
import { DEADLINE_STEPS, deadlineStep } from '../domain/deadline.js';
import { CalendarStore } from './ports.js';

/** Reminds providers of what they have not declared, so many days before their deadline. */
@Injectable()
export class RemindOfDeadlines {
  constructor(
    private readonly calendar: CalendarStore,
    private readonly database: Database,
    private readonly clock: BusinessClock,
  ) {}

  // Looked at often and done once: what is due rests on the day in London and on what was written already.
  @Scheduled({ name: 'remind-of-deadlines', everyMs: 5_000 })
  async run(): Promise<void> {
    const today = this.clock.today();
    const near = await this.calendar.deadlinesBetween(today, addDays(today, DEADLINE_STEPS[0]));
    const due = near.flatMap((entry) => {
      const step = deadlineStep(today, entry);
      return step === null ? [] : [{ ...entry, step }];
    });
    if (due.length === 0) return;
    await this.database.transaction((tx) => this.calendar.remind(tx, due, today, this.clock.now()));
  }
}
