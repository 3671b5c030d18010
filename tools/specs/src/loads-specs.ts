import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { projectFolder } from '@attest/stack/paths';

/** Node's option that loads specs; processes started with NODE_OPTIONS inherit it. */
export const LOADS_SPECS = `--import=${pathToFileURL(join(projectFolder, 'test', 'jest', 'register.mjs')).href}`;
