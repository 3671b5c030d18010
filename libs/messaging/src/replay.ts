import type { TopicName } from '@attest/contracts';

export interface ReplayRequest {
  readonly topic?: TopicName | undefined;
  readonly key?: string | undefined;
  readonly deadLetterId?: string | undefined;
  readonly eventId?: string | undefined;
  /** Only says what would be replayed. */
  readonly dryRun?: boolean | undefined;
  /** Gives the dead letters up instead of applying them; what is parked behind them is applied. */
  readonly discard?: boolean | undefined;
  readonly ratePerSecond?: number | undefined;
  readonly who: string;
  readonly why: string;
}

export interface ReplayResult {
  readonly replayId: string;
  readonly dryRun: boolean;
  readonly keys: number;
  readonly applied: number;
  readonly discarded: number;
  readonly failed: readonly { readonly topic: TopicName; readonly key: string; readonly code: string; readonly message: string }[];
}

export interface DeadLetter {
  readonly id: string;
  readonly topic: TopicName;
  readonly partition: number;
  readonly offset: bigint;
  readonly key: string;
  readonly eventId: string | null;
  readonly type: string | null;
  readonly errorCode: string;
  readonly errorMessage: string;
  readonly attempts: number;
  readonly firstFailedAt: Date;
  readonly status: 'dead' | 'replayed' | 'discarded';
  /** Later events of the key that wait behind it. */
  readonly parkedBehind: number;
}

/** What could not be applied, and its way back. */
export class DeadLetters {
  async list(_page: { readonly limit: number; readonly afterId?: string | undefined; readonly status?: DeadLetter['status'] | undefined }): Promise<DeadLetter[]> {
    return [];
  }
  async replay(_request: ReplayRequest): Promise<ReplayResult> {
    throw new Error('being written');
  }
}
