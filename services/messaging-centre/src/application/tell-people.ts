import { Injectable } from '@nestjs/common';
import { BusinessClock } from '@attest/calendar';
import type { DeclarationEventData } from '@attest/contracts';
import type { Tx } from '@attest/persistence';
import { noticesOf, type Notice } from '../domain/notice.js';
import { hasLeftItsProvider, isToBeToldWhenReady } from '../domain/ready.js';
import { taskOf } from '../domain/task.js';
import { MessageStore, ReadyStore, type Opening, type TaskChange } from './ports.js';

/** Turns what happened to declarations into messages and tasks. */
@Injectable()
export class TellPeople {
  constructor(
    private readonly store: MessageStore,
    private readonly ready: ReadyStore,
    private readonly clock: BusinessClock,
  ) {}

  async run(tx: Tx, happened: readonly { type: string; data: DeclarationEventData }[]): Promise<void> {
    const notices: Notice[] = [];
    const changes = new Map<string, TaskChange>();
    const opened = new Map<string, Opening>();
    const gone = new Set<string>();
    for (const { type, data } of happened) {
      notices.push(...noticesOf(type, data));
      const d = data.declaration;
      // In order per declaration, so the last one of a batch says what is to do now.
      changes.set(d.declarationId, {
        declarationId: d.declarationId,
        revision: BigInt(d.revision),
        task: taskOf(d),
        declarationKind: d.kind,
        paymentPeriod: d.paymentPeriod,
        serviceCode: d.serviceCode,
        achievementDate: d.achievementDate,
        providerCode: d.organisationCode,
        pence: BigInt(d.pence),
        since: data.fact.at,
      });
      if (isToBeToldWhenReady(type, d)) opened.set(d.declarationId, d);
      if (hasLeftItsProvider(data)) {
        opened.delete(d.declarationId);
        gone.add(d.declarationId);
      }
    }
    if (notices.length > 0) await this.store.add(tx, notices, this.clock.now());
    if (changes.size > 0) await this.store.changeTasks(tx, [...changes.values()]);
    if (opened.size > 0) await this.ready.remember(tx, [...opened.values()]);
    if (gone.size > 0) await this.ready.forget(tx, [...gone]);
  }
}
