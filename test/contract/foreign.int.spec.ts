import { randomUUID } from 'node:crypto';
import { recordOrganisations } from '@attest/auth';
import { SERVICES } from '@attest/contracts';
import { describe, expect, it } from '@jest/globals';
import { askedService, type AskedService } from './asked-service.js';
import { FOREIGN_ROUTES, HOSTED_ROUTES, type ForeignRoute, type Named } from './foreign-routes.js';
import { rowsOfSomebody } from './rows-of-somebody.js';

/** Both of the same length, so that not even that differs. */
const SOMEBODYS: Named = {
  id: '01990000-0000-7000-8000-0000000000aa',
  practice: 'A81001',
  pcn: 'U81001',
  commissioner: 'QFF',
  agency: 'XPAY',
  fileName: 'FILE-A.csv',
};
const NOBODYS: Named = {
  id: '01990000-0000-7000-8000-0000000000bb',
  practice: 'A81009',
  pcn: 'U81009',
  commissioner: 'QFG',
  agency: 'XPAZ',
  fileName: 'FILE-B.csv',
};
const DIRECTORY = [
  ['ENGLAND', 'national', []],
  ['QFF', 'commissioner', ['ENGLAND']],
  ['U81001', 'pcn', ['QFF', 'ENGLAND']],
  ['A81001', 'practice', ['U81001', 'QFF', 'ENGLAND']],
  ['XPAY', 'agency', ['ENGLAND']],
  ['QZZ', 'commissioner', ['ENGLAND']],
  ['A89999', 'practice', ['QZZ', 'ENGLAND']],
] as const;

const PREFIX = '/api/v1/';

interface Document {
  readonly paths: Record<string, Record<string, object>>;
}
const routesOf = (document: unknown): string[] =>
  Object.entries((document as Document).paths)
    .filter(([path]) => path.startsWith(PREFIX))
    .flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.slice(PREFIX.length)}`),
    );

const partOf = (name: string, path: string, named: Named): string => {
  if (path.startsWith('pcns/')) return named.pcn;
  if (/^(code|practice|organisation|organisationCode|providerCode)$/.test(name)) return named.practice;
  if (/^service/.test(name)) return 'XVI2223';
  const fixed: Record<string, string> = { date: '2026-03-31', line: '1', fileName: named.fileName };
  return fixed[name] ?? named.id;
};

interface Told {
  readonly status: number;
  readonly code: string;
  /** Everything that was answered, with what the request named left out. */
  readonly all: string;
}

async function ask(
  { url, headers }: AskedService,
  personId: string,
  route: string,
  { query, body }: ForeignRoute,
  named: Named,
): Promise<Told> {
  const [method, path] = route.split(' ') as [string, string];
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => partOf(name, path, named));
  const answer = await fetch(`${url}${PREFIX}${filled}?${new URLSearchParams(query?.(named) ?? {})}`, {
    method,
    headers: {
      ...(await headers(personId)),
      ...(method === 'POST' ? { 'idempotency-key': randomUUID(), 'if-match': '"1"' } : {}),
      ...(body ? { 'content-type': 'application/json' } : {}),
    },
    ...(body ? { body: JSON.stringify(body(named)) } : {}),
  });
  const text = await answer.text();
  const told = [...answer.headers].filter(([name]) => !/^(date|.*correlation-id)$/.test(name));
  const all = Object.values(named).reduce(
    (said: string, value: string) => said.replaceAll(value, '#'),
    `${answer.status} ${JSON.stringify(told)} ${text}`,
  );
  return {
    status: answer.status,
    code: /"code":"(\w+)"/.exec(text)?.[1] ?? '',
    // A preview is a thing of its own each time.
    all: all.replace(/"(previewId|madeAt|expiresAt)":"[^"]*"/g, '"$1":"#"'),
  };
}

describe.each(SERVICES)('%s', (name) => {
  it('answers what is none of the caller’s as what does not exist, byte for byte, on every route', async () => {
    const table = { ...FOREIGN_ROUTES[name], ...HOSTED_ROUTES };
    await askedService(name, async (service) => {
      expect(routesOf(service.document).sort()).toEqual(Object.keys(table).sort());
      await service.database.transaction((tx) =>
        recordOrganisations(
          tx,
          DIRECTORY.map(([code, kind, ancestors]) => ({
            code,
            kind,
            name: code,
            commissionerCode: null,
            ancestors: [...ancestors],
            openOn: '2013-04-01',
            closeOn: null,
            payee: null,
            listSizes: [],
            organisationVersion: 1,
          })),
        ),
      );
      await rowsOfSomebody(service.database, SOMEBODYS);
      await service.appoint('stranger', 'QZZ');
      for (const code of ['ENGLAND', SOMEBODYS.agency]) await service.appoint('everything', code);
      const wrong: unknown[] = [];
      for (const [route, entry] of Object.entries(table)) {
        if ('nobodys' in entry) continue;
        const somebodys = await ask(service, 'stranger', route, entry, SOMEBODYS);
        const nobodys = await ask(service, 'stranger', route, entry, NOBODYS);
        if (somebodys.all !== nobodys.all) wrong.push([route, 'differs', somebodys.all, nobodys.all]);
        const isCode = /^[A-Z_]+$/.test(entry.says);
        if (isCode ? somebodys.code !== entry.says : somebodys.status >= 300)
          wrong.push([route, 'says', somebodys.all]);
        if (isCode && somebodys.status !== (NO_SECRET.has(entry.says) ? 403 : 404))
          wrong.push([route, 'status', somebodys.all]);
      }
      // It is there: to whoever may see it, it is not unknown.
      for (const [route, entry] of Object.entries(table)) {
        if ('nobodys' in entry || !/^[A-Z_]+$/.test(entry.says) || NO_SECRET.has(entry.says)) continue;
        if (/\{(bulk|preview)Id\}/.test(route)) continue;
        const seen = await ask(service, 'everything', route, entry, SOMEBODYS);
        if (seen.code === entry.says) wrong.push([route, 'is not there', seen.all]);
      }
      expect(wrong).toEqual([]);
    });
  });
});

/** Of England as a whole, or of operators: refused before anything is looked up. */
const NO_SECRET = new Set(['ROLE_MISSING', 'NOT_YOUR_ORGANISATION']);
