import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { failpoint } from '@attest/messaging';
import { FileStore } from '../application/ports.js';
import { PaymentExportSettings } from '../config/payment-export.settings.js';
import {
  FileStoreUnavailableError,
  SealedFileDiffersError,
  SealedFileMissingError,
} from '../domain/payment.errors.js';

const SEALED = /^ATTEST-.+\.csv(\.manifest\.json)?$/;
const UNFINISHED = /^\.ATTEST-.+\.[0-9a-f-]{36}$/;
/** Nobody writes one file that long; what is older was left by a crash. */
const UNFINISHED_FOR_MS = 3_600_000;

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

/** A folder. A file appears whole or not at all, and is never written over. */
@Injectable()
export class FolderFileStore extends FileStore implements OnModuleInit {
  constructor(private readonly settings: PaymentExportSettings) {
    super();
  }

  async onModuleInit(): Promise<void> {
    await orUnavailable(async () => {
      await mkdir(this.folder, { recursive: true });
      for (const name of await readdir(this.folder)) {
        if (!UNFINISHED.test(name)) continue;
        const { mtimeMs } = await stat(join(this.folder, name));
        if (mtimeMs < Date.now() - UNFINISHED_FOR_MS) await unlink(join(this.folder, name));
      }
    });
  }

  async put(fileName: string, bytes: Buffer): Promise<void> {
    const unfinished = join(this.folder, `.${fileName}.${randomUUID()}`);
    const stands = await orUnavailable(async () => {
      try {
        await writeSynced(unfinished, bytes);
        failpoint('file-before-link');
        // Unlike rename, link fails where something stands already.
        await link(unfinished, join(this.folder, fileName));
        failpoint('file-after-link');
        return false;
      } catch (error) {
        if (codeOf(error) === 'EEXIST') return true;
        throw error;
      } finally {
        await unlink(unfinished).catch(() => undefined);
      }
    });
    if (stands && !(await this.read(fileName)).equals(bytes)) throw new SealedFileDiffersError(fileName);
    // Also where it stood: the crash that left it may have come before its name was safe.
    await orUnavailable(() => syncFolder(this.folder));
  }

  async read(fileName: string): Promise<Buffer> {
    try {
      return await readFile(join(this.folder, fileName));
    } catch (error) {
      if (codeOf(error) === 'ENOENT') throw new SealedFileMissingError(fileName);
      throw new FileStoreUnavailableError(codeOf(error) ?? 'UNKNOWN');
    }
  }

  async names(): Promise<string[]> {
    const all = await orUnavailable(() => readdir(this.folder));
    return all.filter((name) => SEALED.test(name)).sort();
  }

  private get folder(): string {
    return this.settings.FILE_STORE;
  }
}

/** The file system's errors name paths; what people need is that the store cannot be used, and the system's code. */
async function orUnavailable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined) throw error;
    throw new FileStoreUnavailableError(code);
  }
}

async function writeSynced(path: string, bytes: Buffer): Promise<void> {
  const file = await open(path, 'wx', 0o640);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
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
