/** Progress goes to standard error: standard output is the result's. @param {string} line */
export function say(line) {
  process.stderr.write(`${line}\n`);
}
