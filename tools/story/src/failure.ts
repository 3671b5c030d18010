// @ts-nocheck
// A month that did not end: one paragraph for people, the rest for whoever repairs it.

/** @param {{ title?: string, seconds?: number, far?: string, error: unknown, logs: string }} failure */
export function failureInWords({ title, seconds, far, error, logs, found = false }) {
  return [
    title
      ? `“${title}” did not end; it stopped after ${seconds.toFixed(1)} s.`
      : found
        ? 'The month that was found did not come up whole.'
        : 'The month did not end.',
    sentence(String(error?.message ?? error)),
    ...(far ? [`It had come to: ${sentence(far)}`] : []),
    `What the services said is in ${logs}${found ? '.' : '; the next start begins the month anew.'}`,
  ].join(' ');
}

export const jsonOfFailure = ({ title, seconds, far, error, logs }) => ({
  failed: String(error?.message ?? error),
  failure: { scene: title, seconds, far, logs, stack: error?.stack },
});

const sentence = (words) => (/[.!?]$/.test(words) ? words : `${words}.`);
