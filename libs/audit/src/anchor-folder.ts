import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { anchorSignature, type Anchor } from './canonical.js';

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

/** One file per service and day, written once. Whoever can rewrite the database should not be able to write here. */
export class AnchorFolder {
  constructor(
    private readonly folder: string,
    private readonly key: string | undefined,
  ) {}

  async has(service: string, date: string): Promise<boolean> {
    try {
      await readFile(join(this.folder, nameOf(service, date)));
      return true;
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return false;
      throw error;
    }
  }

  /** Where that day has one already, the first stays. */
  async put(anchor: Anchor): Promise<void> {
    const signature = this.key === undefined ? null : anchorSignature(anchor, this.key);
    const name = nameOf(anchor.service, anchor.date);
    await mkdir(this.folder, { recursive: true });
    const unfinished = join(this.folder, `.${name}.${randomUUID()}`);
    try {
      const file = await open(unfinished, 'wx', 0o640);
      try {
        await file.writeFile(`${JSON.stringify({ ...anchor, signature }, null, 2)}\n`);
        await file.sync();
      } finally {
        await file.close();
      }
      // Unlike rename, link fails where something stands already.
      await link(unfinished, join(this.folder, name));
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    } finally {
      await unlink(unfinished).catch(() => undefined);
    }
  }
}

const nameOf = (service: string, date: string): string => `${service}-${date}.anchor.json`;
