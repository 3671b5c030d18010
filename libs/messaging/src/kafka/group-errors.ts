const JOIN_AGAIN: ReadonlySet<unknown> = new Set([
  'REBALANCE_IN_PROGRESS',
  'NOT_COORDINATOR_FOR_GROUP',
  'ILLEGAL_GENERATION',
  'UNKNOWN_MEMBER_ID',
]);

/** Whether a heartbeat was answered with: the group shares its partitions out anew, join it again. */
export function hasToJoinAgain(error: unknown): boolean {
  return JOIN_AGAIN.has((error as { readonly type?: unknown } | undefined)?.type);
}
