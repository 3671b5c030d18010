import { newEvent, ParticipationsChangedV1, type EventOf } from '@attest/contracts';
import { Outbox, versionsOf } from '@attest/messaging';
import type { Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import { ParticipationStore, type Author, type ParticipationChange } from './ports.js';

/** As many as one event of the contract takes. */
const PROVIDERS_PER_EVENT = 500;

type Change = EventOf<typeof ParticipationsChangedV1>['changes'][number];

/** Writes changed participations and tells of them, in as few events as there may be. */
@Injectable()
export class RecordParticipations {
  constructor(
    private readonly store: ParticipationStore,
    private readonly outbox: Outbox,
  ) {}

  /** @param decided with the versions that the participations had; each gets the one that follows */
  async record(tx: Tx, decided: readonly ParticipationChange[], author: Author): Promise<void> {
    if (decided.length === 0) return;
    const versions = await versionsOf(tx);
    const changes = decided.map(({ participation: p, reason }): ParticipationChange => ({
      participation: { ...p, version: versions.after(p.version) },
      reason,
    }));
    await this.store.save(tx, changes, author);
    const byService = new Map<string, Change[]>();
    for (const { participation: p } of changes) {
      const change: Change = {
        providerCode: p.providerCode,
        status: p.status,
        from: p.from,
        to: p.to,
        participationVersion: Number(p.version),
      };
      const list = byService.get(p.serviceCode);
      if (list) list.push(change);
      else byService.set(p.serviceCode, [change]);
    }
    const counts = new Map(
      [...byService].map(([code, list]) => [code, Math.ceil(list.length / PROVIDERS_PER_EVENT)]),
    );
    const firstVersions = await this.store.takeVersions(tx, counts);
    const events = [...byService].flatMap(([serviceCode, list]) =>
      chunks(list, PROVIDERS_PER_EVENT).map((part, i) =>
        newEvent(ParticipationsChangedV1, {
          serviceCode,
          participationsVersion: Number(firstVersions.get(serviceCode)!) + i,
          changes: part,
        }),
      ),
    );
    await this.outbox.add(tx, events);
  }
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  const parts: T[][] = [];
  for (let at = 0; at < items.length; at += size) parts.push(items.slice(at, at + size));
  return parts;
}
