import type { CommandKind } from '../command.js';
import { adjust } from './adjust.js';
import { admitLate } from './admit-late.js';
import { calendar } from './calendar.js';
import { correct } from './correct.js';
import { declare } from './declare.js';
import { figures } from './figures.js';
import { freeze } from './freeze.js';
import { goOn } from './go-on.js';
import { holdByHand } from './hold-by-hand.js';
import { joinOrKeep } from './join-or-keep.js';
import { keepEarlierFigure } from './keep-earlier-figure.js';
import { lapse } from './lapse.js';
import { lateOrAdmit } from './late-or-admit.js';
import { marker } from './marker.js';
import { membership } from './membership.js';
import { park } from './park.js';
import { policy, signRoute } from './policy.js';
import { proposeCorrection } from './propose-correction.js';
import { releaseHold } from './release-hold.js';
import {
  acknowledged,
  amountMoved,
  notIncluded,
  nothingOwed,
  rejected,
  releaseRequest,
  returned,
  sealed,
} from './release-run.js';
import { replay } from './replay.js';
import { revert } from './revert.js';
import { settleOutside } from './settle-outside.js';
import { sign } from './sign.js';
import { undeclare } from './undeclare.js';
import { withdrawAdjustment } from './withdraw-adjustment.js';

/** Everything that can happen; a new thing is a file of its own and a line here. */
export const COMMANDS: readonly CommandKind[] = [
  figures,
  goOn,
  marker,
  membership,
  calendar,
  policy,
  declare,
  undeclare,
  admitLate,
  lateOrAdmit,
  sign,
  signRoute,
  releaseHold,
  holdByHand,
  keepEarlierFigure,
  joinOrKeep,
  freeze,
  revert,
  park,
  lapse,
  withdrawAdjustment,
  settleOutside,
  adjust,
  releaseRequest,
  sealed,
  notIncluded,
  amountMoved,
  nothingOwed,
  acknowledged,
  rejected,
  returned,
  proposeCorrection,
  correct,
  replay,
];
