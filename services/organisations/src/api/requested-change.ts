import { parseLondonDate } from '@attest/calendar';
import type { RequestedChange } from '../application/change-membership.js';
import type { RequestedChangeDto } from './organisation.dto.js';

export const requestedOf = (body: RequestedChangeDto): RequestedChange => ({
  practiceCode: body.practiceCode,
  leavesPcnCode: body.leavesPcnCode ?? null,
  joinsPcnCode: body.joinsPcnCode ?? null,
  effectiveOn: parseLondonDate(body.effectiveOn),
});
