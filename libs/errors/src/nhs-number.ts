/** What people put between the parts of a number: one sort within one number. */
const BETWEEN = '([\\t \\u00a0\\u2007\\u2009\\u202f]{0,3}| ?[-._/\\u2010-\\u2015\\u2212] ?)';
/** What is not seen: zero-width spaces, joiners and marks, and hyphens where a word may break. */
const UNSEEN = /[\u00ad\u200b-\u200f\u2060\ufeff]/g;
/** Where a text goes over to its next line between two parts of a number. */
const LINE_BREAK = /(?<=\d)[\t ]*\r?\n[\t ]*(?=\d)/g;
/** Ten digits, together, 3-3-4 or 6-4, that are not part of a longer number and not the decimals of one. */
const TEN_DIGITS = new RegExp(
  `(?<!\\d|\\d\\.)(?:\\d{3}${BETWEEN}\\d{3}\\1|\\d{6}${BETWEEN})\\d{4}(?!\\d)`,
  'g',
);

/** With 9 for tests. No year and no count of seconds since 1970 begins so. */
const ENGLISH = /^[4679]/;
/** A day and month of birth. */
const SCOTTISH = /^(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])/;
/** `ddmmyyHHMM` is a time, too: ten such digits are a patient's only where the text speaks of one. */
const OF_A_PATIENT = /(?<![a-z])(?:chi|patient|pt|dob|born|nhs (?:no|num|number))(?![a-z])/i;

/** UUIDs and hexadecimal hashes: one in a thousand holds ten digits that would pass for an NHS number. */
const GENERATED =
  /(?<![0-9a-z])(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?=\d*[a-f])[0-9a-f]{16,})(?![0-9a-z])/gi;
/** Ten digits together behind words that call them a payment's. `reference` alone may be a patient's. */
const OF_A_PAYMENT = new RegExp(
  '(?<![a-z])(?:' +
    '(?:bank|bacs|chaps|faster[ _-]?payments?|payment|transaction|txn|remittance|invoice|account)' +
    '(?:[ _-]?(?:reference|ref|number|no|id))+|end[ _-]?to[ _-]?end[ _-]?id)' +
    '(?:[ _-]is)?[\\s.:#=(-]*\\d{10}(?!\\d)',
  'gi',
);

/**
 * Whether a text holds what can only be taken for a patient's number: ten digits whose last is the check digit
 * (weights 10…2, 11 − sum mod 11, 11 counts as 0, 10 never occurs), and which can be one at all. Attest holds no
 * patient data, so such text is refused and not stored.
 */
export function containsNhsNumber(text: string): boolean {
  const written = text
    .replace(UNSEEN, '')
    .replace(LINE_BREAK, ' ')
    .replace(GENERATED, ' ')
    .replace(OF_A_PAYMENT, ' ');
  for (const [candidate, , inSixAndFour] of written.matchAll(TEN_DIGITS)) {
    const digits = candidate.replace(/\D/g, '');
    const possible =
      (ENGLISH.test(digits) && !inSixAndFour) || (SCOTTISH.test(digits) && OF_A_PATIENT.test(written));
    if (possible && hasValidCheckDigit(digits)) return true;
  }
  return false;
}

function hasValidCheckDigit(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < 9; i++) sum += Number(digits[i]) * (10 - i);
  const check = (11 - (sum % 11)) % 11;
  return check !== 10 && check === Number(digits[9]);
}
