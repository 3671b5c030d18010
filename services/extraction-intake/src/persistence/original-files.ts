import { Injectable } from '@nestjs/common';
import { uuidV7 } from '@attest/contracts';
import { createHash } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat, link, type FileHandle } from 'node:fs/promises';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { OriginalFiles, type IncomingOriginal } from '../application/ports.js';
import { OriginalMissingError } from '../domain/extract-file.errors.js';
import { ExtractionIntakeSettings } from '../config/extraction-intake.settings.js';

/** Originals by the hash of their bytes: `<store>/extracts/ab/abcd….bin`; what is still arriving in `<store>/incoming`. */
@Injectable()
export class DiskOriginalFiles extends OriginalFiles {
  private readonly incoming: string;
  private readonly extracts: string;

  constructor(settings: ExtractionIntakeSettings) {
    super();
    this.incoming = join(settings.FILE_STORE, 'incoming');
    this.extracts = join(settings.FILE_STORE, 'extracts');
  }

  async receive(): Promise<IncomingOriginal> {
    await mkdir(this.incoming, { recursive: true });
    const path = join(this.incoming, uuidV7());
    return new DiskOriginal(await open(path, 'wx'), path, this.extracts);
  }

  async open(sha256: string): Promise<Readable> {
    const path = join(this.extracts, sha256.slice(0, 2), `${sha256}.bin`);
    await stat(path).catch(() => {
      throw new OriginalMissingError(sha256);
    });
    return createReadStream(path);
  }

  async forgetUnfinished(olderThanMs: number): Promise<number> {
    await mkdir(this.incoming, { recursive: true });
    let forgotten = 0;
    for (const name of await readdir(this.incoming)) {
      const path = join(this.incoming, name);
      const found = await stat(path).catch(() => undefined);
      if (!found || Date.now() - found.mtimeMs < olderThanMs) continue;
      await rm(path, { force: true });
      forgotten++;
    }
    return forgotten;
  }
}

class DiskOriginal implements IncomingOriginal {
  private readonly hash = createHash('sha256');
  private bytes = 0;
  private sha256: string | undefined;
  private closed = false;

  constructor(
    private readonly handle: FileHandle,
    private readonly path: string,
    private readonly extracts: string,
  ) {}

  async write(chunk: Buffer): Promise<void> {
    this.hash.update(chunk);
    this.bytes += chunk.length;
    await this.handle.appendFile(chunk);
  }

  async finish(): Promise<{ sha256: string; bytes: number }> {
    await this.handle.sync();
    await this.close();
    this.sha256 ??= this.hash.digest('hex');
    return { sha256: this.sha256, bytes: this.bytes };
  }

  async keep(): Promise<void> {
    const { sha256 } = await this.finished();
    const folder = join(this.extracts, sha256.slice(0, 2));
    await mkdir(folder, { recursive: true });
    const path = join(folder, `${sha256}.bin`);
    // link() refuses to replace: the first bytes under a name are the only ones.
    await link(this.path, path).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return;
      // Some mounted stores have no hard links.
      if (error.code === 'EPERM' || error.code === 'ENOTSUP' || error.code === 'EOPNOTSUPP')
        await rename(this.path, path);
      else throw error;
    });
    await syncFolder(folder);
  }

  async discard(): Promise<void> {
    await this.close();
    await rm(this.path, { force: true });
  }

  private finished(): Promise<{ sha256: string; bytes: number }> {
    if (this.sha256 === undefined) throw new Error('an original is kept after it is finished');
    return Promise.resolve({ sha256: this.sha256, bytes: this.bytes });
  }

  private async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    await this.handle.close();
  }
}

/** A new name is only durable once its folder is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
