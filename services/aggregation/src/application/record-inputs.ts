import { Injectable } from '@nestjs/common';
import type {
  EventOf,
  PageState,
  ParticipationsChangedV1,
  PcnMembershipState,
  QualityServicePublishedV1,
} from '@attest/contracts';
import type { CalendarEntryKey, Tx } from '@attest/persistence';
import type { Cause } from '../domain/service.js';
import { TouchedSet } from '../domain/touched-set.js';
import { InputStore, Locks, TouchedStore, type ListSizesOf, type PageKey } from './ports.js';
import { Refigure } from './refigure.js';

/** One kind of news each: kept where it is newer, then everything that depends on it is made anew. */
@Injectable()
export class RecordInputs {
  constructor(
    private readonly locks: Locks,
    private readonly inputs: InputStore,
    private readonly touched: TouchedStore,
    private readonly refigure: Refigure,
  ) {}

  async pages(tx: Tx, pages: readonly PageState[]): Promise<void> {
    await this.locks.forFigures(tx);
    const news = await this.inputs.recordPages(tx, pages);
    const versions = new Map(pages.map((page) => [pageKey(page), page]));
    const set = new TouchedSet();
    for (const identity of await this.touched.byPages(tx, news)) {
      const page = versions.get(pageKey({ ...identity, practiceCode: identity.organisationCode }));
      set.add([identity], page ? causeOfPage(page) : causeOfSome(identity.serviceCode, news, versions));
    }
    await this.refigure.run(tx, set);
  }

  async memberships(tx: Tx, states: readonly PcnMembershipState[]): Promise<void> {
    await this.locks.forMemberships(tx);
    const news = await this.inputs.recordMemberships(tx, states);
    const set = new TouchedSet();
    for (const { place, ...identity } of await this.touched.byMemberships(tx, news)) {
      const { pcnCode, membershipVersion } = news[place]!;
      set.add([identity], { topic: 'pcn-memberships', key: pcnCode, version: membershipVersion });
    }
    await this.refigure.run(tx, set);
  }

  async listSizes(tx: Tx, organisations: readonly ListSizesOf[]): Promise<void> {
    await this.locks.forFigures(tx);
    const news = await this.inputs.recordListSizes(tx, organisations);
    const versions = new Map(
      organisations.map((organisation) => [organisation.code, organisation.organisationVersion]),
    );
    const set = new TouchedSet();
    for (const { listOf, ...identity } of await this.touched.byListSizes(tx, news))
      set.add([identity], { topic: 'organisations', key: listOf, version: versions.get(listOf) ?? 0 });
    await this.refigure.run(tx, set);
  }

  /** Answers the calendar entries that stay although they are published no more. */
  async services(
    tx: Tx,
    published: readonly EventOf<typeof QualityServicePublishedV1>[],
    changed: readonly EventOf<typeof ParticipationsChangedV1>[],
  ): Promise<readonly CalendarEntryKey[]> {
    await this.locks.forServices(tx);
    const set = new TouchedSet();
    const { refigured, extended, kept } = await this.inputs.recordServices(tx, published);
    const participations = await this.inputs.recordParticipations(tx, changed);
    const versionOf = new Map([
      ...published.map((event) => [event.service.serviceCode, event.serviceVersion] as const),
      ...changed.map((event) => [event.serviceCode, event.participationsVersion] as const),
    ]);
    const cause = (key: string): Cause => ({
      topic: 'quality-services',
      key,
      version: versionOf.get(key) ?? 0,
    });
    for (const code of extended) set.add(await this.touched.byService(tx, code, true), cause(code));
    for (const identity of await this.touched.byParticipations(tx, participations))
      set.add([identity], cause(identity.serviceCode));
    for (const code of refigured) set.add(await this.touched.byService(tx, code, false), cause(code));
    await this.refigure.run(tx, set);
    return kept;
  }
}

const pageKey = (page: PageKey): string => `${page.serviceCode}|${page.achievementDate}|${page.practiceCode}`;

const causeOfPage = (page: PageState): Cause => ({
  topic: 'submissions',
  key: page.practiceCode,
  version: page.pageVersion,
});

/** A PCN's figures are touched by one of its members' pages; any of the service's says enough. */
function causeOfSome(
  serviceCode: string,
  news: readonly PageKey[],
  versions: ReadonlyMap<string, PageState>,
): Cause | null {
  const page = news.find((key) => key.serviceCode === serviceCode);
  const state = page && versions.get(pageKey(page));
  return state ? causeOfPage(state) : null;
}
