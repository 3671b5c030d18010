import {
  AmendmentDecidedV1,
  AmendmentRequestedV1,
  newEvent,
  type AmendmentFacts,
  type NewEvent,
} from '@attest/contracts';
import { penceDigits } from '@attest/money';
import { changedValues } from '../domain/amend-page.js';
import type { Amendment } from './amendment-ports.js';

export const amendmentRequested = (amendment: Amendment): NewEvent =>
  newEvent(AmendmentRequestedV1, factsOf(amendment)) as unknown as NewEvent;

export function amendmentDecided(amendment: Amendment): NewEvent {
  const { state, decidedAt } = amendment;
  if (state === 'requested' || decidedAt === null) throw new Error('an open amendment has not been decided');
  return newEvent(AmendmentDecidedV1, {
    ...factsOf(amendment),
    outcome: state,
    decidedBy: amendment.decidedBy,
    decidedForOrganisation: amendment.decidedFor,
    decidedAt: decidedAt.toISOString(),
    decisionReasonGiven: amendment.decisionReason !== null,
    newPageVersion: amendment.newPageVersion,
  }) as unknown as NewEvent;
}

/** Reasons are people's own words and stay where they can be read by those who may. */
function factsOf(amendment: Amendment): AmendmentFacts {
  const { pounds } = amendment;
  return {
    amendmentId: amendment.amendmentId,
    amendmentVersion: amendment.amendmentVersion,
    serviceCode: amendment.serviceCode,
    achievementDate: amendment.achievementDate,
    practiceCode: amendment.practiceCode,
    commissionerCode: amendment.commissionerCode,
    pageVersion: amendment.pageVersion,
    rulePackVersion: amendment.rulePackVersion,
    changes: changedValues(amendment.fields, amendment.oldValues, amendment.newValues),
    oldPence: pounds.oldPence === null ? null : penceDigits(pounds.oldPence),
    newPence: pounds.newPence === null ? null : penceDigits(pounds.newPence),
    poundsCode: pounds.code,
    reconciliation: amendment.reconciliation,
    requestedBy: amendment.requestedBy,
    requestedAt: amendment.requestedAt.toISOString(),
    reasonGiven: true,
  };
}
