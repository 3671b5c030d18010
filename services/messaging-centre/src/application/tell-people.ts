import { Injectable } from '@nestjs/common';
import { BusinessClock } from '@attest/calendar';
import type { DeclarationEventData } from '@attest/contracts';
import type { Tx } from '@attest/persistence';
import { noticesOf, type Notice } from '../domain/notice.js';
import { taskOf } from '../domain/task.js';
import { MessageStore, type TaskChange } from './ports.js';

/** Turns what happened to declarations into messages and tasks. */
@Injectable()
export class TellPeople {
  constructor(
    private readonly store: MessageStore,
    private readonly clock: BusinessClock,
  ) {}

  async run(tx: Tx, happened: readonly { type: string; data: DeclarationEventData }[]): Promise<void> {
    const notices: Notice[] = [];
    const changes = new Map<string, TaskChange>();
    for (const { type, data } of happened) {
      notices.push(...noticesOf(type, data));
      const d = data.declaration;
      // In order per declaration, so the last one of a batch says what is to do now.
      changes.set(d.declarationId, {
        declarationId: d.declarationId,
        revision: BigInt(d.revision),
        task: taskOf(d),
        serviceCode: d.serviceCode,
        achievementDate: d.achievementDate,
        providerCode: d.organisationCode,
        pence: BigInt(d.pence),
        since: data.fact.at,
      });
    }
    if (notices.length > 0) await this.store.add(tx, notices, this.clock.now());
    if (changes.size > 0) await this.store.changeTasks(tx, [...changes.values()]);
  }
}
