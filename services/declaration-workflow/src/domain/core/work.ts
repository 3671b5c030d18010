import type { DeclarationStatus } from '@attest/contracts';
import type { Declaration, Figures } from './declaration.js';
import { transitionFor, type Action, type Actor } from './declaration.transitions.js';
import type { RefusalCode } from './refusals.js';

/** What may happen to a declaration without moving its status. */
export const NOTES = {
  hold: { emits: 'declaration.held.v1', historic: true },
  'release-hold': { emits: 'declaration.released.v1', historic: true },
  'escalate-hold': { emits: 'declaration.hold-escalated.v1', historic: true },
  'keep-figure': { emits: 'declaration.figure-kept.v1', historic: true },
  'end-override': { emits: 'declaration.refigured.v1', historic: true },
  'need-resolution': { emits: 'declaration.needs-resolution.v1', historic: true },
  'refuse-confirm': { emits: 'declaration.confirm-refused.v1', historic: true },
  // The change itself is worth a line in the history, newer figures with the same result are not.
  'record-change': { emits: 'declaration.refigured.v1', historic: true },
  refigure: { emits: 'declaration.refigured.v1', historic: false },
  'approve-tier': { emits: 'declaration.tier-approved.v1', historic: true },
  'admit-late': { emits: 'declaration.late-admitted.v1', historic: true },
  propose: { emits: 'declaration.refigured.v1', historic: true },
  'withdraw-proposal': { emits: 'declaration.refigured.v1', historic: true },
  readdress: { emits: 'declaration.refigured.v1', historic: true },
} as const;
export type Note = keyof typeof NOTES;

/** Who did something and why; whatever is not said is null. */
export interface Why {
  readonly actor: Actor;
  readonly personId?: string | null;
  readonly forOrganisation?: string | null;
  readonly reason?: string | null;
  readonly code?: string | null;
  readonly approvalId?: string | null;
  readonly previousPence?: bigint | null;
}

/** One thing that happened to one declaration: a row of its history, an event, or both. */
export interface Step {
  readonly action: Action | Note;
  readonly emits: string;
  readonly historic: boolean;
  readonly from: DeclarationStatus | null;
  readonly after: Declaration;
  readonly why: Why;
}

/** What a rule needs to know of the world. */
export interface Context {
  readonly now: Date;
  newId(): string;
  /** The next version of what has this one. Not always one more: see `Versions` of @attest/messaging. */
  versionAfter(known: number): number;
}

export interface Outcome {
  /** All declarations of the achievement that were given, as they are now, and those that were opened. */
  readonly family: readonly Declaration[];
  readonly steps: readonly Step[];
  /** Figures whose result is new: kept beside the old one. */
  readonly newResult: Figures | null;
  readonly refusal: RefusalCode | null;
}

type Changes = Partial<Declaration>;

/** The declarations of one achievement while one stimulus is applied to them. Lives as long as one `apply`. */
export class Work {
  readonly steps: Step[] = [];
  newResult: Figures | null = null;
  refusal: RefusalCode | null = null;

  constructor(
    private declarations: readonly Declaration[],
    readonly context: Context,
  ) {}

  get family(): readonly Declaration[] {
    return this.declarations;
  }

  byId(declarationId: string): Declaration | undefined {
    return this.declarations.find((d) => d.declarationId === declarationId);
  }

  /** A step of the table. @throws IllegalTransitionError, RoleNotAllowedError */
  take(d: Declaration, action: Action, why: Why, changes: Changes = {}): Declaration {
    const { to, emits } = transitionFor(d.revision === 0 ? null : d.status, action, why.actor, d.kind);
    const after: Declaration = {
      ...d,
      statusCode: why.code ?? null,
      statusReason: why.reason ?? null,
      ...changes,
      status: to,
      statusSince: this.context.now,
      revision: this.context.versionAfter(d.revision),
    };
    this.steps.push({
      action,
      emits,
      historic: true,
      from: d.revision === 0 ? null : d.status,
      after,
      why,
    });
    return this.put(after);
  }

  /** Something that leaves the status where it is. */
  note(d: Declaration, note: Note, why: Why, changes: Changes = {}): Declaration {
    const after: Declaration = {
      ...d,
      ...changes,
      status: d.status,
      revision: this.context.versionAfter(d.revision),
    };
    this.steps.push({ action: note, ...NOTES[note], from: d.status, after, why });
    return this.put(after);
  }

  /** Bookkeeping that nobody outside sees, such as the version of the event that was answered. */
  set(d: Declaration, changes: Changes): Declaration {
    return this.put({ ...d, ...changes });
  }

  refuse(code: RefusalCode): void {
    this.refusal = code;
  }

  outcome(): Outcome {
    return {
      family: this.declarations,
      steps: this.steps,
      newResult: this.newResult,
      refusal: this.refusal,
    };
  }

  private put(after: Declaration): Declaration {
    this.declarations = this.byId(after.declarationId)
      ? this.declarations.map((d) => (d.declarationId === after.declarationId ? after : d))
      : [...this.declarations, after];
    return after;
  }
}

export const SYSTEM: Why = { actor: 'system' };
