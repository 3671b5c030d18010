import type { MessageKind } from './notice.js';

export interface MessageFacts {
  readonly lines: number;
  readonly pence: bigint;
  readonly previousPence: bigint | null;
  readonly bucket: string;
  readonly reason: string | null;
}

export interface MessageWords {
  readonly subject: string;
  readonly nextStep: string;
}

/** £1,234.56 from pence; a minus sign stands before the pound. */
export function pounds(pence: bigint): string {
  const digits = (pence < 0n ? -pence : pence).toString().padStart(3, '0');
  const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ',');
  return `${pence < 0n ? '-' : ''}£${whole}.${digits.slice(-2)}`;
}

const count = (n: number, one: string, many = `${one}s`): string =>
  `${n.toLocaleString('en-GB')} ${n === 1 ? one : many}`;

/** What happened and what to do next, from the digest's facts: the words are true of all lines that it holds now. */
export function wordsFor(kind: MessageKind, facts: MessageFacts): MessageWords {
  const n = count(facts.lines, 'declaration');
  const amount = pounds(facts.pence);
  switch (kind) {
    case 'READY_TO_DECLARE':
      return {
        subject: `${n} ready to declare for ${facts.bucket}, ${amount}`,
        nextStep: 'Check the figures and declare them before the deadline.',
      };
    case 'HELD':
      return {
        subject: `${n} on hold after a change of PCN membership`,
        nextStep: 'The commissioner confirms or waits for new figures; nothing is paid while a hold stands.',
      };
    case 'HOLD_RELEASED':
      return {
        subject: `${count(facts.lines, 'hold')} released`,
        nextStep:
          'Look at the status: unchanged figures go on where they were, changed ones must be declared again.',
      };
    case 'REOPENED':
      return {
        subject: `A declaration was reopened: ${facts.previousPence === null ? '' : `${pounds(facts.previousPence)} became `}${amount}`,
        nextStep: 'Check the new figure and declare it again.',
      };
    case 'REFUSED':
      return {
        subject: `${n} sent back${facts.reason ? `: ${facts.reason}` : ''}`,
        nextStep: 'Put right what the reason names, then declare again.',
      };
    case 'NEEDS_RESOLUTION':
      return {
        subject: `A payment needs resolution${facts.reason ? `: ${facts.reason}` : ''}`,
        nextStep: 'Open the declaration: it says whether the payment was stopped in time and what follows.',
      };
    case 'ADJUSTMENT_OPENED':
      return {
        subject: `An adjustment of ${amount} was opened for a period already paid`,
        nextStep: 'Nothing to do yet: it stands on record with both figures.',
      };
    case 'PAID':
      return {
        subject: `${count(facts.lines, 'payment')} made, ${amount}`,
        nextStep: 'Compare it with your bank statement; each line names its service and date.',
      };
    case 'PAYMENT_REJECTED':
      return {
        subject: `${count(facts.lines, 'payment')} rejected by the agency, ${amount}`,
        nextStep:
          'Two people of the commissioner confirm that payee or account were put right with the agency; then it is paid at the next run.',
      };
    case 'MEMBERSHIP_CHANGED':
      return {
        subject: 'The membership of your PCN changed',
        nextStep: 'Look at what is on hold; figures that depend on it are added up again.',
      };
  }
}
