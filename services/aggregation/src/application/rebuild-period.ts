import { Injectable } from '@nestjs/common';
import { versionsOf } from '@attest/messaging';
import { Database, type Tx } from '@attest/persistence';
import type { Cause, Identity, KnownService } from '../domain/service.js';
import { FigureWorker, type MadeFigure } from './figure-worker.js';
import {
  AchievementStore,
  FactStore,
  Locks,
  ServiceStore,
  TouchedStore,
  type AchievementState,
  type NextFigure,
  type RecalculationOutcome,
} from './ports.js';
import { PublishFigures } from './publish-figures.js';

/** Achievements per writing transaction: short ones, so that a membership change does not wait long behind them. */
const WRITTEN_AT_ONCE = 1_000;

interface Snapshot {
  readonly service: KnownService;
  readonly identities: readonly Identity[];
  readonly states: readonly AchievementState[];
  /** Those that differ from what stands. */
  readonly made: readonly MadeFigure[];
}

/**
 * Makes every figure of a service and date anew from one snapshot, and writes what differs. Whatever moved on after
 * the snapshot is newer than what was read here and is left alone.
 */
@Injectable()
export class RebuildPeriod {
  constructor(
    private readonly database: Database,
    private readonly locks: Locks,
    private readonly services: ServiceStore,
    private readonly touched: TouchedStore,
    private readonly facts: FactStore,
    private readonly achievements: AchievementStore,
    private readonly publish: PublishFigures,
    private readonly worker: FigureWorker,
  ) {}

  /** Hold the period's lock. */
  async run(
    serviceCode: string,
    achievementDate: string,
    cause: Cause | null,
  ): Promise<RecalculationOutcome> {
    const snapshot = await this.read(serviceCode, achievementDate);
    if (!snapshot) return { examined: 0, published: 0, newer: 0 };
    let published = 0;
    for (let from = 0; from < snapshot.made.length; from += WRITTEN_AT_ONCE) {
      const part = snapshot.made.slice(from, from + WRITTEN_AT_ONCE);
      published += await this.database.transaction((tx) => this.write(tx, snapshot, part, cause));
    }
    return { examined: snapshot.identities.length, published, newer: snapshot.made.length - published };
  }

  private async read(serviceCode: string, achievementDate: string): Promise<Snapshot | undefined> {
    const read = await this.database.transaction(
      async (tx) => {
        const service = (await this.services.load(tx)).get(serviceCode);
        if (!service) return undefined;
        const identities = await this.touched.byPeriod(tx, serviceCode, achievementDate);
        const states = await this.achievements.states(tx, identities);
        return { service, identities, states, facts: await this.facts.load(tx, service, identities) };
      },
      { isolation: 'repeatable read', readOnly: true },
    );
    if (!read) return undefined;
    const { service, identities, states, facts } = read;
    // What somebody was told to wait for is published even where it comes out equal.
    const known = states.map((state) => (state.awaitingRevision === null ? state.fingerprint : null));
    return { service, identities, states, made: await this.worker.make(service, identities, facts, known) };
  }

  private async write(
    tx: Tx,
    snapshot: Snapshot,
    part: readonly MadeFigure[],
    cause: Cause | null,
  ): Promise<number> {
    await this.locks.forFigures(tx);
    const identities = part.map(({ place }) => snapshot.identities[place]!);
    const now = await this.achievements.lock(tx, identities);
    const parked = await this.touched.anythingParked(tx);
    const blocked = parked ? await this.touched.blockedAmong(tx, identities) : undefined;
    const versions = await versionsOf(tx);
    const next: NextFigure[] = [];
    part.forEach(({ place, figure, written }, i) => {
      const before = snapshot.states[place]!;
      const state = now[i]!;
      // A revision that moved was made from newer inputs; a marker set since then waits for inputs not read here.
      if (state.figureRevision !== before.figureRevision || state.marks !== before.marks) return;
      if (blocked?.has(i)) return;
      const { serviceCode, achievementDate, organisationCode } = identities[i]!;
      const { exists } = state;
      const figureRevision = versions.after(state.figureRevision);
      next.push({
        serviceCode,
        achievementDate,
        organisationCode,
        exists,
        figureRevision,
        figure,
        written,
        cause,
      });
    });
    await this.publish.run(tx, next);
    return next.length;
  }
}
