/** Standard error: where standard output is a result's alone. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Standard output, which people read, unless it is to hold one JSON object. */
export function sayTo({ json }: { json: boolean }): (line: string) => void {
  return json ? say : (line) => void process.stdout.write(`${line}\n`);
}
