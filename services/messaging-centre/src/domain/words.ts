import type { LondonDate } from '@attest/calendar';
import { deadlineOfBucket } from './deadline.js';
import type { MessageKind } from './notice.js';
import { count, day, pounds } from './phrases.js';

export interface MessageFacts {
  readonly lines: number;
  readonly pence: bigint;
  /** What the lines amounted to before, where they say so. */
  readonly previousPence: bigint | null;
  readonly bucket: string;
  /** The reason and the code that all lines have; null when they differ. */
  readonly reason: string | null;
  readonly code: string | null;
  /** Of what was to be declared, what still is; null for other kinds. */
  readonly open: { readonly lines: number; readonly pence: bigint } | null;
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
const because = ({ lines, reason }: MessageFacts): string => {
  if (reason) return `: ${reason}`;
  return lines > 1 ? '; each line says why' : '';
};

const amounts = ({ previousPence, pence }: MessageFacts): string =>
  previousPence === null ? pounds(pence) : `${pounds(previousPence)} became ${pounds(pence)}`;

const declarations = ({ lines }: MessageFacts): string => count(lines, 'declaration');

const NOTHING_TO_DO = 'There is nothing to do.';

const WORDS: Readonly<Record<MessageKind, Phrase>> = {
  READY_TO_DECLARE: (f) => {
    const open = f.open?.lines ?? f.lines;
    return {
      subject: `${declarations(f)} ready to declare for ${f.bucket}, ${pounds(f.pence)}${
        open < f.lines
          ? `; ${open === 0 ? 'none waits for you now' : `${count(open, 'still waits', 'still wait')} for you`}`
          : ''
      }`,
      nextStep: open === 0 ? NOTHING_TO_DO : 'Check the figures and declare them before the deadline.',
    };
  },
  DEADLINE_NEAR: (f) => {
    const deadlineOn = deadlineOfBucket(f.bucket);
    const open = f.open ?? f;
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
    subject: `${count(f.lines, 'late declaration')} for the run of ${f.bucket}, ${pounds(f.pence)}${because(f)}`,
    nextStep:
      'Sign them as usual; admit those that should go with an earlier run, the others wait for theirs.',
  }),
  LATE_ADMITTED: (f) => ({
    subject: `${count(f.lines, 'late declaration')} admitted to the run of ${f.bucket}, ${pounds(f.pence)}${because(f)}`,
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
    subject: `The commissioner keeps the earlier figure of ${declarations(f)}, ${pounds(f.pence)}${because(f)}`,
    nextStep:
      'Compare it with your own figures. The hold ended with that; where the figure moved, declare it again.',
  }),
  REOPENED: (f) => ({
    subject:
      f.lines === 1
        ? `A declaration was reopened: ${amounts(f)}`
        : `Declarations were reopened ${f.lines.toLocaleString('en-GB')} times: ${amounts(f)} altogether`,
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
  NEEDS_RESOLUTION: (f) => {
    const what =
      f.lines === 1 ? 'A payment needs resolution' : `${count(f.lines, 'payment')} need resolution`;
    return f.code === 'STOPPED_IN_TIME'
      ? {
          subject: `${what}: ${f.lines === 1 ? 'it was' : 'they were'} stopped in time, ${pounds(f.pence)}`,
          nextStep:
            'Nothing was paid on the old figures. Open the declaration: it is on hold, or the provider declares the new figures.',
        }
      : {
          subject: `${what}: ${f.lines === 1 ? 'it was' : 'they were'} not stopped in time, ${pounds(f.pence)}`,
          nextStep:
            'The line was sent as it stood. If the amount differs an adjustment opens by itself; compare it and declare it, or settle it outside.',
        };
  },
  ADJUSTMENT_OPENED: (f) => ({
    subject:
      f.lines === 1
        ? `An adjustment of ${pounds(f.pence)} was opened for a period already sent`
        : `${count(f.lines, 'adjustment')} of ${pounds(f.pence)} altogether were opened for periods already sent`,
    nextStep:
      'Compare old and new figures. The adjustment takes the same way as a declaration, or the commissioner settles it outside.',
  }),
  SETTLED_OUTSIDE: (f) => ({
    subject: `${count(f.lines, 'adjustment')} settled outside, ${pounds(f.pence)}${because(f)}`,
    nextStep: 'No run pays or recovers it. Keep the note with your own records.',
  }),
  NETTED: (f) => ({
    subject: `${declarations(f)} settled by a release run without a payment of ${f.lines === 1 ? 'its' : 'their'} own, ${pounds(f.pence)}${because(f)}`,
    nextStep:
      'Look at the account: what is owed to you and by you was set against each other, and a debt that is left is taken from later payments.',
  }),
  PAID: (f) => ({
    subject: `${count(f.lines, 'payment')} made, ${pounds(f.pence)}`,
    nextStep: 'Compare it with your bank statement; each line names its service and date.',
  }),
  PAYMENT_REJECTED: (f) => ({
    subject: `${count(f.lines, 'payment')} rejected by the agency, ${pounds(f.pence)}${because(f)}`,
    nextStep:
      'Two people of the commissioner confirm that payee or account were put right with the agency; then it is paid at the next run.',
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
