import { Injectable } from '@nestjs/common';
import {
  AchievementAwaitingV1,
  AchievementBlockedV1,
  newEvent,
  uuidV7,
  type NewEvent,
} from '@attest/contracts';
import { BusinessClock } from '@attest/calendar';
import { Outbox, versionsOf, type Versions } from '@attest/messaging';
import type { Tx } from '@attest/persistence';
import { AggregationSettings } from '../config/aggregation.settings.js';
import { makeFigure } from '../domain/make-figure.js';
import type { KnownService, Touched } from '../domain/service.js';
import type { TouchedSet } from '../domain/touched-set.js';
import { writeFigure } from '../domain/written-figure.js';
import {
  AchievementStore,
  FactStore,
  RecalculationStore,
  ServiceStore,
  TouchedStore,
  type AchievementState,
  type BlockingKey,
  type NextFigure,
} from './ports.js';
import { PublishFigures } from './publish-figures.js';
import { RunRecalculations } from './run-recalculations.js';

/** What every forward step that depends on a parked event answers. */
const BLOCKED_CODE = 'UPSTREAM_EVENT_PARKED';
/** Bounds the memory of marking a whole service. */
const MARKERS_AT_ONCE = 5_000;
const MADE_AT_ONCE = 2_500;
const NOTHING_BLOCKED: ReadonlyMap<number, BlockingKey> = new Map();

/**
 * Makes touched achievements anew in the transaction that touched them: marker and figure are then one, and nobody
 * ever sees an old figure beside a new input. Too many at once are marked and made after it.
 */
@Injectable()
export class Refigure {
  constructor(
    private readonly settings: AggregationSettings,
    private readonly clock: BusinessClock,
    private readonly outbox: Outbox,
    private readonly services: ServiceStore,
    private readonly touchedStore: TouchedStore,
    private readonly facts: FactStore,
    private readonly achievements: AchievementStore,
    private readonly recalculations: RecalculationStore,
    private readonly publish: PublishFigures,
    private readonly worker: RunRecalculations,
  ) {}

  /** Hold the locks for figures, and write the changed inputs, first. */
  async run(tx: Tx, touched: TouchedSet): Promise<void> {
    if (touched.size === 0) return;
    if (touched.size > this.settings.INLINE_ACHIEVEMENTS_MOST) return this.later(tx, touched.all());
    return this.inTransaction(tx, touched);
  }

  /** However many there are: blocking must not wait for a worker. */
  async inTransaction(tx: Tx, touched: TouchedSet): Promise<void> {
    if (touched.size === 0) return;
    const services = await this.services.load(tx);
    const parked = await this.touchedStore.anythingParked(tx);
    for (const [service, ofService] of byService(services, touched.all()))
      for (let from = 0; from < ofService.length; from += MADE_AT_ONCE) {
        const part = ofService.slice(from, from + MADE_AT_ONCE);
        const states = await this.achievements.lock(tx, part);
        const blocked = parked ? await this.touchedStore.blockedAmong(tx, part) : NOTHING_BLOCKED;
        await this.block(tx, part, states, blocked);
        await this.make(
          tx,
          service,
          part.filter((_, place) => !blocked.has(place)),
          states.filter((_, place) => !blocked.has(place)),
        );
      }
  }

  private async make(
    tx: Tx,
    service: KnownService,
    touched: readonly Touched[],
    states: readonly AchievementState[],
  ): Promise<void> {
    if (touched.length === 0) return;
    const facts = await this.facts.load(tx, service, touched);
    const versions = await versionsOf(tx);
    const next: NextFigure[] = [];
    touched.forEach((identity, i) => {
      const state = states[i]!;
      const figure = makeFigure(service, identity, facts[i]!);
      const written = writeFigure(figure);
      // Equal result from equal inputs is no news, unless somebody was told to wait for it.
      const awaited = state.awaitingRevision !== null || state.blockedRevision !== null;
      if (written.fingerprint === state.fingerprint && !awaited) return;
      const { serviceCode, achievementDate, organisationCode, cause } = identity;
      const figureRevision = versions.after(state.figureRevision);
      const { exists } = state;
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
  }

  /** What depends on a parked event is not made: its input may be the one that cannot be read. */
  private async block(
    tx: Tx,
    touched: readonly Touched[],
    states: readonly AchievementState[],
    blocked: ReadonlyMap<number, BlockingKey>,
  ): Promise<void> {
    const news = [...blocked].filter(([place]) => states[place]!.blockedRevision === null);
    if (news.length === 0) return;
    const versions = await versionsOf(tx);
    const markers = news.map(([place]) => marker(touched[place]!, states[place]!, versions));
    await this.achievements.markBlocked(tx, markers, BLOCKED_CODE);
    await this.outbox.add(
      tx,
      markers.map(({ exists: _, ...said }, i) => {
        const [, key] = news[i]!;
        return newEvent(AchievementBlockedV1, {
          ...said,
          code: BLOCKED_CODE,
          cause: { ...key, version: 0 },
        }) as unknown as NewEvent;
      }),
    );
  }

  private async later(tx: Tx, touched: readonly Touched[]): Promise<void> {
    const versions = await versionsOf(tx);
    for (let from = 0; from < touched.length; from += MARKERS_AT_ONCE) {
      const part = touched.slice(from, from + MARKERS_AT_ONCE);
      const states = await this.achievements.lock(tx, part);
      const markers = part.map((one, i) => marker(one, states[i]!, versions));
      await this.achievements.markAwaiting(tx, markers);
      await this.outbox.add(
        tx,
        markers.map(({ exists: _, ...said }) => newEvent(AchievementAwaitingV1, said) as unknown as NewEvent),
      );
    }
    const periods = new Map(touched.map((one) => [`${one.serviceCode}|${one.achievementDate}`, one]));
    await this.recalculations.queue(
      tx,
      [...periods.values()].map(({ serviceCode, achievementDate, cause }) => ({
        recalculationId: uuidV7(),
        serviceCode,
        achievementDate,
        cause,
        requestedBy: null,
      })),
      this.clock.now(),
    );
    tx.afterCommit(() => this.worker.wake());
  }
}

const marker = (
  { serviceCode, achievementDate, organisationCode, cause }: Touched,
  state: AchievementState,
  versions: Versions,
) => ({
  serviceCode,
  achievementDate,
  organisationCode,
  exists: state.exists,
  figureRevision: state.figureRevision,
  closesAtRevision: versions.after(state.figureRevision),
  cause,
});

function byService(
  services: ReadonlyMap<string, KnownService>,
  touched: readonly Touched[],
): Map<KnownService, Touched[]> {
  const groups = new Map<KnownService, Touched[]>();
  // In the order of their codes: two transactions that touch two services lock their achievements alike.
  for (const one of [...touched].sort((a, b) =>
    a.serviceCode < b.serviceCode ? -1 : a.serviceCode > b.serviceCode ? 1 : 0,
  )) {
    const service = services.get(one.serviceCode);
    if (!service) continue;
    const known = groups.get(service);
    if (known) known.push(one);
    else groups.set(service, [one]);
  }
  return groups;
}
