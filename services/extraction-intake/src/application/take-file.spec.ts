import { expect, it } from '@jest/globals';
import type { Tx } from '@attest/persistence';
import type { Reference } from '../domain/reference.js';
import type { RowReader } from '../domain/row-reader.js';
import type { NewExtractFile, ToldRows } from './ports.js';
import { TakeFile } from './take-file.js';

it('an original that was withdrawn while it was read again is not taken', async () => {
  const done: string[] = [];
  const step =
    <T>(name: string, answer?: T) =>
    () => {
      done.push(name);
      return Promise.resolve(answer);
    };
  const files = {
    lockBytes: step('lock bytes'),
    isWithdrawn: step('is it withdrawn', true),
    readings: step('readings', 1),
    addTaken: step('add'),
  };
  const pages = { lockPeriods: step('lock periods') };
  const taking = new TakeFile(
    ...([files, pages, {}, {}, {}, {}, {}] as unknown as ConstructorParameters<typeof TakeFile>),
  );
  const rows = { collectors: () => [], counts: {} } as unknown as RowReader;
  const file = { fileId: 'b', reading: 2, readFrom: 'a' } as NewExtractFile;
  await expect(taking.run({} as Tx, file, {} as Reference, rows, {} as ToldRows)).rejects.toMatchObject({
    code: 'FILE_WITHDRAWN',
    facts: { fileId: 'a' },
  });
  // Whoever withdraws it holds the periods, so it is asked once they are ours.
  expect(done).toEqual(['lock bytes', 'lock periods', 'is it withdrawn']);
});
