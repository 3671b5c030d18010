// What a scene says of itself while it runs: a bar that is redrawn on a terminal, else a line now and then.
import type { Progress } from '@attest/invariants/progress';
import { number } from './words.js';

const BAR_CELLS = 24;
const REDRAWN_EVERY_MS = 120;
/** A log is read later: it needs to know that something goes on, not how fast. */
const SAID_EVERY_MS = 10_000;

/** How far a scene has come; without a total `what` says what cannot be counted. */
export interface Far {
  readonly done?: number;
  readonly total?: number;
  readonly what?: string;
}

/** A terminal, a file or a pipe, as far as a bar needs to know. */
export interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export interface FollowedScene {
  readonly progress: Progress;
  far(): string;
  seconds(): number;
  end(): void;
}

/** How far it has come, in words: `declared 3,120 of 8,806`. */
export const farInWords = ({ done = 0, total, what = '' }: Far) =>
  total === undefined ? what : `${what} ${number(done)} of ${number(total)}`;

/** One line of at most `width` signs: longer, it would not be redrawn in place. */
export function barText(far: Far, seconds: number, width = 80): string {
  const time = `${Math.floor(seconds)} s`;
  const text =
    far.total === undefined
      ? `    ${farInWords(far)}  ${time}`
      : `    [${bar(far.done ?? 0, far.total)}] ${farInWords(far)}  ${time}`;
  return text.slice(0, width - 1);
}

function bar(done: number, total: number): string {
  const share = total === 0 ? 1 : Math.min(1, done / total);
  const filled = Math.floor(share * BAR_CELLS);
  return '#'.repeat(filled) + '.'.repeat(BAR_CELLS - filled);
}

export const canRedraw = (stream: Pick<Screen, 'isTTY'>, env: NodeJS.ProcessEnv = process.env) =>
  stream.isTTY === true && env.TERM !== 'dumb';

export interface Audience {
  /** Takes the bar. */
  readonly stream: Screen;
  /** Takes the lines of a log. */
  readonly say: (line: string) => void;
  readonly now?: () => number;
  readonly redraws?: boolean;
}

/** Follows one scene until `end`. */
export function followScene({
  stream,
  say,
  now = () => performance.now(),
  redraws = canRedraw(stream),
}: Audience): FollowedScene {
  const started = now();
  let far: Far = {};
  let saidAt = started;
  const draw = () => stream.write(`\r\x1b[K${barText(far, (now() - started) / 1000, stream.columns ?? 80)}`);
  const timer = redraws ? setInterval(draw, REDRAWN_EVERY_MS) : undefined;
  timer?.unref();
  const show = (next: Far) => {
    far = next;
    if (redraws || now() - saidAt < SAID_EVERY_MS) return;
    saidAt = now();
    say(`    ${farInWords(far)}`);
  };
  const progress = Object.assign((done: number, total: number, what: string) => show({ done, total, what }), {
    step: (what: string) => show({ what }),
  });
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
