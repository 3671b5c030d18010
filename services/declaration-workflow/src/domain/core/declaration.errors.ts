import type { DeclarationStatus } from '@attest/contracts';
import { AttestError } from '@attest/errors';
import { passes, REFUSALS, type RefusalCode } from './refusals.js';

/** A step that is not in the table. */
export class IllegalTransitionError extends AttestError {
  constructor(from: DeclarationStatus | null, on: string) {
    super(
      'ILLEGAL_TRANSITION',
      409,
      `A declaration that is ${from ?? 'not open'} cannot take the step "${on}". Read it again and choose a step that fits its status.`,
      { from, on },
    );
  }
}

export class RoleNotAllowedError extends AttestError {
  constructor(on: string, by: string) {
    super('ROLE_NOT_ALLOWED', 403, `The step "${on}" is not one that ${by} may take.`, { on, by });
  }
}

/** A rule says no; the code says which. */
export class DeclarationRefusedError extends AttestError {
  constructor(code: RefusalCode, facts: Readonly<Record<string, string | number | boolean | null>> = {}) {
    super(code, REFUSALS[code].status, REFUSALS[code].words, facts);
  }

  override get passesByItself(): boolean {
    return passes(this.code as RefusalCode);
  }
}

/** Payment-export speaks of a declaration that is not here: its event waits until somebody has looked. */
export class UnknownDeclarationError extends AttestError {
  constructor(declarationId: string) {
    super(
      'UNKNOWN_DECLARATION',
      404,
      'There is no declaration with this id here. Look it up in the list of declarations.',
      { declarationId },
    );
  }
}

/** What payment-export or the agency reports cannot have happened to a declaration in this state. */
export class PaymentFactDoesNotFitError extends AttestError {
  constructor(facts: Readonly<Record<string, string | number | null>>) {
    super(
      'PAYMENT_FACT_DOES_NOT_FIT',
      409,
      'This payment fact does not fit the state of its declaration. Compare both histories, then replay or discard it.',
      facts,
    );
  }
}

/** Without it the declaration would stand in its run, or in the agency's file, for ever. */
export class PaymentFactNeededError extends AttestError {
  constructor(facts: Readonly<Record<string, string | number | null>>) {
    super(
      'PAYMENT_FACT_NEEDED',
      409,
      'This event says what became of money for which its declaration waits, so it cannot be given up. Remove what keeps it from being applied, then replay it.',
      facts,
    );
  }
}

/** Without them the declaration would wait for ever, or be paid on older figures. */
export class FiguresNeededError extends AttestError {
  constructor(facts: Readonly<Record<string, string | number | null>>) {
    super(
      'FIGURES_NEEDED',
      409,
      'This event brings figures that its declaration has not seen, or the first ones, which open it, and aggregation tells them once, so it cannot be given up. Remove what keeps it from being applied and replay it, or have newer figures made; then it can be given up.',
      facts,
    );
  }
}

export class AllOrNothingRefusedError extends AttestError {
  constructor(
    private readonly first: RefusalCode,
    declarationId: string,
    refused: number,
    items: number,
  ) {
    super(
      'BULK_REFUSED',
      409,
      `${refused} of ${items} items cannot be declared, the first because of ${first}, so none was. Correct or leave out those items and send it again.`,
      { firstCode: first, firstDeclarationId: declarationId, refused, items },
    );
  }

  /** With the first: whether the others pass too is told when it has passed. */
  override get passesByItself(): boolean {
    return passes(this.first);
  }
}

export class AllOrNothingTooLargeError extends AttestError {
  constructor(items: number, most: number) {
    super(
      'ALL_OR_NOTHING_TOO_LARGE',
      422,
      `All or nothing takes up to ${most} items, because they are locked together; this request has ${items}. Split it, or send it without allOrNothing to POST /api/v1/bulk-declarations.`,
      { items, most },
    );
  }
}
