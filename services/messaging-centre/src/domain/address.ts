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

/** Who was told what. */
export interface Told {
  readonly kind: MessageKind;
  readonly organisationCode: string;
}

/** What a line is about, where those who were told may open it. */
export function addressOfSubject({ kind, organisationCode }: Told, subjectId: string): Address {
  switch (kind) {
    case 'MEMBERSHIP_CHANGED':
      // The members of a PCN are not a practice's business, even where it moved.
      return organisationCode === subjectId
        ? at(`pcns/${subjectId}/members`)
        : at(`practices/${organisationCode}/memberships`);
    case 'PAYEE_CHANGED':
      return at(`organisations/${subjectId}`);
    default:
      return addressOfDeclaration(subjectId);
  }
}

/** The one thing that a message is about, or the message itself, which lists them. */
export const addressOfMessage = (
  message: Told & { readonly messageId: string; readonly subjectId: string | null },
): Address =>
  message.subjectId === null
    ? at(`messages/${message.messageId}`)
    : addressOfSubject(message, message.subjectId);
