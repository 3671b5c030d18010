import type { MigrationClass } from '@attest/persistence';
import { CreateOutbox1766000000001 } from './1766000000001-create-outbox.js';
import { CreateInbox1766000000002 } from './1766000000002-create-inbox.js';
import { CreateBarrier1766000000003 } from './1766000000003-create-barrier.js';
import { ReplaysTakenUpAgain1766000000004 } from './1766000000004-replays-taken-up-again.js';
import { BarriersTriedAgain1766000000005 } from './1766000000005-barriers-tried-again.js';
import { PoisonStorms1766000000006 } from './1766000000006-poison-storms.js';

/** First in every service's list of migrations. */
export const messagingMigrations: readonly MigrationClass[] = [
  CreateOutbox1766000000001,
  CreateInbox1766000000002,
  CreateBarrier1766000000003,
  ReplaysTakenUpAgain1766000000004,
  BarriersTriedAgain1766000000005,
  PoisonStorms1766000000006,
];
