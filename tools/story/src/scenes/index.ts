import type { Invariants } from '@attest/invariants/index';
import * as acknowledged from './acknowledged.js';
import * as adjustments from './adjustments.js';
import * as amendedFigure from './amended-figure.js';
import * as amendmentRequest from './amendment-request.js';
import * as approvals from './approvals.js';
import * as declare from './declare.js';
import * as england from './england.js';
import * as extracts from './extracts.js';
import * as freeze from './freeze.js';
import * as heldByHand from './held-by-hand.js';
import * as late from './late.js';
import * as membershipChange from './membership-change.js';
import * as messages from './messages.js';
import * as movedAfterPayment from './moved-after-payment.js';
import * as offers from './offers.js';
import * as release from './release.js';
import type { Scene } from './scene.js';

/** What each part of the month comes to: its scenes, and the invariants that are checked at its end. */
export interface Results {
  readonly england: england.Loaded;
  readonly offers: offers.Offered;
  readonly extracts: extracts.Extracted;
  readonly freeze: freeze.Frozen;
  readonly declare: declare.Declared;
  readonly membershipChange: membershipChange.MembershipChanged;
  readonly amendedFigure: amendedFigure.AmendedFigure;
  readonly amendmentRequest: amendmentRequest.AmendmentRequest;
  readonly heldByHand: heldByHand.HeldByHand;
  readonly late: late.DeclaredLate;
  readonly approvals: approvals.Approved;
  readonly release: release.Released;
  readonly acknowledged: acknowledged.Acknowledged;
  readonly movedAfterPayment: movedAfterPayment.MovedAfterPayment;
  readonly adjustments: adjustments.Adjusted;
  readonly messages: messages.MessagesRead;
  readonly invariants: Invariants;
}
export type PartName = keyof Results;
export type SceneName = Exclude<PartName, 'invariants'>;

/** The payment month, in order. */
export const SCENES: { readonly [Name in SceneName]: Scene<Results[Name]> } = {
  england,
  offers,
  extracts,
  freeze,
  declare,
  membershipChange,
  amendedFigure,
  amendmentRequest,
  heldByHand,
  late,
  approvals,
  release,
  acknowledged,
  movedAfterPayment,
  adjustments,
  messages,
};

export const SCENE_NAMES = Object.keys(SCENES) as SceneName[];
