import { Injectable } from '@nestjs/common';
import { BusinessClock } from '@attest/calendar';
import {
  AchievementCalculatedV1,
  AchievementNotApplicableV1,
  newEvent,
  type AchievementInput,
  type DeclaredValue,
  type NewEvent,
} from '@attest/contracts';
import { Outbox } from '@attest/messaging';
import { penceDigits } from '@attest/money';
import type { Tx } from '@attest/persistence';
import { AchievementStore, type NextFigure } from './ports.js';

/** Keeps figures and tells them, in one transaction. Lock the achievements first. */
@Injectable()
export class PublishFigures {
  constructor(
    private readonly achievements: AchievementStore,
    private readonly outbox: Outbox,
    private readonly clock: BusinessClock,
  ) {}

  async run(tx: Tx, figures: readonly NextFigure[]): Promise<void> {
    if (figures.length === 0) return;
    const now = this.clock.now();
    const calculatedAt = now.toISOString();
    await this.achievements.publish(tx, figures, now);
    await this.outbox.add(
      tx,
      figures.map((next) => eventOf(next, calculatedAt)),
    );
  }
}

function eventOf(next: NextFigure, calculatedAt: string): NewEvent {
  const { serviceCode, achievementDate, organisationCode, figureRevision, figure, cause } = next;
  const identity = { serviceCode, achievementDate, organisationCode, figureRevision };
  if (figure.state === 'not-applicable')
    return newEvent(AchievementNotApplicableV1, {
      ...identity,
      code: figure.code!,
      inputs: figure.inputs as AchievementInput[],
      cause,
    }) as unknown as NewEvent;
  return newEvent(AchievementCalculatedV1, {
    ...identity,
    pence: penceDigits(figure.pence!),
    points: figure.points,
    values: figure.values as DeclaredValue[],
    inputs: figure.inputs as AchievementInput[],
    cause,
    calculatedAt,
  }) as unknown as NewEvent;
}
