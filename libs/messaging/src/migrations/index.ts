import type { MigrationClass } from '@attest/persistence';
import { CreateOutbox1766000000001 } from './1766000000001-create-outbox.js';
import { CreateInbox1766000000002 } from './1766000000002-create-inbox.js';
import { CreateBarrier1766000000003 } from './1766000000003-create-barrier.js';
import { ReplaysTakenUpAgain1766000000004 } from './1766000000004-replays-taken-up-again.js';
import { BarriersTriedAgain1766000000005 } from './1766000000005-barriers-tried-again.js';
import { PoisonStorms1766000000006 } from './1766000000006-poison-storms.js';
import { CreateVersionFloor1766000000008 } from './1766000000008-create-version-floor.js';
import { CreateRepublishRun1766000000010 } from './1766000000010-create-republish-run.js';
import { ArchiveInLots1766000000014 } from './1766000000014-archive-in-lots.js';
import { NoteEventsNarrowly1766000000015 } from './1766000000015-note-events-narrowly.js';

/** First in every service's list of migrations. */
export const messagingMigrations: readonly MigrationClass[] = [
  CreateOutbox1766000000001,
  CreateInbox1766000000002,
  CreateBarrier1766000000003,
  ReplaysTakenUpAgain1766000000004,
  BarriersTriedAgain1766000000005,
  PoisonStorms1766000000006,
  CreateVersionFloor1766000000008,
  CreateRepublishRun1766000000010,
  ArchiveInLots1766000000014,
  NoteEventsNarrowly1766000000015,
];
