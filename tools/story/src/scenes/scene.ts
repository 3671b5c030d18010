import type { Progress } from '@attest/invariants/progress';
import type { World } from '../world.js';

/** One scene of the month: what it is called, what it does, and what it tells of its result. */
export interface Scene<Result> {
  readonly title: string;
  run(world: World, progress?: Progress): Promise<Result>;
  /** In sentences. */
  tell(result: Result): string[];
}
