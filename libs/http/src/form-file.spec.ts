import { describe, expect, it } from '@jest/globals';
import { Readable } from 'node:stream';
import { fileOfForm } from './form-file.js';

const BOUNDARY = '----WebKitFormBoundary7MA4YWxk';
const TYPE = `multipart/form-data; boundary=${BOUNDARY}`;
const field = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="layout"\r\n\r\ncqrs\r\n`;
const file = (content: string, name = 'filename="extract.csv"') =>
  `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; ${name}\r\nContent-Type: application/vnd.ms-excel\r\n\r\n${content}\r\n`;
const end = `--${BOUNDARY}--\r\n`;

/** In pieces of a size, as a socket may cut it anywhere. */
async function read(form: string, size: number, type = TYPE): Promise<string> {
  const bytes = Buffer.from(form);
  const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
    bytes.subarray(i * size, (i + 1) * size),
  );
  const chunks: Buffer[] = [];
  for await (const chunk of fileOfForm(Readable.from(pieces, { objectMode: false }), type))
    chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

describe('the one file of a form', () => {
  const content = `a,b\r\n1,2\r\n--${BOUNDARY.slice(0, -1)}\r\n\r\nlast`;

  it.each([
    ['alone', file(content) + end, content],
    ['between fields', field + file(content) + field + end, content],
    ['with a name in UTF-8', file(content, "filename*=UTF-8''%e2.csv") + end, content],
    ['without a byte', file('') + end, ''],
    ['behind a part without headers', `--${BOUNDARY}\r\n\r\nx\r\n${file(content)}${end}`, content],
    ['behind words that are no part', `words\r\n${file(content)}${end}more words`, content],
  ])('is read %s, wherever its bytes are cut', async (_where, form, expected) => {
    for (const size of [1, 2, 7, 64, 100_000]) expect(await read(form, size)).toBe(expected);
  });

  it('is read with a boundary in quotes', async () => {
    expect(await read(file('x') + end, 9, `Multipart/Form-Data; charset=utf-8; Boundary="${BOUNDARY}"`)).toBe(
      'x',
    );
  });

  it.each([
    ['that is cut off', file(content), 'FORM_FAULTY'],
    ['without a boundary in it', 'a,b\r\n1,2\r\n', 'FORM_FAULTY'],
    ['with headers without end', `--${BOUNDARY}\r\n${'x'.repeat(20_000)}`, 'FORM_FAULTY'],
    ['with a field that never ends', `${field.trimEnd()}${'x'.repeat(1_100_000)}`, 'FORM_FAULTY'],
    ['with much behind it', file('x') + end + 'x'.repeat(1_100_000), 'FORM_FAULTY'],
    ['without a file', field + end, 'FORM_WITHOUT_FILE'],
    ['in which none was chosen', file('', 'filename=""') + end, 'FORM_WITHOUT_FILE'],
    ['with two files', file(content) + file('x') + end, 'SEVERAL_FILES'],
  ])('of a form %s is refused', async (_what, form, code) => {
    for (const size of form.length < 50_000 ? [1, 64, 100_000] : [100_000])
      await expect(read(form, size)).rejects.toMatchObject({ code, status: 400 });
  });

  it('needs a boundary', () => {
    expect(() => fileOfForm(Readable.from([]), 'multipart/form-data')).toThrow(
      expect.objectContaining({ code: 'FORM_FAULTY' }) as unknown as Error,
    );
  });
});
