/** A file that waits says nothing yet; one whose withdrawal waits still counts. */
export const FILE_STATUSES = ['TAKEN', 'AWAITING_CONFIRMATION', 'AWAITING_WITHDRAWAL', 'WITHDRAWN'] as const;
export type FileStatus = (typeof FILE_STATUSES)[number];
