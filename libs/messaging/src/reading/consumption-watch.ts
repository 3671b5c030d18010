import type { Database } from '@attest/persistence';
import type { MessagingLogger } from '../ports.js';
import type { UnfinishedReplays } from '../replay/replay.js';

export interface WatchActions {
  /** Topics that shall rest now; called every time. */
  readonly onPaused: (topics: ReadonlySet<string>) => void;
  /** Somebody rewound a fence on purpose. */
  readonly onRewound: () => void;
  /** Some wait for somebody who carries them out. Takes its time by itself: the watch goes on. */
  readonly onReplays: (unfinished: UnfinishedReplays) => void;
  /** The time of some is over, or they failed a while ago. Takes its time by itself, too. */
  readonly onBarriersDue: () => void;
}

const EVERY_MS = 150;

/** One cheap question to the database, five to seven times a second, for all that is steered through it. */
export class ConsumptionWatch {
  private timer: NodeJS.Timeout | undefined;
  private asking: Promise<void> | undefined;
  private stopped = false;
  private epochs: number | undefined;

  constructor(
    private readonly consumer: string,
    private readonly database: Database,
    private readonly logger: MessagingLogger,
    private readonly actions: WatchActions,
  ) {}

  async start(): Promise<void> {
    await this.ask();
    this.schedule();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.asking;
  }

  private schedule(): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.asking = this.ask().then(() => this.schedule());
    }, EVERY_MS);
    this.timer.unref();
  }

  private async ask(): Promise<void> {
    try {
      const { rows } = await this.database.query<{
        paused: string[];
        epochs: number;
        replays: UnfinishedReplays | null;
        due: boolean;
      }>(
        {
          name: 'consumption-watch',
          text: `SELECT (SELECT coalesce(array_agg(topic ORDER BY topic), '{}') FROM consumption_pause) AS paused,
                        (SELECT coalesce(sum(epoch), 0)::int FROM consumer_fence WHERE consumer = $1) AS epochs,
                        (SELECT min(status) FROM dead_letter_replay WHERE status IN ('requested', 'running')) AS replays,
                        EXISTS (SELECT FROM barrier WHERE status = 'waiting' AND coalesce(retry_at, expires_at) < now()) AS due`,
        },
        [this.consumer],
      );
      const { paused, epochs, replays, due } = rows[0]!;
      this.actions.onPaused(new Set(paused));
      if (this.epochs !== undefined && epochs !== this.epochs) this.actions.onRewound();
      this.epochs = epochs;
      if (replays) this.actions.onReplays(replays);
      if (due) this.actions.onBarriersDue();
    } catch (error) {
      // The database is away: consumption waits for it too, and nothing is steered meanwhile.
      this.logger.debug({ error }, 'consumption watch could not ask');
    }
  }
}
