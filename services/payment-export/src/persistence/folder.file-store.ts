import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { FileStore } from '../application/ports.js';
import { PaymentExportSettings } from '../config/payment-export.settings.js';
import { SealedFileDiffersError } from '../domain/payment.errors.js';

/** A folder. A file appears whole or not at all, and is never written over. */
@Injectable()
export class FolderFileStore extends FileStore {
  constructor(private readonly settings: PaymentExportSettings) {
    super();
  }

  async put(fileName: string, bytes: Buffer): Promise<void> {
    const folder = this.settings.FILE_STORE;
    await mkdir(folder, { recursive: true });
    const unfinished = join(folder, `.${fileName}.${randomUUID()}`);
    try {
      const file = await open(unfinished, 'wx', 0o640);
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
      // Unlike rename, link fails where something stands already.
      await link(unfinished, join(folder, fileName));
      await syncFolder(folder);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      if (!(await this.read(fileName)).equals(bytes)) throw new SealedFileDiffersError(fileName);
    } finally {
      await unlink(unfinished).catch(() => undefined);
    }
  }

  async read(fileName: string): Promise<Buffer> {
    return readFile(join(this.settings.FILE_STORE, fileName));
  }
}

/** The name itself must survive a power cut, not only the bytes. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
