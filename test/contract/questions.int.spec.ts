import { SERVICES } from '@attest/contracts';
import { bindCursor, encodeCursor } from '@attest/http';
import { describe, expect, it } from '@jest/globals';
import { askedService } from './asked-service.js';

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema: { readonly type?: string };
}
interface Question {
  readonly path: string;
  readonly parameters: readonly Parameter[];
}
interface Document {
  readonly paths: Record<string, { get?: { parameters?: Parameter[] } }>;
}

/** Something that fits the parameter and names nothing that there is. */
function made({ name }: Parameter): string {
  if (/Id$/.test(name)) return '01990000-0000-7000-8000-0000000000dd';
  if (/[dD]ate$|On$/.test(name)) return '2026-03-31';
  return /^service/.test(name) ? 'XVI2223' : 'A81001';
}

/** Whether it is a day that somebody may ask about. */
const DATES: Readonly<Record<string, boolean>> = {
  '0001-01-01': true,
  '9998-12-31': true,
  '0000-01-01': false,
  '9999-12-31': false,
  '10000-01-01': false,
  '2026-02-30': false,
  '2026-03-31T00:00:00Z': false,
};

const questionsOf = (document: Document): Question[] =>
  Object.entries(document.paths).flatMap(([path, { get }]) =>
    get && path.startsWith('/api/') ? [{ path, parameters: get.parameters ?? [] }] : [],
  );

const isDate = ({ name, in: place }: Parameter): boolean => place === 'query' && /[dD]ate$|On$/.test(name);

const isNumber = ({ name, in: place, schema }: Parameter): boolean =>
  place === 'query' && (name === 'limit' || schema.type === 'number' || schema.type === 'integer');

/** Asked by somebody who may do everything. */
const asked = (
  name: string,
  work: (
    questions: readonly Question[],
    ask: (question: Question, more: Record<string, string>) => Promise<{ status: number; code: string }>,
    filtersOf: (question: Question) => string,
  ) => Promise<void>,
): Promise<void> =>
  askedService(name, async ({ url, document, headers, appoint }) => {
    await appoint('everything', 'ENGLAND');
    const { authorization } = await headers('everything');
    const required = ({ parameters }: Question): [string, string][] =>
      parameters
        .filter((one) => one.in === 'query' && one.required)
        .map((one): [string, string] => [one.name, made(one)])
        .sort(([a], [b]) => (a < b ? -1 : 1));
    const pathOf = ({ path, parameters }: Question): string =>
      path.replace(/\{(\w+)\}/g, (_, part: string) =>
        made(parameters.find((one) => one.name === part) ?? { name: part, in: 'path', schema: {} }),
      );
    const ask = async (question: Question, more: Record<string, string>) => {
      const query = new URLSearchParams([...required(question), ...Object.entries(more)]);
      const answer = await fetch(`${url}${pathOf(question)}?${query}`, { headers: { authorization } });
      const text = await answer.text();
      const body = answer.status === 200 ? {} : (JSON.parse(text) as { code?: string });
      return { status: answer.status, code: body.code ?? '' };
    };
    await work(questionsOf(document as Document), ask, (question) =>
      JSON.stringify([pathOf(question), required(question)]),
    );
  });

describe.each(SERVICES)('%s', (name) => {
  it('refuses numbers that no column takes, days that no calendar has, and cursors of other lists, filters and kinds', async () => {
    await asked(name, async (questions, ask, filtersOf) => {
      const wrong: unknown[] = [];
      for (const question of questions) {
        for (const { name: parameter } of question.parameters.filter(isNumber))
          for (const value of ['0', '-1', '1.5', '7.7e307', '9e18', '2147483648', 'x']) {
            const answer = await ask(question, { [parameter]: value });
            if (answer.code !== 'REQUEST_FAULTY') wrong.push([question.path, parameter, value, answer]);
          }
        for (const { name: parameter } of question.parameters.filter(isDate))
          for (const [value, mayBe] of Object.entries(DATES)) {
            const { status } = await ask(question, { [parameter]: value });
            if (status >= 500 || (status !== 400 && !mayBe))
              wrong.push([question.path, parameter, value, status]);
          }
        if (!question.parameters.some((one) => one.name === 'cursor')) continue;
        const list = filtersOf(question);
        const end = encodeCursor(['A81001']);
        const others = [
          ['of nothing', 'next'],
          ['unbound', end],
          ['of another list', bindCursor(end, '["/api/v1/others",[]]')],
          ['of other filters', bindCursor(end, list.replace(/\]\]$/, ',["state","paid"]]]'))],
        ];
        for (const [what, cursor] of others) {
          const answer = await ask(question, { cursor: cursor! });
          if (answer.status !== 400 || answer.code !== 'CURSOR_FAULTY')
            wrong.push([question.path, what, answer]);
        }
        // Made up by somebody who knows how: whatever it holds, it is no failure of ours.
        for (const value of ["'; --", '9'.repeat(18), '2026-02-31', '\0'])
          for (const count of [1, 2, 3]) {
            const cursor = bindCursor(encodeCursor(Array<string>(count).fill(value)), list);
            const answer = await ask(question, { cursor });
            if (answer.status >= 500) wrong.push([question.path, value, count, answer]);
          }
      }
      expect(wrong).toEqual([]);
      expect(questions.length).toBeGreaterThan(2);
    });
  });
});
