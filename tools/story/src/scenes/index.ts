// @ts-nocheck
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

/** The payment month, in order. */
export const SCENES = {
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
