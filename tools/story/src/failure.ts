// A month that did not end: one paragraph for people, the rest for whoever repairs it.

export interface Failure {
  /** Of the scene that was played, if one was. */
  readonly title?: string | undefined;
  readonly seconds?: number | undefined;
  /** How far the scene had come. */
  readonly far?: string | undefined;
  readonly error: unknown;
  readonly logs: string;
  /** Of a month that was played before. */
  readonly found?: boolean;
}

export function failureInWords({ title, seconds = 0, far, error, logs, found = false }: Failure): string {
  return [
    title
      ? `“${title}” did not end; it stopped after ${seconds.toFixed(1)} s.`
      : found
        ? 'The month that was found did not come up whole.'
        : 'The month did not end.',
    sentence(messageOf(error)),
    ...(far ? [`It had come to: ${sentence(far)}`] : []),
    `What the services said is in ${logs}${found ? '.' : '; the next start begins the month anew.'}`,
  ].join(' ');
}

export const jsonOfFailure = ({ title, seconds, far, error, logs }: Failure) => ({
  failed: messageOf(error),
  failure: { scene: title, seconds, far, logs, stack: error instanceof Error ? error.stack : undefined },
});

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

const sentence = (words: string) => (/[.!?]$/.test(words) ? words : `${words}.`);
