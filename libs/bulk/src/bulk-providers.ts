import type { Provider, Type } from '@nestjs/common';
import { AskForBulk } from './ask-for-bulk.js';
import type { BulkTypes } from './bulk.js';
import { BulkJobs } from './bulk-jobs.js';
import { BulkLooks } from './bulk-looks.js';
import { BulkPreviewStore } from './bulk-preview.store.js';
import { BulkQueue } from './bulk-queue.js';
import { BulkRequests } from './bulk-requests.js';
import { BulkTables } from './bulk-tables.js';
import { BulkCandidates, BulkWork } from './bulk-work.js';
import { OldBulks } from './old-bulks.js';
import { PreviewBulk } from './preview-bulk.js';
import { WorkOnBulks } from './work-on-bulks.js';

/** What a service has of its own for its bulk. */
export interface OwnOfBulk<T extends BulkTypes> {
  readonly tables: BulkTables<T>;
  readonly candidates: Type<BulkCandidates<T>>;
  readonly work: Type<BulkWork<T>>;
}

/** For the providers of a service's module; a service has one bulk. */
export const bulkProviders = <T extends BulkTypes>({
  tables,
  candidates,
  work,
}: OwnOfBulk<T>): Provider[] => [
  { provide: BulkTables, useValue: tables },
  { provide: BulkCandidates, useClass: candidates },
  { provide: BulkWork, useClass: work },
  AskForBulk,
  BulkJobs,
  BulkLooks,
  BulkPreviewStore,
  BulkQueue,
  BulkRequests,
  OldBulks,
  PreviewBulk,
  WorkOnBulks,
];
