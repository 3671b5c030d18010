import { Injectable } from '@nestjs/common';
import { versionsOf, type Versions } from '@attest/messaging';
import type { Tx } from '@attest/persistence';
import { whatStands, type Standing } from '../domain/what-stands.js';
import type { Becomes, PeriodEffect } from '../domain/withdrawal.js';
import type { PeriodKey } from './ports.js';
import {
  WithdrawalStore,
  type PageHistory,
  type RestoredPage,
  type StandingPage,
} from './withdrawal-ports.js';

export interface ChangedPage extends RestoredPage {
  readonly practiceName: string | null;
  readonly becomes: Becomes;
}

export interface EffectOfWithdrawal extends PeriodKey, PeriodEffect {
  /** Of which nothing stands any more. */
  readonly emptied: number;
  readonly pages: readonly ChangedPage[];
}

/** What stands of each page that a file was about, as if the file had not come. */
@Injectable()
export class FindEffectOfWithdrawal {
  constructor(private readonly store: WithdrawalStore) {}

  async of(tx: Tx, fileId: string): Promise<EffectOfWithdrawal[]> {
    const effects: EffectOfWithdrawal[] = [];
    for (const period of await this.store.periodsOf(tx, fileId))
      effects.push(await this.ofPeriod(tx, period, fileId));
    return effects;
  }

  /** What an older submission that came late says of these pages where newer ones could not be read. */
  async ofLateSubmission(tx: Tx, period: PeriodKey, practices: readonly string[]): Promise<ChangedPage[]> {
    const standing = await this.store.standing(tx, period);
    const histories = await this.store.historiesOf(tx, period, practices);
    const changed = changedPages(standing, histories, await versionsOf(tx));
    return changed
      .filter((page) => page.becomes !== 'same-values')
      .map((page) => firstReadNow(page, standing.get(page.practiceCode)!));
  }

  private async ofPeriod(tx: Tx, period: PeriodKey, fileId: string): Promise<EffectOfWithdrawal> {
    const standing = await this.store.standing(tx, period);
    const histories = await this.store.histories(tx, period, fileId);
    const pages = changedPages(standing, histories, await versionsOf(tx));
    return {
      ...period,
      pages,
      standing: [...standing.values()].filter((page) => !page.nothingStands).length,
      changed: pages.filter((page) => page.becomes !== 'same-values').length,
      emptied: pages.filter((page) => page.becomes === 'nothing').length,
    };
  }
}

function changedPages(
  standing: ReadonlyMap<string, StandingPage>,
  histories: readonly PageHistory[],
  versions: Versions,
): ChangedPage[] {
  return histories.flatMap(({ practiceCode, practiceName, said }) => {
    const page = standing.get(practiceCode);
    if (!page) return [];
    const now = whatStands(said);
    const becomes = becomesOf(page, now);
    if (becomes === undefined) return [];
    return {
      practiceCode,
      practiceName,
      becomes,
      standing: now,
      pageVersion: versions.after(page.pageVersion),
      rulePackVersion: now?.rulePackVersion ?? page.rulePackVersion,
      fields: page.values.length,
    };
  });
}

/** A value that stood nowhere before is first read with the version that it makes. */
function firstReadNow(page: ChangedPage, { values }: StandingPage): ChangedPage {
  const { standing } = page;
  if (!standing?.left) return page;
  const left = standing.left.map((value) => {
    const place = standing.fields.findIndex(
      (field) => field.indicatorCode === value.indicatorCode && field.fieldName === value.fieldName,
    );
    return standing.values[place] === values[place] ? value : { ...value, fromPageVersion: page.pageVersion };
  });
  return { ...page, standing: { ...standing, left } };
}

/** Undefined where the page stays as it is. */
function becomesOf(page: StandingPage, now: Standing | undefined): Becomes | undefined {
  if (!now) return page.nothingStands ? undefined : 'nothing';
  // A version that stands again may be as new as this file had made it: then it is written anew.
  const isOlder = now.submittedAt < page.submittedAt;
  if (!page.nothingStands && now.amendmentId !== null && now.amendmentId === page.amendmentId)
    return isOlder ? 'same-values' : undefined;
  const same =
    !page.nothingStands &&
    page.rulePackVersion === now.rulePackVersion &&
    page.values.length === now.values.length &&
    page.values.every((value, place) => value === now.values[place]);
  if (same && page.fileId === now.fileId && page.amendmentId === now.amendmentId && !isOlder)
    return undefined;
  if (same) return 'same-values';
  return now.amendmentId === null ? 'earlier-values' : 'amendment';
}
