/** How long messaging keeps what it has written, in days. The README's table says the same. */
export const KEEP_DAYS = {
  /** Longer than topics are kept (35 days), so that a broker's loss can be made good from the archive. */
  archive: 60,
  /** Longer than topics are kept plus the time in which somebody may replay. */
  inbox: 60,
  barriers: 60,
  /** What operators did and what they gave up: a financial year and the time in which it is asked about. */
  operators: 500,
} as const;

export const PARTITIONS_AHEAD_DAYS = 7;
