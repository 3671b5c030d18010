import { CreateMessages1790000000001 } from './1790000000001-create-messages.js';
import { GatherDigests1790000000060 } from './1790000000060-gather-digests.js';
import { CreateDeadlines1790000000061 } from './1790000000061-create-deadlines.js';
import { KeepReadings1790000000062 } from './1790000000062-keep-readings.js';
import { FollowFreezes1790000000063 } from './1790000000063-follow-freezes.js';
import { KnowTheDeclarationOfATask1790000000130 } from './1790000000130-know-the-declaration-of-a-task.js';
import { CountEachSubjectOnce1790000000131 } from './1790000000131-count-each-subject-once.js';
import { TellWhenReady1790000000132 } from './1790000000132-tell-when-ready.js';

export const messageMigrations = [
  CreateMessages1790000000001,
  GatherDigests1790000000060,
  CreateDeadlines1790000000061,
  KeepReadings1790000000062,
  FollowFreezes1790000000063,
  KnowTheDeclarationOfATask1790000000130,
  CountEachSubjectOnce1790000000131,
  TellWhenReady1790000000132,
];
