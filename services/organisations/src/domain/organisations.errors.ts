import { AttestError } from '@attest/errors';

export class FileHeaderWrongError extends AttestError {
  /** @param form the layout, or its published form, that the first line comes closest to */
  constructor(form: string, whatDiffers: string, facts: Readonly<Record<string, string | null>>) {
    super(
      'FILE_HEADER_WRONG',
      422,
      `The first line is not that of the layout ${form}. Nothing was kept. ${whatDiffers}`,
      facts,
    );
  }
}

export class FileEmptyError extends AttestError {
  constructor() {
    super(
      'FILE_EMPTY',
      422,
      'The file has no rows below its first line. Nothing was kept. Send the whole file.',
    );
  }
}

export class FileNotUtf8Error extends AttestError {
  constructor() {
    super(
      'FILE_NOT_UTF8',
      422,
      'The file is not UTF-8 text. Nothing of it was kept. Save it as CSV UTF-8 (Excel has it beside CSV) and send it again.',
    );
  }
}

export class RowTooLongError extends AttestError {
  constructor(line: number, maxCharacters: number) {
    super(
      'ROW_TOO_LONG',
      422,
      `The row that begins in line ${line} has more than ${maxCharacters} characters; a quotation mark may not be closed there. Nothing of the file was kept. Correct it and send the file again.`,
      { line, maxCharacters },
    );
  }
}

export class FileCutOffError extends AttestError {
  constructor(line: number) {
    super(
      'FILE_CUT_OFF',
      422,
      `The last row, in line ${line}, is cut off: it has too few columns, or it ends without a line end and cannot be read. Nothing was kept. Send the whole file.`,
      { line },
    );
  }
}

export class AsAtOutsideError extends AttestError {
  constructor(asAt: string, earliest: string, latest: string) {
    super(
      'AS_AT_OUTSIDE',
      422,
      `asAt is the day that the file describes, from ${earliest} to today, ${latest}; ${asAt} is not. Nothing was kept. Correct the date.`,
      { asAt, earliest, latest },
    );
  }
}

export class SecondPersonNeededError extends AttestError {
  constructor() {
    super(
      'SECOND_PERSON_NEEDED',
      403,
      'You sent this file, or asked to withdraw it. Another person with a role for organisation files confirms it.',
    );
  }
}

export class FileStepRefusedError extends AttestError {
  constructor(step: 'confirmed' | 'withdrawn' | 'kept', status: string) {
    super(
      'FILE_STEP_REFUSED',
      409,
      `The file is ${status}, so it cannot be ${step}. Look at its receipt for what can be done.`,
      { status },
    );
  }
}

export class FileEffectChangedError extends AttestError {
  constructor(fileId: string, touched: number) {
    super(
      'FILE_EFFECT_CHANGED',
      409,
      `What this would do differs from what you were shown, because something changed in between; ${touched} organisations are touched now. Nothing was done. Look at organisation-files/${fileId}/effects and confirm again.`,
      { fileId, touched },
    );
  }
}

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

export class FileUnknownError extends AttestError {
  constructor(fileId: string) {
    super(
      'FILE_UNKNOWN',
      404,
      'There is no organisation file with this id. See organisation-files for those there are.',
      {
        fileId,
      },
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
