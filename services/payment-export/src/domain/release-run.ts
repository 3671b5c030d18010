import { IllegalRunStepError } from './payment.errors.js';

export const RUN_STATES = ['waiting', 'collecting', 'sealing', 'sealed', 'aborted'] as const;
export type RunState = (typeof RUN_STATES)[number];

/** The life of a release run. A crash resumes in the state that it finds. */
export const RUN_TRANSITIONS = [
  // Everything that was committed before the run began has arrived: now it asks for confirmation.
  { from: 'waiting', on: 'pass', to: 'collecting' },
  // The barrier's limit passed. Nobody was asked yet, so nothing has to be taken back.
  { from: 'waiting', on: 'abort', to: 'aborted' },
  // All have answered, or the time for it is over.
  { from: 'collecting', on: 'close', to: 'sealing' },
  // Files stand and every end was told.
  { from: 'sealing', on: 'end', to: 'sealed' },
] as const satisfies readonly { from: RunState; on: string; to: RunState }[];
export type RunAction = (typeof RUN_TRANSITIONS)[number]['on'];

/** @throws IllegalRunStepError */
export function runTransition(from: RunState, on: RunAction): RunState {
  const row = RUN_TRANSITIONS.find((transition) => transition.from === from && transition.on === on);
  if (!row) throw new IllegalRunStepError(from, on);
  return row.to;
}

export const UNDER_WAY: readonly RunState[] = ['waiting', 'collecting', 'sealing'];
