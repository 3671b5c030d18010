import { FileInOtherFormError } from './http.errors.js';

/** As many bytes as tell any of the forms below. */
export const BYTES_THAT_TELL = 8;

export const isGzip = (bytes: Buffer): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

const startsWith =
  (...start: readonly number[]) =>
  (bytes: Buffer): boolean =>
    start.every((byte, i) => bytes[i] === byte);

const AS_CSV = 'Open it, save the sheet as CSV UTF-8 (comma delimited), and send that.';
const NUL = 0;

/** What people send for CSV, by its first bytes, and what to do about it. */
const OTHER_FORMS: readonly (readonly [
  is: (bytes: Buffer) => boolean,
  code: 'FILE_NOT_CSV' | 'FILE_NOT_UTF8',
  words: string,
])[] = [
  [
    startsWith(0x50, 0x4b, 3, 4),
    'FILE_NOT_CSV',
    `The file is a workbook (xlsx) or a zip. Of a workbook, save the sheet as CSV UTF-8 (comma delimited) and send that; of a zip, send the CSV in it.`,
  ],
  [startsWith(0xd0, 0xcf, 0x11, 0xe0), 'FILE_NOT_CSV', `The file is an Excel workbook (xls). ${AS_CSV}`],
  [
    startsWith(0x25, 0x50, 0x44, 0x46),
    'FILE_NOT_CSV',
    'The file is a PDF. Ask whoever made it for the CSV, or save the table as CSV UTF-8, and send that.',
  ],
  [isGzip, 'FILE_NOT_CSV', 'The file was packed twice. Unpack it once and send that.'],
  [
    startsWith(0x37, 0x7a, 0xbc, 0xaf),
    'FILE_NOT_CSV',
    'The file is packed as 7z. Unpack it and send the CSV in it, as it is or as gzip.',
  ],
  [
    startsWith(0x52, 0x61, 0x72, 0x21),
    'FILE_NOT_CSV',
    'The file is packed as rar. Unpack it and send the CSV in it, as it is or as gzip.',
  ],
  [
    (bytes) => /^(?:\ufeff)?\s*<[!?a-z]/i.test(bytes.toString('utf8')),
    'FILE_NOT_CSV',
    'The file is a web page or XML. Open the page, download the CSV itself and send that.',
  ],
  [
    (bytes) => startsWith(0xff, 0xfe)(bytes) || startsWith(0xfe, 0xff)(bytes) || isWideText(bytes),
    'FILE_NOT_UTF8',
    'The file is UTF-16, as Excel\'s "Unicode Text" is. Save it as CSV UTF-8 (comma delimited) and send that.',
  ],
];

/** UTF-16 without its mark: every second byte of plain letters is 0. */
const isWideText = (bytes: Buffer): boolean =>
  bytes.length >= 4 &&
  ((bytes[0] === NUL && bytes[2] === NUL && bytes[1] !== NUL && bytes[3] !== NUL) ||
    (bytes[1] === NUL && bytes[3] === NUL && bytes[0] !== NUL && bytes[2] !== NUL));

/** @throws FileInOtherFormError where the unpacked bytes are plainly no CSV. Whatever may be some goes on. */
export function refuseOtherForms(start: Buffer): void {
  const form = OTHER_FORMS.find(([is]) => is(start));
  if (form) throw new FileInOtherFormError(form[1], form[2]);
}
