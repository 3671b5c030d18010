/** Ten digits, together or spaced 3-3-4, that are not part of a longer number. */
const CANDIDATE = /(?<!\d)\d{3}([ \u00a0-]?)\d{3}\1\d{4}(?!\d)/g;

/** An id, not a text: one in a thousand random ones holds ten digits that would pass for an NHS number. */
const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;

/**
 * Whether a text holds what can only be taken for an NHS number: ten digits whose last is the check digit
 * (weights 10…2, 11 − sum mod 11, 11 counts as 0, 10 never occurs). Attest holds no patient data, so such
 * text is refused and not stored.
 */
export function containsNhsNumber(text: string): boolean {
  for (const [candidate] of text.replace(UUID, ' ').matchAll(CANDIDATE)) {
    if (hasValidCheckDigit(candidate.replace(/\D/g, ''))) return true;
  }
  return false;
}

function hasValidCheckDigit(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < 9; i++) sum += Number(digits[i]) * (10 - i);
  const check = (11 - (sum % 11)) % 11;
  return check !== 10 && check === Number(digits[9]);
}
