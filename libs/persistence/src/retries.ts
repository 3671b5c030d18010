import { setTimeout as pause } from 'node:timers/promises';
import { isRetryableTransaction } from './passing-failures.js';

const ATTEMPTS = 5;
const FIRST_RETRY_MS = 10;

/** Runs `once` again, at most 5 times, when PostgreSQL answers 40001 or 40P01. */
export async function withRetries<T>(once: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await once();
    } catch (error) {
      if (attempt >= ATTEMPTS || !isRetryableTransaction(error)) throw error;
      // Jitter, or two that deadlocked meet again.
      await pause(FIRST_RETRY_MS * 2 ** (attempt - 1) * (0.5 + Math.random()));
    }
  }
}
