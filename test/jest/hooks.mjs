/**
 * How Node loads specs: TypeScript as swc makes it, our packages from their sources. A spec and its helpers are loaded
 * anew for each spec, by a query in their addresses; everything else once for the process.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { transform } from '@swc/core';
import swc from './swc.cjs';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const QUERY = /\?spec=\d+$/;
const GLOBALS = 'attest:jest-globals';
const GLOBALS_SOURCE = `
  export const { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest, test } =
    globalThis[Symbol.for('attest.jest-globals')];`;

/** @type {import('node:module').ResolveHook} */
export async function resolve(specifier, context, next) {
  const [spec = ''] = QUERY.exec(specifier) ?? QUERY.exec(context.parentURL ?? '') ?? [];
  if (specifier === '@jest/globals') return { url: `${GLOBALS}${spec}`, shortCircuit: true };
  const url = packageSource(specifier) ?? relativeSource(specifier, context.parentURL);
  if (!url) return next(specifier, context);
  const isOfASpec =
    url.endsWith('.spec.ts') ||
    fileURLToPath(url)
      .slice(PROJECT.length - 1)
      .includes('/test/');
  return { url: isOfASpec ? `${url}${spec}` : url, shortCircuit: true };
}

/** @type {import('node:module').LoadHook} */
export async function load(url, context, next) {
  if (url.startsWith(GLOBALS)) return { format: 'module', source: GLOBALS_SOURCE, shortCircuit: true };
  const address = url.replace(QUERY, '');
  if (!address.startsWith('file:') || !address.endsWith('.ts')) return next(url, context);
  const filename = fileURLToPath(address);
  const { code } = await transform(await readFile(filename, 'utf8'), { ...swc, filename });
  return { format: 'module', source: code, shortCircuit: true };
}

/** @param {string} specifier */
function packageSource(specifier) {
  const [, name, part = 'index'] = /^@attest\/([^/]+)(?:\/(.+))?$/.exec(specifier) ?? [];
  if (!name) return undefined;
  const sources = ['libs', 'services', 'tools']
    .map((kind) => join(PROJECT, kind, name, 'src', part))
    .flatMap((path) => [`${path}.ts`, join(path, 'index.ts')]);
  const source = sources.find((path) => existsSync(path));
  return source && pathToFileURL(source).href;
}

/**
 * Sources name each other by the file that they compile to.
 * @param {string} specifier
 * @param {string | undefined} parent
 */
function relativeSource(specifier, parent) {
  if (!/^(\.\.?\/|file:)/.test(specifier)) return undefined;
  const url = new URL(specifier, parent);
  url.search = '';
  if (url.pathname.includes('/node_modules/')) return undefined;
  if (url.pathname.endsWith('.ts')) return url.href;
  const source = new URL(url.href.replace(/\.js$/, '.ts'));
  return url.pathname.endsWith('.js') && existsSync(source) ? source.href : undefined;
}
