import { BusinessClock, parseLondonDate } from '@attest/calendar';
import {
  type DeclarationEventData,
  type DeclarationFact,
  type DeclarationState,
  type QualityServicePublishedV1,
  type EventOf,
} from '@attest/contracts';
import { Database } from '@attest/persistence';
import { testDatabase } from '@attest/testing';
import { messageViewOf, type MessageView } from '../src/api/message.view.js';
import { TellPeople } from '../src/application/tell-people.js';
import { TellWhatIsReady } from '../src/application/tell-what-is-ready.js';
import type { PeriodFreeze, StoredTask } from '../src/application/ports.js';
import { messagingCentre } from '../src/index.js';
import { PgCalendarStore } from '../src/persistence/calendar.store.js';
import { PgDigestStore } from '../src/persistence/digest.store.js';
import { PgMessageQueries } from '../src/persistence/message.queries.js';
import { PgMessageStore } from '../src/persistence/message.store.js';
import { PgReadyStore } from '../src/persistence/ready.store.js';
import { aFact, servicePublished } from './events.js';

export interface Dates {
  readonly achievementDate: string;
  readonly opensOn: string;
  readonly providerDeadlineOn: string;
}

/** The use cases on a database of their own, with neither topics nor jobs: what runs when is the spec's to say. */
export class MessageDatabase {
  readonly calendar: PgCalendarStore;
  readonly queries: PgMessageQueries;
  /** Business time; moved by the spec. */
  at = new Date('2026-10-10T09:00:00Z');
  readonly clock = new BusinessClock({ now: () => this.at });
  private readonly ready: PgReadyStore;

  private constructor(
    readonly database: Database,
    private readonly drop: () => Promise<void>,
  ) {
    this.calendar = new PgCalendarStore(database);
    this.queries = new PgMessageQueries(database);
    this.ready = new PgReadyStore(database);
  }

  static async create(): Promise<MessageDatabase> {
    const { url, drop } = await testDatabase('messaging-centre');
    await messagingCentre.migrate(url);
    return new MessageDatabase(new Database({ url, poolSize: 4, applicationName: 'spec' }), drop);
  }

  /** Facts of declarations as they come in one batch: `['refused', declaration, fact]`. */
  async happened(...facts: [string, DeclarationState, Partial<DeclarationFact>?][]): Promise<void> {
    const tellPeople = new TellPeople(new PgMessageStore(), this.ready, this.clock);
    const events = facts.map(([name, declaration, fact]) => ({
      type: `declaration.${name}.v1`,
      data: { declaration, fact: aFact(fact) } satisfies DeclarationEventData,
    }));
    await this.database.transaction((tx) => tellPeople.run(tx, events));
  }

  async published(serviceCode: string, dates: Dates, version = 1): Promise<void> {
    const { data } = servicePublished(serviceCode, dates, version);
    const published = data as EventOf<typeof QualityServicePublishedV1>;
    await this.database.transaction((tx) => this.calendar.record(tx, [published]));
  }

  async froze(freeze: Pick<PeriodFreeze, 'freezeId' | 'serviceCode' | 'version' | 'frozen'>): Promise<void> {
    const everywhere = { achievementDate: '2026-09-30', scopeCode: 'ENGLAND', providerDeadlineOn: null };
    await this.database.transaction((tx) => this.calendar.recordFreezes(tx, [{ ...everywhere, ...freeze }]));
  }

  tellWhatIsReady(): Promise<void> {
    return new TellWhatIsReady(this.ready, this.clock).run();
  }

  /** What an organisation reads, newest first, after digests were gathered. */
  async messagesOf(organisationCode: string): Promise<MessageView[]> {
    await new PgDigestStore(this.database).gather();
    const filter = { unread: false, before: undefined, limit: 500 };
    const found = await this.queries.messages(organisationCode, filter);
    return found.map((message) => messageViewOf(message, this.clock.today()));
  }

  tasksOf(organisationCode: string, today: string = this.clock.today()): Promise<StoredTask[]> {
    return this.queries.tasks(organisationCode, parseLondonDate(today), undefined, 500);
  }

  async close(): Promise<void> {
    await this.database.close();
    await this.drop();
  }
}
