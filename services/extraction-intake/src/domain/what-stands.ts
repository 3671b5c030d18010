import {
  decidePage,
  leaveWhatStood,
  type CurrentPage,
  type IncomingPage,
  type LeftValue,
} from './page-decision.js';

/** One thing that was said of a page: by a file, or by two people who agreed on other values. */
export interface Said {
  /** The accepted amendment; null where a file said it. */
  readonly amendmentId: string | null;
  readonly pageVersion: number;
  readonly rulePackVersion: number;
  readonly fields: readonly { readonly indicatorCode: string; readonly fieldName: string }[];
  readonly values: readonly (number | null)[];
  /** Values of it that were not read. */
  readonly left: readonly LeftValue[] | null;
  readonly submittedAt: Date;
  readonly fileId: string;
  readonly fileName: string;
  readonly fileSha256: string;
  readonly firstLine: number;
  readonly lastLine: number;
  readonly defaultsUsed: number;
}

/** What counts of all that was said, with the values that it leaves standing. */
export type Standing = Said;

/**
 * What stands when everything that was said is taken in the order of its submission, by the same rules as when it
 * came. An amendment stands also where the reading that it amended is no longer there: two people agreed on it.
 */
export function whatStands(said: readonly Said[]): Standing | undefined {
  let standing: Standing | undefined;
  let lastOfFiles: Said | undefined;
  for (const one of inOrder(said)) {
    if (one.amendmentId !== null) {
      standing = one;
      continue;
    }
    const current = standing && currentOf(standing, lastOfFiles);
    const incoming = asItCame(one);
    const decision = decidePage(current, incoming);
    // In this order none is superseded.
    const { values, left } = leaveWhatStood(incoming, current);
    if (decision === 'received' || decision === 'amended') {
      standing = { ...one, values, left: someOf(left) };
      lastOfFiles = standing;
    } else if (decision === 'unchanged')
      standing = { ...repeatedBy(one, standing!), left: leftBy(one, left) };
    else if (decision === 'amendment-stands') standing = repeatedBy(one, standing!);
  }
  return standing;
}

/** The page is as new as what was last said of it. Its file stays the one that brought its values. */
const repeatedBy = ({ submittedAt }: Said, standing: Standing): Standing => ({ ...standing, submittedAt });

/** The marks are of the file that said the same, not of the one that brought the values. */
const leftBy = ({ fileId, fileName, submittedAt }: Said, left: readonly LeftValue[]): Standing['left'] =>
  someOf(
    left.map((value) => ({ ...value, saidBy: { fileId, fileName, submittedAt: submittedAt.toISOString() } })),
  );

const someOf = (left: readonly LeftValue[]): Standing['left'] => (left.length > 0 ? left : null);

/** Equal times: as they came. Files and versions are numbered as time goes on. */
const inOrder = (said: readonly Said[]): Said[] =>
  [...said].sort(
    (a, b) =>
      a.submittedAt.getTime() - b.submittedAt.getTime() ||
      a.pageVersion - b.pageVersion ||
      (a.fileId < b.fileId ? -1 : a.fileId > b.fileId ? 1 : 0) ||
      Number(a.amendmentId !== null) - Number(b.amendmentId !== null),
  );

function currentOf(standing: Standing, lastOfFiles: Said | undefined): CurrentPage {
  const before = standing.amendmentId !== null && lastOfFiles;
  return before ? { ...standing, beforeAmendment: before } : standing;
}

/** Without what it had left standing: that may stand no more. */
function asItCame(said: Said): IncomingPage {
  const unread = (said.left ?? []).flatMap(({ indicatorCode, fieldName, code, line }) => {
    const place = said.fields.findIndex(
      (field) => field.indicatorCode === indicatorCode && field.fieldName === fieldName,
    );
    return place < 0 ? [] : [{ place, code, line, doubtful: false }];
  });
  const values = [...said.values];
  for (const { place } of unread) values[place] = null;
  return { ...said, values, unread };
}
