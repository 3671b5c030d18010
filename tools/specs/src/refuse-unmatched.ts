import { join } from 'node:path';
import { CannotStart } from '@attest/stack/cannot-start';
import { projectFolder } from '@attest/stack/paths';

/** With these the words behind are files, and Jest itself looks for them. */
const NAMES_FILES = /^--(findRelatedTests|runTestsByPath)\b/;

/**
 * Jest passes over a pattern that matches nothing where another one matches: a mistake in it would look like success.
 * @param args what Jest is given; a word behind an option may be that option's, and is not looked at
 * @param specs paths from the project's folder
 * @throws CannotStart
 */
export function refuseUnmatched(args: readonly string[], specs: readonly string[]): void {
  if (args.some((arg) => NAMES_FILES.test(arg))) return;
  const patterns = args.filter((arg, at) => !arg.startsWith('-') && !args[at - 1]?.startsWith('-'));
  const unmatched = patterns.filter((pattern) => {
    const matcher = new RegExp(pattern.replace(/^\.\//, ''), 'i');
    return !specs.some((path) => matcher.test(join(projectFolder, path)));
  });
  if (unmatched.length > 0)
    throw new CannotStart(`No spec's path matches ${unmatched.join(', ')}. Name a part of one.`);
}
