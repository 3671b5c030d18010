import type { Answers } from '../command.js';
import { follow } from '../follow.js';
import type { RealAchievement } from '../real-achievement.js';
import type { ReferenceModel } from '../reference-model.js';

/** Some steps, one after the other, until there is none or one is refused: its refusal has to leave no trace. */
export async function inTurn(
  model: ReferenceModel,
  real: RealAchievement,
  next: () => Promise<Answers> | null,
  atMost: number,
): Promise<Answers> {
  const met: string[] = [];
  let last: Answers = { expected: null, given: null };
  for (let done = 0; done < atMost && last.expected === null && last.given === null; done++) {
    if (done > 0) await real.look();
    const before = { writes: real.writes, told: real.told };
    const work = next();
    if (work === null) break;
    last = { ...(await work), before };
    met.push(...(last.met ?? []), ...(await follow(model, real)));
  }
  return { ...last, met };
}
