import * as acknowledged from './acknowledged.mjs';
import * as amendedFigure from './amended-figure.mjs';
import * as approvals from './approvals.mjs';
import * as declare from './declare.mjs';
import * as england from './england.mjs';
import * as extracts from './extracts.mjs';
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
  declare,
  membershipChange,
  amendedFigure,
  approvals,
  release,
  acknowledged,
  movedAfterPayment,
  messages,
};
