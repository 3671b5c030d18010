import type { MessageKind } from './notice.js';

/**
 * Where a thing is found, for ever: a path of the pages and the path of the API. Both begin at the root, so that they
 * outlive host names; mail puts PUBLIC_URL before them.
 */
export interface Address {
  readonly page: string;
  readonly api: string;
}

const at = (path: string): Address => ({ page: `/${path}`, api: `/api/v1/${path}` });

export const addressOfDeclaration = (declarationId: string): Address => at(`declarations/${declarationId}`);

/** What a line is about. */
export function addressOfSubject(kind: MessageKind, subjectId: string): Address {
  if (kind === 'MEMBERSHIP_CHANGED') return at(`pcns/${subjectId}/members`);
  return kind === 'PAYEE_CHANGED' ? at(`organisations/${subjectId}`) : addressOfDeclaration(subjectId);
}

/** The one thing that a message is about, or the message itself, which lists them. */
export const addressOfMessage = (message: {
  readonly messageId: string;
  readonly kind: MessageKind;
  readonly subjectId: string | null;
}): Address =>
  message.subjectId === null
    ? at(`messages/${message.messageId}`)
    : addressOfSubject(message.kind, message.subjectId);
