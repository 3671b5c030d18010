import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Platform } from './platform.js';

const STOP_LIMIT_MS = 9_000;
const CLOSE_IDLE_EVERY_MS = 50;

/**
 * No new work first, then what is under way, then what it needs: requests, jobs and chunks end; the relay sends what
 * they left; the pool closes. What has not ended in 9 s is given up: everything is written so that a crash is safe.
 */
export async function stopInOrder(
  platform: Platform,
  app: NestFastifyApplication | undefined,
): Promise<void> {
  const { readiness, scheduler, movableClock, messaging, database, metrics, logger } = platform;
  readiness.accept(false);
  const steps: [name: string, stop: () => Promise<unknown> | void][] = [
    ['scheduler', () => scheduler.stop()],
    ['http and consumer', () => closeInputs(app)],
    ['relay', () => messaging.stop()],
    ['clock', () => movableClock.stop()],
    ['database', () => database.close()],
    ['metrics', () => metrics.close()],
  ];
  let current = 'nothing';
  const ended = (async () => {
    for (const [name, stop] of steps) {
      current = name;
      try {
        await stop();
      } catch (error) {
        logger.error('STOP_STEP_FAILED', { step: name }, error);
      }
    }
    return true;
  })();
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, STOP_LIMIT_MS, false);
  });
  const inTime = await Promise.race([ended, tooLong]);
  clearTimeout(timer);
  if (inTime) logger.info('SERVICE_STOPPED');
  else logger.error('STOP_TOOK_TOO_LONG', { step: current, limitMs: STOP_LIMIT_MS });
}

/**
 * Ends requests and chunks. A connection whose last request ends after the stop began would be kept alive for a minute,
 * so idle ones are closed until all are.
 */
async function closeInputs(app: NestFastifyApplication | undefined): Promise<void> {
  if (!app) return;
  const idle = setInterval(() => app.getHttpServer().closeIdleConnections(), CLOSE_IDLE_EVERY_MS);
  try {
    await app.close();
  } finally {
    clearInterval(idle);
  }
}
