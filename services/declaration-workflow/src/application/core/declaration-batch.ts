import { achievementKey } from '@attest/contracts';
import type { BusinessClock } from '@attest/calendar';
import { uuidV7 } from '@attest/contracts';
import { versionsOf, type Versions } from '@attest/messaging';
import type { Tx } from '@attest/persistence';
import { apply } from '../../domain/core/apply.js';
import type { Declaration } from '../../domain/core/declaration.js';
import type { Stimulus } from '../../domain/core/stimulus.js';
import type { Outcome } from '../../domain/core/work.js';
import type { KeptResult } from '../figures/figures.ports.js';
import type { CausedStep, ChangedDeclaration, WrittenBatch } from './written-batch.js';

/** Declarations locked together, what is applied to them in memory, and what has to be written of it. */
export class DeclarationBatch {
  private readonly loaded = new Map<string, Declaration>();
  private readonly families = new Map<string, readonly Declaration[]>();
  private readonly keyOf = new Map<string, string>();
  private readonly steps: CausedStep[] = [];
  private readonly results: KeptResult[] = [];
  private readonly now: Date;

  static async of(
    tx: Tx,
    declarations: readonly Declaration[],
    clock: Pick<BusinessClock, 'now'>,
  ): Promise<DeclarationBatch> {
    return new DeclarationBatch(declarations, clock, await versionsOf(tx));
  }

  private constructor(
    declarations: readonly Declaration[],
    clock: Pick<BusinessClock, 'now'>,
    private readonly versions: Versions,
  ) {
    this.now = clock.now();
    for (const d of declarations) {
      const key = achievementKey(d);
      this.loaded.set(d.declarationId, d);
      this.keyOf.set(d.declarationId, key);
      this.families.set(key, [...(this.families.get(key) ?? []), d]);
    }
  }

  family(key: string): readonly Declaration[] {
    return this.families.get(key) ?? [];
  }

  one(declarationId: string): Declaration | undefined {
    const key = this.keyOf.get(declarationId);
    return key === undefined ? undefined : this.family(key).find((d) => d.declarationId === declarationId);
  }

  all(): readonly Declaration[] {
    return [...this.families.values()].flat();
  }

  /** Applies a stimulus to all declarations of one achievement. */
  apply(key: string, stimulus: Stimulus, causeEventId: string | null): Outcome {
    const { now, versions } = this;
    const versionAfter = (known: number): number => versions.after(known);
    const outcome = apply(this.family(key), stimulus, { now, newId: uuidV7, versionAfter });
    this.families.set(key, outcome.family);
    for (const d of outcome.family) this.keyOf.set(d.declarationId, key);
    for (const step of outcome.steps) this.steps.push({ step, causeEventId });
    return outcome;
  }

  applyTo(stimulus: Extract<Stimulus, { declarationId: string }>, causeEventId: string | null): Outcome {
    return this.apply(this.keyOf.get(stimulus.declarationId) ?? '', stimulus, causeEventId);
  }

  /** Those to which something happened, as they stand now, with the event that caused it last. */
  moved(): readonly { readonly declaration: Declaration; readonly causeEventId: string | null }[] {
    const causes = new Map(
      this.steps.map((caused) => [caused.step.after.declarationId, caused.causeEventId]),
    );
    return [...causes].map(([declarationId, causeEventId]) => ({
      declaration: this.one(declarationId)!,
      causeEventId,
    }));
  }

  keepResult(result: KeptResult): void {
    this.results.push(result);
  }

  written(): WrittenBatch {
    const opened: Declaration[] = [];
    const changed: ChangedDeclaration[] = [];
    for (const family of this.families.values())
      for (const declaration of family) {
        const before = this.loaded.get(declaration.declarationId);
        if (!before) opened.push(declaration);
        else if (before !== declaration) changed.push({ before, after: declaration });
      }
    return { at: this.now, opened, changed, steps: this.steps, results: this.results };
  }
}
