import { CreatePayments1790000000001 } from './1790000000001-create-payments.js';
import { CompleteLedger1790000000002 } from './1790000000002-complete-ledger.js';
import { ListRunItems1790000000003 } from './1790000000003-list-run-items.js';
import { KeepFreezes1790000000010 } from './1790000000010-keep-freezes.js';
import { NetRecoveries1790000000020 } from './1790000000020-net-recoveries.js';
import { AuditPayments1790000000070 } from './1790000000070-audit-payments.js';
import { GiveUpChanges1790000000130 } from './1790000000130-give-up-changes.js';
import { ListQuarantinedAnswers1790000000140 } from './1790000000140-list-quarantined-answers.js';
import { CountBlankRows1790000000160 } from './1790000000160-count-blank-rows.js';
import { KnowWhatAnswersName1790000000180 } from './1790000000180-know-what-answers-name.js';
import { ReturnCredits1790000000181 } from './1790000000181-return-credits.js';
import { SettleQuarantine1790000000182 } from './1790000000182-settle-quarantine.js';
import { FindForgottenRuns1790000000210 } from './1790000000210-find-forgotten-runs.js';
import { KeepReasonsOfAnswers1790000000211 } from './1790000000211-keep-reasons-of-answers.js';
import { ChainInLots1790000000330 } from './1790000000330-chain-in-lots.js';
import { FollowWithinItsPage1790000000331 } from './1790000000331-follow-within-its-page.js';
import { LookUpNoParents1790000000332 } from './1790000000332-look-up-no-parents.js';

export const paymentMigrations = [
  CreatePayments1790000000001,
  CompleteLedger1790000000002,
  ListRunItems1790000000003,
  KeepFreezes1790000000010,
  NetRecoveries1790000000020,
  AuditPayments1790000000070,
  GiveUpChanges1790000000130,
  ListQuarantinedAnswers1790000000140,
  CountBlankRows1790000000160,
  KnowWhatAnswersName1790000000180,
  ReturnCredits1790000000181,
  SettleQuarantine1790000000182,
  FindForgottenRuns1790000000210,
  KeepReasonsOfAnswers1790000000211,
  ChainInLots1790000000330,
  FollowWithinItsPage1790000000331,
  LookUpNoParents1790000000332,
];
