import { Injectable } from '@nestjs/common';
import { BusinessClock } from '@attest/calendar';
import { Scheduled, type Firing } from '@attest/hosting';
import { ReadyStore } from './ports.js';

/** A day on which a window opens makes thousands ready at once. */
const MOST_AT_ONCE = 5_000;

/** Tells providers what they may declare, on the day that its window opens or when it opens later than that. */
@Injectable()
export class TellWhatIsReady {
  constructor(
    private readonly ready: ReadyStore,
    private readonly clock: BusinessClock,
  ) {}

  @Scheduled({ name: 'tell-what-is-ready', everyMs: 1_000 })
  async run(firing?: Firing): Promise<void> {
    let told: number;
    do told = await this.ready.tell(this.clock.today(), this.clock.now(), MOST_AT_ONCE);
    while (told === MOST_AT_ONCE && !firing?.signal.aborted);
  }
}
