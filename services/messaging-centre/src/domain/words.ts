import type { LondonDate } from '@attest/calendar';
import type { LapseCode } from '@attest/contracts';
import { deadlineOfBucket } from './deadline.js';
import type { MessageKind } from './notice.js';
import { count, day, pounds } from './phrases.js';

export interface MessageFacts {
  /** How often something was told. */
  readonly lines: number;
  /** Of how many declarations: one that was reopened twice is one. */
  readonly subjectCount: number;
  readonly pence: bigint;
  /** What the lines amounted to before, where they say so. */
  readonly previousPence: bigint | null;
  readonly bucket: string;
  /** The reason and the code that all have; null when they differ. */
  readonly reason: string | null;
  readonly code: string | null;
  /** Of what was to be declared, what still is; null for other kinds. */
  readonly open: {
    readonly lines: number;
    readonly pence: bigint;
    readonly firstDeadlineOn: LondonDate | null;
    readonly lastDeadlineOn: LondonDate | null;
  } | null;
  readonly today: LondonDate;
}

export interface MessageWords {
  readonly subject: string;
  readonly nextStep: string;
}

type Phrase = (facts: MessageFacts) => MessageWords;

/** What happened and what to do next, from the digest's facts: the words are true of all lines that it holds now. */
export const wordsFor = (kind: MessageKind, facts: MessageFacts): MessageWords => WORDS[kind](facts);

/** Several lines may each have their own. */
const because = ({ subjectCount, reason }: MessageFacts): string => {
  if (reason) return `: ${reason}`;
  return subjectCount > 1 ? '; each line says why' : '';
};

const amounts = ({ previousPence, pence }: MessageFacts): string =>
  previousPence === null ? pounds(pence) : `${pounds(previousPence)} became ${pounds(pence)}`;

const declarations = ({ subjectCount }: MessageFacts): string => count(subjectCount, 'declaration');

const NOTHING_TO_DO = 'There is nothing to do.';

/** By the deadlines of what is still open: a digest may gather several services, and be read when they have passed. */
function declareThem({ open, today }: MessageFacts): string {
  const first = open?.firstDeadlineOn ?? null;
  const last = open?.lastDeadlineOn ?? null;
  if (first === null || last === null) return 'Check the figures and declare them before the deadline.';
  if (today > last)
    return 'The deadline has passed: declare them now and say why they are late; they join a later run.';
  if (today > first)
    return 'Check the figures and declare them. The deadline of some has passed: say why those are late; they join a later run.';
  return first === last
    ? `Check the figures and declare them by the end of ${day(first)}; later they join a later run.`
    : `Check the figures and declare each by its deadline, the first by the end of ${day(first)}; later they join a later run.`;
}

/** By the code of the lapse. */
const LAPSES: Readonly<Record<LapseCode, Phrase>> = {
  WITHDRAWN: (f) => ({
    subject: `${declarations(f)} withdrawn by the commissioner, ${pounds(f.pence)}${because(f)}`,
    nextStep:
      'It is not paid, and newer figures do not bring it back. A provider that does not agree speaks to its commissioner.',
  }),
  NOT_APPLICABLE: (f) => ({
    subject: `${declarations(f)} ended, there is nothing to pay${because(f)}`,
    nextStep:
      'If that is wrong, put right what the reason names; when there is something to pay, it opens again by itself.',
  }),
  NOTHING_OWED: (f) => ({
    subject: `${count(f.subjectCount, 'adjustment')} ended: by the newest figures nothing is owed beyond what was sent`,
    nextStep: NOTHING_TO_DO,
  }),
  ABSORBED: (f) => ({
    subject: `${count(f.subjectCount, 'rejected payment')} given up, ${pounds(f.pence)}: an open adjustment carries the whole amount`,
    nextStep: 'Look at the adjustment: it is declared and signed in place of the payment.',
  }),
};

/** Several codes in one digest, or one that came later than these words. */
const LAPSED: Phrase = (f) => ({
  subject: `${declarations(f)} ended without payment, ${pounds(f.pence)}${because(f)}`,
  nextStep: 'Look at the history of the declaration, which says who ended it and why.',
});

const isLapseCode = (code: string | null): code is LapseCode => code !== null && Object.hasOwn(LAPSES, code);

const WORDS: Readonly<Record<MessageKind, Phrase>> = {
  READY_TO_DECLARE: (f) => {
    const open = f.open?.lines ?? f.subjectCount;
    return {
      subject: `${declarations(f)} ready to declare for ${f.bucket}, ${pounds(f.pence)}${
        open < f.subjectCount
          ? `; ${open === 0 ? 'none waits for you now' : `${count(open, 'still waits', 'still wait')} for you`}`
          : ''
      }`,
      nextStep: open === 0 ? NOTHING_TO_DO : declareThem(f),
    };
  },
  DEADLINE_NEAR: (f) => {
    const deadlineOn = deadlineOfBucket(f.bucket);
    const open = f.open ?? { lines: f.subjectCount, pence: f.pence };
    if (open.lines === 0)
      return {
        subject: `Nothing is left to declare by ${day(deadlineOn)}`,
        nextStep: NOTHING_TO_DO,
      };
    const n = count(open.lines, 'declaration');
    if (f.today > deadlineOn)
      return {
        subject: `${n} not declared by ${day(deadlineOn)}, ${pounds(open.pence)}`,
        nextStep: 'Declare them now and say why they are late; they join a later run.',
      };
    return {
      subject: `${n} not declared yet, ${pounds(open.pence)}: the deadline is ${day(deadlineOn)}`,
      nextStep: `Check the figures and declare them by the end of ${day(deadlineOn)}; later they join a later run.`,
    };
  },
  DECLARED_LATE: (f) => ({
    subject: `${count(f.subjectCount, 'late declaration')} for the run of ${f.bucket}, ${pounds(f.pence)}${because(f)}`,
    nextStep:
      'Sign them as usual; admit those that should go with an earlier run, the others wait for theirs.',
  }),
  LATE_ADMITTED: (f) => ({
    subject: `${count(f.subjectCount, 'late declaration')} admitted to the run of ${f.bucket}, ${pounds(f.pence)}${because(f)}`,
    nextStep: 'That run pays what is approved by its cut-off; see that the signatures are there by then.',
  }),
  HELD: (f) =>
    f.code === 'BY_HAND'
      ? {
          subject: `${declarations(f)} held by the commissioner, ${pounds(f.pence)}${because(f)}`,
          nextStep:
            'The commissioner releases the hold when its reason is settled; nothing is paid while it stands.',
        }
      : {
          subject: `${declarations(f)} on hold after a change of PCN membership`,
          nextStep:
            'The commissioner compares the figures and releases each hold; after a practice left, new figures come first. Nothing is paid while a hold stands.',
        },
  HOLD_ESCALATED: (f) => ({
    subject: `${count(f.lines, 'hold')} expired and still ${f.lines === 1 ? 'stands' : 'stand'}, ${pounds(f.pence)}${because(f)}`,
    nextStep:
      'The commissioner decides now: release the hold, or hold it anew with a reason. It does not release itself.',
  }),
  HOLD_RELEASED: (f) => ({
    subject: `${count(f.lines, 'hold')} released`,
    nextStep:
      'Look at the status: unchanged figures go on where they were, changed ones must be declared again.',
  }),
  FIGURE_KEPT: (f) => ({
    // Without an amount: what it states just now may still be the figure that is set aside.
    subject: `The commissioner keeps the earlier figure of ${declarations(f)}${because(f)}`,
    nextStep:
      'Compare it with your own figures. The hold ended with that; where the figure moved, declare it again.',
  }),
  REOPENED: (f) => ({
    subject:
      f.subjectCount === 1
        ? `A declaration was reopened: ${amounts(f)}`
        : `${declarations(f)} were reopened: ${amounts(f)} altogether`,
    nextStep: 'The provider checks the new figure and declares it again; earlier signatures no longer count.',
  }),
  REVERTED: (f) => ({
    subject: `Approvals of ${declarations(f)} were taken back while the period is frozen, ${pounds(f.pence)}${because(f)}`,
    nextStep:
      'Wait until the period is thawed and the figures are added up again, then check and declare them.',
  }),
  REFUSED: (f) => ({
    subject: `${declarations(f)} sent back by the commissioner${because(f)}`,
    nextStep: 'Put right what the reason names, then declare again.',
  }),
  REFUSED_BY_FINANCE: (f) => ({
    subject: `${declarations(f)} sent back by finance${because(f)}`,
    nextStep: 'The commissioner looks at the reason, then signs again or sends it back to the provider.',
  }),
  UNDECLARED: (f) => ({
    subject: `${declarations(f)} taken back by the commissioner${because(f)}`,
    nextStep: 'Put right what the reason names, then declare again.',
  }),
  LAPSED: (f) => (isLapseCode(f.code) ? LAPSES[f.code] : LAPSED)(f),
  NEEDS_RESOLUTION: (f) => {
    const what =
      f.subjectCount === 1
        ? 'A payment needs resolution'
        : `${count(f.subjectCount, 'payment')} need resolution`;
    return f.code === 'STOPPED_IN_TIME'
      ? {
          subject: `${what}: ${f.subjectCount === 1 ? 'it was' : 'they were'} stopped in time, ${pounds(f.pence)}`,
          nextStep:
            'Nothing was paid on the old figures. Open the declaration: it is on hold, or the provider declares the new figures.',
        }
      : {
          subject: `${what}: ${f.subjectCount === 1 ? 'it was' : 'they were'} not stopped in time, ${pounds(f.pence)}`,
          nextStep:
            'The line was sent as it stood. If the amount differs an adjustment opens by itself; compare it and declare it, or settle it outside.',
        };
  },
  ADJUSTMENT_OPENED: (f) => ({
    subject:
      f.subjectCount === 1
        ? `An adjustment of ${pounds(f.pence)} was opened for a period already sent`
        : `${count(f.subjectCount, 'adjustment')} of ${pounds(f.pence)} altogether were opened for periods already sent`,
    nextStep:
      'Compare old and new figures. The adjustment takes the same way as a declaration, or the commissioner settles it outside.',
  }),
  SETTLED_OUTSIDE: (f) => ({
    subject: `${count(f.subjectCount, 'adjustment')} settled outside, ${pounds(f.pence)}${because(f)}`,
    nextStep: 'No run pays or recovers it. Keep the note with your own records.',
  }),
  NETTED: (f) => ({
    subject: `${declarations(f)} settled by a release run without a payment of ${f.subjectCount === 1 ? 'its' : 'their'} own, ${pounds(f.pence)}${because(f)}`,
    nextStep:
      'Look at the account: what is owed to you and by you was set against each other, and a debt that is left is taken from later payments.',
  }),
  PAID: (f) => ({
    subject: `${count(f.subjectCount, 'payment')} made, ${pounds(f.pence)}`,
    nextStep: 'Compare it with your bank statement; each line names its service and date.',
  }),
  PAYMENT_REJECTED: (f) => ({
    subject: `${count(f.subjectCount, 'payment')} rejected by the agency, ${pounds(f.pence)}${because(f)}`,
    nextStep:
      'Two people of the commissioner confirm that payee or account were put right with the agency; then it is paid at the next run.',
  }),
  PAYMENT_RETURNED: (f) => ({
    subject: `${count(f.subjectCount, 'payment')} sent back by the bank after ${f.subjectCount === 1 ? 'it was' : 'they were'} paid, ${pounds(f.pence)}${because(f)}`,
    nextStep:
      'Nothing of it is paid any more. Two people of the commissioner confirm that payee or account were put right with the agency; then it is paid at the next run. Where an adjustment is open, that one carries it.',
  }),
  PAYEE_CHANGED: (f) => ({
    subject: `The payee was changed${because(f)}`,
    nextStep:
      'Payments that no run has instructed yet go to the new payee. If you know nothing of it, call your commissioner at once: two of its people can change it back.',
  }),
  MEMBERSHIP_CHANGED: () => ({
    subject: 'The membership of your PCN changed',
    nextStep: 'Look at what is on hold; figures that depend on it are added up again.',
  }),
};
