import { Injectable } from '@nestjs/common';
import type { Tx } from '@attest/persistence';
import { whatStands, type Standing } from '../domain/what-stands.js';
import type { Becomes, PeriodEffect } from '../domain/withdrawal.js';
import type { PeriodKey } from './ports.js';
import { WithdrawalStore, type RestoredPage, type StandingPage } from './withdrawal-ports.js';

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

  private async ofPeriod(tx: Tx, period: PeriodKey, fileId: string): Promise<EffectOfWithdrawal> {
    const standing = await this.store.standing(tx, period);
    const pages: ChangedPage[] = [];
    for (const { practiceCode, practiceName, said } of await this.store.histories(tx, period, fileId)) {
      const page = standing.get(practiceCode);
      if (!page) continue;
      const now = whatStands(said);
      const becomes = becomesOf(page, now);
      if (becomes === undefined) continue;
      pages.push({
        practiceCode,
        practiceName,
        becomes,
        standing: now,
        pageVersion: page.pageVersion + 1,
        rulePackVersion: now?.rulePackVersion ?? page.rulePackVersion,
        fields: page.values.length,
      });
    }
    return {
      ...period,
      pages,
      standing: [...standing.values()].filter((page) => !page.nothingStands).length,
      changed: pages.filter((page) => page.becomes !== 'same-values').length,
      emptied: pages.filter((page) => page.becomes === 'nothing').length,
    };
  }
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
