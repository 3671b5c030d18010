export interface RefusalText {
  /** HTTP status at the edge. */
  readonly status: number;
  /** It passes by itself: the same request may be carried out later, as it is. */
  readonly passes?: true;
  /** What happened and what to do next. */
  readonly words: string;
}

/** Every way in which a rule says no, with its stable code. */
export const REFUSALS = {
  UNKNOWN_DECLARATION: {
    status: 404,
    words: 'There is no declaration with this id here. Look it up in the list of declarations.',
  },
  NOT_YOUR_ORGANISATION: {
    status: 403,
    words:
      'You do not hold the role that this needs for its organisation or one above it. Ask its administrator for it.',
  },
  STALE_VERSION: {
    status: 412,
    words: 'The declaration has changed since you read it. Read it again, look at what changed, and repeat.',
  },
  ILLEGAL_TRANSITION: {
    status: 409,
    words: 'The declaration does not stand where this step begins. Read it again and look at its status.',
  },
  ACHIEVEMENT_AWAITING_AGGREGATION: {
    status: 409,
    passes: true,
    words: 'New data has arrived and is being added up. Try again in a minute.',
  },
  UPSTREAM_EVENT_PARKED: {
    status: 409,
    passes: true,
    words:
      'Something that this declaration depends on could not be read and waits for repair. An operator has to replay it first.',
  },
  ON_HOLD: {
    status: 409,
    words: 'It is on hold. Each hold has to be released first; the hold says by whom.',
  },
  NOT_YET_OPEN: {
    status: 409,
    passes: true,
    words: 'The payment calendar of this service does not let it be declared yet. Wait for the day it opens.',
  },
  NOT_IN_CALENDAR: {
    status: 409,
    passes: true,
    words:
      'The payment calendar of this service has no entry for this achievement date. It has to be published first.',
  },
  LATE_REASON_MISSING: {
    status: 422,
    words:
      'The provider deadline has passed. Say in lateReason why it is declared late; it joins a later run.',
  },
  ON_BEHALF_REASON_MISSING: {
    status: 422,
    words:
      'You declare on behalf of the provider. Say in onBehalfReason why; you may not sign it afterwards.',
  },
  UNDECLARE_REASON_MISSING: {
    status: 422,
    words: 'You take back what its provider declared. Say in reason why; the provider reads it.',
  },
  ONLY_ADJUSTMENTS_SETTLE_OUTSIDE: {
    status: 409,
    words:
      'Only an adjustment is settled outside. Have this declaration approved and paid, or lapse it with a reason.',
  },
  SETTLEMENT_UNKNOWN: {
    status: 404,
    words:
      'There is no such proposal to settle this declaration outside that still waits. Read the declaration and use the id that stands there.',
  },
  SETTLEMENT_EXISTS: {
    status: 409,
    words:
      'A proposal to settle this version outside waits for its second person already. It stands beside the declaration: let another person confirm it, or withdraw it.',
  },
  SETTLEMENT_SUPERSEDED: {
    status: 409,
    words: 'The declaration has another version than was proposed. Look at its amount and propose it anew.',
  },
  NOT_IN_LATE_QUEUE: {
    status: 409,
    words:
      'It does not wait in the late queue: it was declared in time, was admitted already, or has moved on. Read it again.',
  },
  CUT_OFF_PASSED: {
    status: 409,
    words: 'The cut-off of its own payment period has passed. It is paid with the run of its later period.',
  },
  VERSION_SUPERSEDED: {
    status: 412,
    words: 'The declaration has another version now. Reload it, check the new figures and sign again.',
  },
  WRONG_STAGE: {
    status: 409,
    words: 'The declaration does not wait for this stage now. Reload it and look at its status.',
  },
  WRONG_COMMISSIONER: {
    status: 403,
    words: 'The signature is for another commissioner than the one who signs for this declaration.',
  },
  SIGNATURE_OUT_OF_ORDER: {
    status: 409,
    words:
      'Newer signatures of this declaration are known here than where it was signed, as after a database was restored. Sign again.',
  },
  EVENT_DISCARDED: {
    status: 409,
    words:
      'What was asked could not be applied here, and an operator gave it up. Look at the declaration and ask for it again.',
  },
  PAYMENT_OUT_OF_ORDER: {
    status: 409,
    words:
      'Newer payment events of this declaration are known here than where it was asked, as after a database was restored. Payment-export takes up their number and asks again.',
  },
  TIER_NOT_DUE: {
    status: 409,
    words:
      "The declaration does not wait for this tier of its commissioner's route now. Reload the task, look at the tier that is due and let somebody with its role sign.",
  },
  SAME_PERSON: {
    status: 403,
    words: 'You declared, signed or proposed it yourself. Another person has to do this.',
  },
  NOT_APPROVED: { status: 409, words: 'It is not financially approved, so no run can confirm it.' },
  ALREADY_RELEASING: { status: 409, words: 'Another run has confirmed it already and has not ended.' },
  ATTEMPT_SUPERSEDED: { status: 409, words: 'The next attempt of this payment has another number.' },
  BARRIER_NOT_PASSED: {
    status: 409,
    words: 'The barrier of this run has not been passed here, so something may still be on its way.',
  },
  LATE_FOR_THIS_CUT_OFF: {
    status: 409,
    words: 'It was declared after the provider deadline and waits for the run of its later payment period.',
  },
  HOLD_UNKNOWN: {
    status: 404,
    words:
      'There is no such hold on this declaration. It may have been released; read the declaration again.',
  },
  HOLD_CONFIRMATION_MISSING: {
    status: 422,
    words: 'Releasing a hold confirms the figures. Compare them and send confirmation: true.',
  },
  HOLD_AWAITS_REAGGREGATION: {
    status: 409,
    passes: true,
    words:
      'Figures made with this membership change have not arrived. The hold can be released as soon as they have.',
  },
  HOLD_TOO_LATE: {
    status: 409,
    words:
      'It is sent, paid or ended, so a hold would stop nothing. Let the figures be corrected; the difference becomes an adjustment.',
  },
  HOLD_EXPIRY_PASSED: {
    status: 422,
    words: 'expiresOn has passed already. Give today or a later day, or leave it out.',
  },
  HOLD_NOT_JOINED: {
    status: 409,
    words:
      'The earlier figure can be kept only where a practice joined. This hold asks for something else; its list says what.',
  },
  EARLIER_FIGURE_MISSING: {
    status: 409,
    words: 'There is no figure from before this membership change. Compare the figures and release the hold.',
  },
  NOTHING_TO_KEEP: {
    status: 409,
    words: 'The figures made with this membership change have the same result. Release the hold instead.',
  },
  KEEP_COVERS_MORE: {
    status: 409,
    words:
      'The earlier figure is also from before another change, for which nothing was signed. Where several practices joined, begin with the hold of the last one; otherwise compare the figures and release the hold.',
  },
  KEEP_CONFIRMATION_MISSING: {
    status: 422,
    words:
      'Keeping the earlier figure is signed. Compare both figures, give a reason and send confirmation: true.',
  },
  KEEP_NOT_FOR_ADJUSTMENTS: {
    status: 409,
    words:
      'An adjustment has no earlier figure of its own: it is the difference to what was sent. Release the hold and settle or lapse it.',
  },
  PERIOD_FROZEN: {
    status: 409,
    passes: true,
    words:
      'Declaring, signing and paying of this service and period are frozen. Wait until the period is thawed, then repeat this.',
  },
  CORRECTION_UNKNOWN: {
    status: 404,
    words:
      'There is no such correction of this declaration that still waits. Read the declaration and use the id that stands there.',
  },
  CORRECTION_EXISTS: {
    status: 409,
    words:
      'A correction of this attempt waits for its second person already. It stands beside the declaration: let another person confirm it, or withdraw it.',
  },
  CORRECTION_SUPERSEDED: {
    status: 409,
    words: 'The correction belongs to an attempt that is over. Propose a new one for the present attempt.',
  },
  ITEM_REPEATED: {
    status: 422,
    words: 'This stands in the request twice, and the first of them has the answer. Send each once.',
  },
  /** No rule's no, but the answer all the same. */
  ITEM_FAILED: {
    status: 500,
    words:
      'Something failed on our side with this item, and nothing happened to it. Do it by itself; if that fails too, report the declaration and the time.',
  },
} as const satisfies Record<string, RefusalText>;
export type RefusalCode = keyof typeof REFUSALS;

/** Whether the same request may be carried out later, as it is. */
export const passes = (code: RefusalCode): boolean => (REFUSALS[code] as RefusalText).passes === true;

export const wordsOf = (code: RefusalCode): string => REFUSALS[code].words;
