import { EVERY_KEY } from '@attest/messaging';

/**
 * Whether an event of this approval task, or of those to whom it belongs, could not be applied here: what is known of it
 * may be about to change.
 */
export const isParked = (task: string): string => `EXISTS (
  SELECT FROM blocked_key b
   WHERE (b.topic = 'declarations' AND b.key IN (${task}.declaration_id::text, '${EVERY_KEY}'))
      OR (b.topic = 'organisations' AND b.key IN (${task}.organisation_code, ${task}.commissioner_code, '${EVERY_KEY}')))`;
