import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const ROOMS = ['libs', 'services', 'test', 'tools'];

/** The path of every spec, from the project's folder. */
export const ALL_SPECS: readonly string[] = ROOMS.flatMap((room) =>
  readdirSync(room, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.spec.ts') && !/(^|\/)(node_modules|dist)\//.test(path))
    .map((path) => join(room, path)),
);
