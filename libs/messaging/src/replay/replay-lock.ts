import type { Database } from '@attest/persistence';

/**
 * Who carries out a replay holds this lock by a session of its own: it is free again as soon as the process is gone,
 * and then another may take the replay up.
 */
export class ReplayLock {
  private constructor(
    private readonly session: Awaited<ReturnType<Database['connect']>>,
    private held: boolean,
  ) {
    session.on('error', () => void (this.held = false));
    session.on('end', () => void (this.held = false));
  }

  /** Nothing when somebody else holds it. */
  static async take(database: Database, replayId: string): Promise<ReplayLock | undefined> {
    const session = await database.connect();
    try {
      const { rows } = await session.query<{ ours: boolean }>(
        `SELECT pg_try_advisory_lock(hashtextextended('attest.replay:' || $1, 0)) AS ours`,
        [replayId],
      );
      if (rows[0]?.ours) return new ReplayLock(session, true);
    } catch (error) {
      await session.end();
      throw error;
    }
    await session.end();
    return undefined;
  }

  get isHeld(): boolean {
    return this.held;
  }

  async release(): Promise<void> {
    await this.session.end().catch(() => undefined);
  }
}
