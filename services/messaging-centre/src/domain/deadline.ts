import { daysBetween, type LondonDate } from '@attest/calendar';

/** So many days before a provider's deadline people are reminded, farthest first. */
export const DEADLINE_STEPS = [7, 3, 1] as const;
export type DeadlineStep = (typeof DEADLINE_STEPS)[number];

export interface Deadline {
  readonly opensOn: LondonDate;
  readonly providerDeadlineOn: LondonDate;
}

/**
 * The reminder that is due on this day in London, or null. It is the newest one whose day has come: after an outage of
 * two days nobody gets two reminders at once, and nobody none. Nothing is due before the window opens, and nothing
 * after the deadline's own day.
 */
export function deadlineStep(
  today: LondonDate,
  { opensOn, providerDeadlineOn }: Deadline,
): DeadlineStep | null {
  if (today < opensOn) return null;
  const daysLeft = daysBetween(today, providerDeadlineOn);
  if (daysLeft < 0) return null;
  return DEADLINE_STEPS.reduce<DeadlineStep | null>((due, step) => (daysLeft <= step ? step : due), null);
}

/** What a digest of reminders gathers: `2026-08-24:3`. */
export const deadlineBucket = (deadlineOn: LondonDate, step: DeadlineStep): string => `${deadlineOn}:${step}`;

export const deadlineOfBucket = (bucket: string): LondonDate => bucket.slice(0, 10) as LondonDate;
