import type { Declaration } from '../core/declaration.js';
import { sentence, type WhyAnswer, type WhyContext, type WhyNotPaid } from './why-answer.js';
import { ended } from './why-ended.js';
import { notDeclared } from './why-not-declared.js';
import { notSent, rejected } from './why-not-sent.js';
import { awaitingCommissioner, awaitingFinance } from './why-not-signed.js';
import { stopped } from './why-stopped.js';

export type { ActsNext, WhyContext, WhyNotPaid } from './why-answer.js';

/** Always an answer, also for what is paid. What stands in the way comes before where it stands. */
export function whyNotPaid(d: Declaration, context: WhyContext): WhyNotPaid {
  return stopped(d, context) ?? { ...(ended(d) ?? withOverride(d, standing(d, context))), obstacles: [] };
}

function standing(d: Declaration, context: WhyContext): WhyAnswer {
  switch (d.status) {
    case 'AWAITING_PROVIDER_APPROVAL':
      return notDeclared(d, context);
    case 'AWAITING_COMMISSIONER_APPROVAL':
      return awaitingCommissioner(d);
    case 'AWAITING_FINANCE_APPROVAL':
      return awaitingFinance(d);
    case 'REJECTED_BY_AGENCY':
      return rejected(d);
    default:
      return notSent(d);
  }
}

const withOverride = (d: Declaration, why: WhyAnswer): WhyAnswer =>
  d.override === null
    ? why
    : {
        ...why,
        cause: `${why.cause} ${sentence('Its commissioner keeps the earlier figure', d.override.reason)}`,
      };
