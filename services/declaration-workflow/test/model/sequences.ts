import { expect } from '@jest/globals';
import fc from 'fast-check';
import { agree } from './agree.js';
import { thaw } from './commands/freeze.js';
import { COMMANDS } from './commands/index.js';
import { unpark } from './commands/park.js';
import { follow } from './follow.js';
import type { CommandKind } from './command.js';
import { RealAchievement } from './real-achievement.js';
import { ReferenceModel } from './reference-model.js';
import type { System } from './system.js';

/** As it is printed and kept: what happened, and how. */
export type Step = readonly [name: string, args: unknown];

/** What was tried in which status, so that a sequence that never gets anywhere is seen. */
export const tried = new Map<string, number>();

const ANSWERS = ['approval.refused.v1', 'declaration.confirm-refused.v1'];

/** Does one thing to both, and looks whether they agree. */
async function step(
  kind: CommandKind,
  model: ReferenceModel,
  real: RealAchievement,
  args: unknown,
): Promise<void> {
  model.lookAt((args as { beside?: number }).beside ?? 0);
  const about = model.subject;
  const status = about?.kind === 'adjustment' ? `adjustment ${about.status}` : (about?.status ?? null);
  const started = { writes: real.writes, told: real.told };
  const { expected, given, met = [], before = started } = await kind.run(model, real, args);
  const followed = await follow(model, real);
  const at = `${status} ${kind.name} ${expected ?? 'done'}`;
  const refused = expected === null ? [] : [`refused ${expected}`];
  const beside = model.adjustments.length > 1 ? ['more than one adjustment'] : [];
  for (const one of [at, ...refused, ...met, ...followed, ...beside])
    tried.set(one, (tried.get(one) ?? 0) + 1);
  await real.look();
  expect({ at: status, does: kind.name, answer: given }).toEqual({
    at: status,
    does: kind.name,
    answer: expected,
  });
  // A refusal is answered where somebody waits for an answer, and leaves no other trace.
  if (expected !== null) {
    const types = real.toldSince(before.told).map(({ definition }) => definition.type as string);
    expect(types.filter((type) => !ANSWERS.includes(type))).toEqual([]);
    expect(real.writes - before.writes).toBe(
      types.filter((type) => type === 'declaration.confirm-refused.v1').length,
    );
  }
  await agree(model, real);
}

class Drawn implements fc.AsyncCommand<ReferenceModel, RealAchievement> {
  constructor(
    private readonly kind: CommandKind,
    private readonly args: unknown,
  ) {}

  check({ main }: Readonly<ReferenceModel>): boolean {
    return this.kind.early === true || main !== null;
  }

  run(model: ReferenceModel, real: RealAchievement): Promise<void> {
    return step(this.kind, model, real, this.args);
  }

  toString(): string {
    return JSON.stringify([this.kind.name, this.args]);
  }
}

/** Of adjustments mostly the open one. Where there is none, it is about the achievement's own. */
const BESIDE = fc.constantFrom(0, 0, 0, 0, 0, 1, 1, 1, 1, 2);

const drawn = COMMANDS.flatMap((kind) => {
  const args = kind.aboutOne
    ? fc.tuple(kind.args, BESIDE).map(([one, beside]) => ({ ...(one as object), beside }))
    : kind.args;
  return Array.from({ length: kind.weight ?? 1 }, () => args.map((one) => new Drawn(kind, one)));
});

/** Ends what other sequences would see. */
async function leave(model: ReferenceModel, real: RealAchievement): Promise<void> {
  await thaw(real);
  for (const topic of model.parked) await unpark(real, topic);
  for (const { declaration_id: id } of real.declarations)
    (real.system.told as Map<string, unknown>).delete(id);
}

async function inTurn(
  system: System,
  number: number,
  work: (model: ReferenceModel, real: RealAchievement) => Promise<void>,
): Promise<void> {
  const [model, real] = [new ReferenceModel(), new RealAchievement(system, number)];
  try {
    await work(model, real);
  } finally {
    await real.look();
    await leave(model, real);
  }
}

/** Draws sequences and runs them; fails with the shortest one on which the two differ. */
export async function runDrawn(
  system: System,
  nextNumber: () => number,
  options: { seed: number; sequences: number; length: number },
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.commands(drawn, { maxCommands: options.length, size: 'max' }), (commands) =>
      inTurn(system, nextNumber(), (model, real) => fc.asyncModelRun(() => ({ model, real }), commands)),
    ),
    { seed: options.seed, numRuns: options.sequences, endOnFailure: false },
  );
}

/** Runs one that was kept. */
export async function runKept(system: System, number: number, steps: readonly Step[]): Promise<void> {
  await inTurn(system, number, async (model, real) => {
    for (const [name, args] of steps) {
      const kind = COMMANDS.find((one) => one.name === name);
      if (!kind) throw new Error(`there is no command ${name} any more`);
      if (kind.early || model.main) await step(kind, model, real, args);
    }
  });
}
