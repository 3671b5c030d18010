import { describe, expect, it } from '@jest/globals';
import { londonDate, parseLondonDate } from '@attest/calendar';
import { deadlineBucket, deadlineOfBucket, deadlineStep } from './deadline.js';

const on = parseLondonDate;
const deadline = { opensOn: on('2026-08-09'), providerDeadlineOn: on('2026-08-24') };

describe('a reminder of the deadline', () => {
  it.each([
    ['2026-08-08', null],
    ['2026-08-16', null],
    ['2026-08-17', 7],
    ['2026-08-20', 7],
    ['2026-08-21', 3],
    ['2026-08-22', 3],
    ['2026-08-23', 1],
    ['2026-08-24', 1],
    ['2026-08-25', null],
    ['2027-08-24', null],
  ])('on %s is the one of %s days before', (today, step) => {
    expect(deadlineStep(on(today), deadline)).toBe(step);
  });

  it('is never due before the window opens, and then at once', () => {
    const short = { opensOn: on('2026-08-22'), providerDeadlineOn: on('2026-08-24') };
    expect(deadlineStep(on('2026-08-21'), short)).toBeNull();
    expect(deadlineStep(on('2026-08-22'), short)).toBe(3);
  });

  // Clocks change on 29 March and 25 October 2026: the day begins at midnight in London, whatever UTC says.
  it.each([
    ['2026-03-31T22:59:59Z', '2026-04-01', 1],
    ['2026-03-31T23:00:00Z', '2026-04-01', 1],
    ['2026-04-01T22:59:59Z', '2026-04-01', 1],
    ['2026-04-01T23:00:00Z', '2026-04-01', null],
    ['2026-03-22T23:59:59Z', '2026-03-30', null],
    ['2026-03-23T00:00:00Z', '2026-03-30', 7],
    ['2026-03-28T23:59:59Z', '2026-03-30', 3],
    ['2026-03-29T00:00:00Z', '2026-03-30', 1],
    ['2026-03-30T22:59:59Z', '2026-03-30', 1],
    ['2026-03-30T23:00:00Z', '2026-03-30', null],
    ['2026-10-17T22:59:59Z', '2026-10-25', null],
    ['2026-10-17T23:00:00Z', '2026-10-25', 7],
    ['2026-10-25T23:30:00Z', '2026-10-25', 1],
    ['2026-10-26T00:00:00Z', '2026-10-25', null],
  ])('at %s, for a deadline on %s, is %s', (now, deadlineOn, step) => {
    const entry = { opensOn: on('2026-01-01'), providerDeadlineOn: on(deadlineOn) };
    expect(deadlineStep(londonDate(new Date(now)), entry)).toBe(step);
  });

  it('gathers by the deadline and the step', () => {
    const bucket = deadlineBucket(on('2026-08-24'), 3);
    expect(bucket).toBe('2026-08-24:3');
    expect(deadlineOfBucket(bucket)).toBe('2026-08-24');
  });
});
