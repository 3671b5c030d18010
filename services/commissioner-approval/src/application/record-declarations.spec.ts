import { expect, it } from '@jest/globals';
import type { Tx } from '@attest/persistence';
import { aDeclaration } from '../../test/a-declaration.js';
import type { TaskProjection, TaskState } from './projection.ports.js';
import { RecordDeclarations } from './record-declarations.js';

it('a task follows the newest state of its declaration, also where an older one is told again later in the same batch', async () => {
  const kept: TaskState[] = [];
  const projection = {
    upsert: async (_tx: Tx, tasks: readonly TaskState[]) => void kept.push(...tasks),
  } as TaskProjection;
  const state = aDeclaration({ revision: 1 });
  const at = '2026-08-10T09:00:00.000Z';
  await new RecordDeclarations(projection).run(
    {} as Tx,
    [state, { ...state, revision: 2 }, state].map((one) => ({ state: one, at })),
    [],
  );
  expect(kept.map((task) => task.state.revision)).toEqual([2]);
});
