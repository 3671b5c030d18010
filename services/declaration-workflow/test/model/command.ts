import type { NewEvent } from '@attest/contracts';
import type fc from 'fast-check';
import type { RealAchievement } from './real-achievement.js';
import type { ReferenceModel } from './reference-model.js';

/**
 * One thing that can happen. Its arguments say how, not in which state: what it meets there is found out when it runs,
 * so that every step is tried in every status, also those that have to be refused.
 */
export interface CommandKind<A = unknown> {
  readonly name: string;
  readonly args: fc.Arbitrary<A>;
  /** Also before the first figures. */
  readonly early?: true;
  /** It is about one declaration: the achievement's own or, where `beside` is drawn, one of its adjustments. */
  readonly aboutOne?: true;
  /** How often it is drawn among the others; 1 unless said. */
  readonly weight?: number;
  /** Does it to both. @returns the codes with which both refused it, null where they did not */
  run(model: ReferenceModel, real: RealAchievement, args: A): Promise<Answers>;
}

export interface Answers {
  readonly expected: string | null;
  readonly given: string | null;
  /** What stood before the last of several steps. */
  readonly before?: { readonly writes: number; readonly told: readonly NewEvent[] };
  /** What was met besides, to be counted. */
  readonly met?: readonly string[];
}

export const command = <A>(kind: CommandKind<A>): CommandKind => kind as unknown as CommandKind;

export const PEOPLE = ['declarer', 'helper', 'approver', 'second', 'finance'] as const;
