import * as acknowledged from './acknowledged.mjs';
import * as adjustments from './adjustments.mjs';
import * as amendedFigure from './amended-figure.mjs';
import * as amendmentRequest from './amendment-request.mjs';
import * as approvals from './approvals.mjs';
import * as declare from './declare.mjs';
import * as england from './england.mjs';
import * as extracts from './extracts.mjs';
import * as freeze from './freeze.mjs';
import * as heldByHand from './held-by-hand.mjs';
import * as late from './late.mjs';
import * as membershipChange from './membership-change.mjs';
import * as messages from './messages.mjs';
import * as movedAfterPayment from './moved-after-payment.mjs';
import * as offers from './offers.mjs';
import * as release from './release.mjs';

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
