import { AttestError } from '@attest/errors';

export class OrganisationUnknownError extends AttestError {
  constructor(code: string) {
    super(
      'ORGANISATION_UNKNOWN',
      404,
      `${code} is not known. Check the code, or load the organisation file that names it.`,
      {
        organisationCode: code,
      },
    );
  }
}

export class PracticeUnknownError extends AttestError {
  constructor(code: string) {
    super('PRACTICE_UNKNOWN', 404, `${code} is not a practice that is known. Check the code.`, {
      practiceCode: code,
    });
  }
}

export class PcnUnknownError extends AttestError {
  constructor(code: string) {
    super('PCN_UNKNOWN', 404, `${code} is not a PCN that is known. Check the code.`, { pcnCode: code });
  }
}

export class ItemRepeatedError extends AttestError {
  constructor(practiceCode: string) {
    super(
      'ITEM_REPEATED',
      409,
      `${practiceCode} stands in the request more than once; only the first counts. Send its other change by itself.`,
      { practiceCode },
    );
  }
}

export class NothingToChangeError extends AttestError {
  constructor() {
    super(
      'NOTHING_TO_CHANGE',
      400,
      'The change names neither a PCN that the practice leaves nor one that it joins, or names the same for both. Name at least one, or two different ones.',
    );
  }
}

export class NotAMemberError extends AttestError {
  constructor(practiceCode: string, pcnCode: string, effectiveOn: string) {
    super(
      'NOT_A_MEMBER',
      409,
      `${practiceCode} is not a member of ${pcnCode} on ${effectiveOn}, so it cannot leave it then. Look at its memberships and correct the PCN or the date.`,
      { practiceCode, pcnCode, effectiveOn },
    );
  }
}

export class AlreadyAMemberError extends AttestError {
  constructor(practiceCode: string, pcnCode: string, effectiveOn: string) {
    super(
      'ALREADY_A_MEMBER',
      409,
      `${practiceCode} is already a member of ${pcnCode} on ${effectiveOn}. Nothing needs to be done; if the date is wrong, correct it.`,
      { practiceCode, pcnCode, effectiveOn },
    );
  }
}

export class InAnotherPcnError extends AttestError {
  constructor(practiceCode: string, pcnCode: string, effectiveOn: string) {
    super(
      'IN_ANOTHER_PCN',
      409,
      `${practiceCode} is a member of ${pcnCode} on ${effectiveOn} and can be in one PCN at a time. Say leavesPcnCode ${pcnCode} in the same change.`,
      { practiceCode, pcnCode, effectiveOn },
    );
  }
}

export class OrganisationClosedError extends AttestError {
  constructor(code: string, on: string) {
    super(
      'ORGANISATION_CLOSED',
      409,
      `${code} is not open on ${on}. Choose a date on which it is, or another organisation.`,
      {
        organisationCode: code,
        on,
      },
    );
  }
}

export class EffectiveOnOutsideError extends AttestError {
  constructor(effectiveOn: string, earliest: string, latest: string) {
    super(
      'EFFECTIVE_ON_OUTSIDE',
      422,
      `A membership can change from ${earliest} to ${latest}, not on ${effectiveOn}. Correct the date.`,
      { effectiveOn, earliest, latest },
    );
  }
}

export class RoleNotThereError extends AttestError {
  constructor(role: string, organisationCode: string) {
    super(
      'ROLE_NOT_THERE',
      422,
      `${role} is held for ENGLAND or not at all; it cannot be given for ${organisationCode}. Choose another role or organisation.`,
      { role, organisationCode },
    );
  }
}

export class AssignmentDatesReversedError extends AttestError {
  constructor(from: string, to: string) {
    super(
      'DATES_REVERSED',
      422,
      `The assignment would end on ${to}, before it begins on ${from}. Correct the dates.`,
      {
        from,
        to,
      },
    );
  }
}

export class AssignmentUnknownError extends AttestError {
  constructor(assignmentId: string) {
    super(
      'ASSIGNMENT_UNKNOWN',
      404,
      'There is no role assignment with this id. See role-assignments for those there are.',
      {
        assignmentId,
      },
    );
  }
}

export class NotAProviderError extends AttestError {
  constructor(code: string) {
    super(
      'NOT_A_PROVIDER',
      422,
      `${code} delivers no services, so nobody is paid for it. Name a practice or a PCN.`,
      { organisationCode: code },
    );
  }
}

export class PayeeUnchangedError extends AttestError {
  constructor(providerCode: string, payeeCode: string) {
    super(
      'PAYEE_UNCHANGED',
      409,
      `${payeeCode} with this name and account is paid for ${providerCode} already. There is nothing to change.`,
      { providerCode, payeeCode },
    );
  }
}

export class PayeeClosedError extends AttestError {
  constructor(payeeCode: string, closeOn: string) {
    super(
      'PAYEE_CLOSED',
      409,
      `${payeeCode} is closed since ${closeOn} and cannot be paid for another. Name its successor.`,
      { payeeCode, closeOn },
    );
  }
}

export class PayeeChangeWaitsError extends AttestError {
  constructor(providerCode: string, changeId: string) {
    super(
      'PAYEE_CHANGE_WAITS',
      409,
      `Another change of the payee of ${providerCode}, ${changeId}, waits for its second person. Confirm or withdraw it first.`,
      { providerCode, changeId },
    );
  }
}

export class PayeeChangeUnknownError extends AttestError {
  constructor(changeId: string) {
    super(
      'PAYEE_CHANGE_UNKNOWN',
      404,
      'There is no change of payee with this id. See payee-changes for those there are.',
      { changeId },
    );
  }
}

export class PayeeChangeDecidedError extends AttestError {
  constructor(changeId: string, status: string) {
    super(
      'PAYEE_CHANGE_DECIDED',
      409,
      `This change was ${status.toLowerCase()} already. Propose another one if the payee is still wrong.`,
      { changeId, status },
    );
  }
}

export class SamePersonError extends AttestError {
  constructor() {
    super(
      'SAME_PERSON',
      403,
      'You proposed this payee. Another person who administers the commissioner of the provider confirms it.',
    );
  }
}
