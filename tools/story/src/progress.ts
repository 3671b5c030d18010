// @ts-nocheck
// What a scene says of itself while it runs: a bar that is redrawn on a terminal, else a line now and then.
import { number } from './words.js';

const BAR_CELLS = 24;
const REDRAWN_EVERY_MS = 120;
/** A log is read later: it needs to know that something goes on, not how fast. */
const SAID_EVERY_MS = 10_000;

/**
 * @callback Count how far a scene has come: `progress(3120, 8806, 'declared')`
 * @param {number} done
 * @param {number} total
 * @param {string} what
 */
/** @typedef {Count & { step(words: string): void }} Progress `step` says what cannot be counted */

/** For whoever plays a scene without an audience. @type {Progress} */
export const silent = Object.assign(() => undefined, { step: () => undefined });

/** How far it has come, in words: `declared 3,120 of 8,806`. */
export const farInWords = ({ done, total, what }) =>
  total === undefined ? (what ?? '') : `${what} ${number(done)} of ${number(total)}`;

/** One line of at most `width` signs: longer, it would not be redrawn in place. */
export function barText(far, seconds, width = 80) {
  const time = `${Math.floor(seconds)} s`;
  const text =
    far.total === undefined
      ? `    ${farInWords(far)}  ${time}`
      : `    [${bar(far.done, far.total)}] ${farInWords(far)}  ${time}`;
  return text.slice(0, width - 1);
}

function bar(done, total) {
  const share = total === 0 ? 1 : Math.min(1, done / total);
  const filled = Math.floor(share * BAR_CELLS);
  return '#'.repeat(filled) + '.'.repeat(BAR_CELLS - filled);
}

/** @param {{ isTTY?: boolean }} stream @param {Record<string, string | undefined>} env */
export const canRedraw = (stream, env = process.env) => stream.isTTY === true && env.TERM !== 'dumb';

/**
 * Follows one scene until `end`.
 * @param {{ stream: NodeJS.WriteStream, say: (line: string) => void, now?: () => number, redraws?: boolean }} to
 *   `stream` takes the bar, `say` the lines of a log
 */
export function followScene({ stream, say, now = () => performance.now(), redraws = canRedraw(stream) }) {
  const started = now();
  let far = {};
  let saidAt = started;
  const draw = () => stream.write(`\r\x1b[K${barText(far, (now() - started) / 1000, stream.columns ?? 80)}`);
  const timer = redraws ? setInterval(draw, REDRAWN_EVERY_MS) : undefined;
  timer?.unref();
  const show = (next) => {
    far = next;
    if (redraws || now() - saidAt < SAID_EVERY_MS) return;
    saidAt = now();
    say(`    ${farInWords(far)}`);
  };
  const progress = (done, total, what) => show({ done, total, what });
  progress.step = (what) => show({ what });
  return {
    progress,
    far: () => farInWords(far),
    seconds: () => (now() - started) / 1000,
    end: () => {
      clearInterval(timer);
      if (redraws) stream.write('\r\x1b[K');
    },
  };
}
