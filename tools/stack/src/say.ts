// @ts-nocheck
/** Standard error: where standard output is a result's alone. @param {string} line */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/** Standard output, which people read, unless it is to hold one JSON object. @param {{ json: boolean }} options */
export function sayTo({ json }) {
  return json ? say : (/** @type {string} */ line) => void process.stdout.write(`${line}\n`);
}
