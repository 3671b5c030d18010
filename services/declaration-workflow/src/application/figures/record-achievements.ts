import { BusinessClock } from '@attest/calendar';
import { achievementKey } from '@attest/contracts';
import type { Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import type { Marker } from '../../domain/core/declaration.js';
import type { AchievementIdentity } from '../../domain/core/stimulus.js';
import type { ArrivedFigures, WaitingAchievement } from './arrived-figures.js';
import { DeclarationBatch } from '../core/declaration-batch.js';
import { BulkLimits, DeclarationStore, Locks } from '../core/declaration.ports.js';
import { ReferenceStore, type AchievementPlace } from '../references/reference.ports.js';
import { WaitingStore } from './figures.ports.js';
import { WriteDeclarations } from '../core/write-declarations.js';

export interface Arrival {
  readonly eventId: string;
  readonly achievement: AchievementIdentity;
  /** Figures, or a marker that there will be others. */
  readonly news: ArrivedFigures | Marker;
}

/** Whether there may be more to do at once, or what is left has to be tried again because somebody holds it. */
export type Progress = 'more' | 'done' | 'not now';

/**
 * Figures and markers reach their declarations: opened, refigured, reopened, adjusted or lapsed. What cannot be opened
 * yet, because its organisation or its calendar entry has not arrived, waits here; no order of topics loses it.
 */
@Injectable()
export class RecordAchievements {
  constructor(
    private readonly store: DeclarationStore,
    private readonly references: ReferenceStore,
    private readonly waiting: WaitingStore,
    private readonly locks: Locks,
    private readonly writer: WriteDeclarations,
    private readonly clock: BusinessClock,
    private readonly limits: BulkLimits,
  ) {}

  async run(tx: Tx, arrivals: readonly Arrival[]): Promise<void> {
    await this.locks.forOpening(tx, {
      organisations: arrivals.map(({ achievement }) => achievement.organisationCode),
    });
    // Whoever opens what waits has done so, or begins after this: a marker never misses the declaration that it is for.
    await this.locks.forArrivals(tx);
    const achievements = distinct(arrivals.map((arrival) => arrival.achievement));
    const batch = await this.lock(tx, achievements);
    const places = await this.references.places(tx, achievements);
    const undeclared = achievements.filter((one) => batch.family(achievementKey(one)).length === 0);
    const waiting = byKey(await this.waiting.take(tx, undeclared));
    for (const arrival of arrivals) arrive(batch, places, waiting, arrival);
    // Its place may have become known while another chunk of what waits was being opened.
    for (const one of [...waiting.values()]) tryOpen(batch, places, waiting, one);
    await this.waiting.keep(tx, [...waiting.values()]);
    await this.writer.run(tx, batch);
  }

  /**
   * Opens a chunk of what has been waiting for an organisation, a service or a calendar entry that is known now: a
   * membership change waits for each that is being opened. Not now: a membership change is under way.
   */
  async openReady(tx: Tx): Promise<Progress> {
    await this.locks.forWaiting(tx);
    if (!(await this.locks.tryOpeningAnywhere(tx))) return 'not now';
    const ready = await this.waiting.takeReady(tx, this.limits.chunkSize);
    if (ready.length === 0) return 'done';
    const achievements = ready.map((one) => one.achievement);
    const batch = await this.lock(tx, achievements);
    const places = await this.references.places(tx, achievements);
    const waiting = byKey(ready);
    for (const one of ready) tryOpen(batch, places, waiting, one);
    await this.writer.run(tx, batch);
    return ready.length === this.limits.chunkSize ? 'more' : 'done';
  }

  private async lock(tx: Tx, achievements: readonly AchievementIdentity[]): Promise<DeclarationBatch> {
    return DeclarationBatch.of(tx, await this.store.lockAchievements(tx, achievements), this.clock);
  }
}

function arrive(
  batch: DeclarationBatch,
  places: ReadonlyMap<string, AchievementPlace>,
  waiting: Map<string, WaitingAchievement>,
  { achievement, news, eventId }: Arrival,
): void {
  const key = achievementKey(achievement);
  const declared = batch.family(key).length > 0;
  if (!('figures' in news)) {
    if (declared) batch.apply(key, { kind: 'marker', marker: news }, eventId);
    else waiting.set(key, withMarker(waiting.get(key) ?? empty(achievement, eventId), news));
    return;
  }
  if (declared) {
    applyFigures(batch, places.get(key), achievement, news, eventId);
    return;
  }
  const before = waiting.get(key) ?? empty(achievement, eventId);
  if (before.arrived && before.arrived.figures.revision >= news.figures.revision) return;
  const now = closeMarkers({ ...before, arrived: news, eventId }, news.figures.revision);
  if (news.figures.notApplicable !== null) {
    // Nothing to open; only a marker of something still to come is worth keeping.
    if (now.awaiting || now.blocked) waiting.set(key, { ...now, arrived: null });
    else waiting.delete(key);
    return;
  }
  waiting.set(key, now);
  tryOpen(batch, places, waiting, now);
}

function tryOpen(
  batch: DeclarationBatch,
  places: ReadonlyMap<string, AchievementPlace>,
  waiting: Map<string, WaitingAchievement>,
  one: WaitingAchievement,
): void {
  const key = achievementKey(one.achievement);
  const place = places.get(key);
  if (!one.arrived || !place?.address) return;
  applyFigures(batch, place, one.achievement, one.arrived, one.eventId);
  for (const marker of [one.awaiting, one.blocked])
    if (marker) batch.apply(key, { kind: 'marker', marker }, one.eventId);
  waiting.delete(key);
}

function applyFigures(
  batch: DeclarationBatch,
  place: AchievementPlace | undefined,
  achievement: AchievementIdentity,
  arrived: ArrivedFigures,
  eventId: string,
): void {
  const key = achievementKey(achievement);
  const known = batch.family(key)[0];
  const address = place?.address ?? known;
  if (!address) return;
  const { newResult } = batch.apply(
    key,
    {
      kind: 'figures',
      achievement,
      address: { commissionerCode: address.commissionerCode, paymentPeriod: address.paymentPeriod },
      figures: arrived.figures,
      memberships: place?.memberships ?? [],
      policy: place?.policy ?? null,
    },
    eventId,
  );
  if (newResult) batch.keepResult({ ...arrived, achievement, eventId });
}

const empty = (achievement: AchievementIdentity, eventId: string): WaitingAchievement => ({
  achievement,
  arrived: null,
  awaiting: null,
  blocked: null,
  eventId,
});

function withMarker(waiting: WaitingAchievement, marker: Marker): WaitingAchievement {
  const field = marker.code === null ? 'awaiting' : 'blocked';
  const known = waiting[field];
  const made = waiting.arrived?.figures.revision ?? 0;
  if (marker.until <= made || (known && known.until >= marker.until)) return waiting;
  return { ...waiting, [field]: known ? { ...marker, since: known.since } : marker };
}

function closeMarkers(waiting: WaitingAchievement, revision: number): WaitingAchievement {
  const open = (marker: Marker | null): Marker | null => (marker && revision < marker.until ? marker : null);
  return { ...waiting, awaiting: open(waiting.awaiting), blocked: open(waiting.blocked) };
}

const byKey = (waiting: readonly WaitingAchievement[]): Map<string, WaitingAchievement> =>
  new Map(waiting.map((one) => [achievementKey(one.achievement), one]));

function distinct(achievements: readonly AchievementIdentity[]): AchievementIdentity[] {
  return [...new Map(achievements.map((one) => [achievementKey(one), one])).values()];
}
