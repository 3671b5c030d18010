import { Injectable } from '@nestjs/common';
import { uuidV7 } from '@attest/contracts';
import { closeSync, createReadStream, mkdirSync, openSync, writeSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { RejectedRowsSpool, type RejectedRows } from '../application/ports.js';
import { ExtractionIntakeSettings } from '../config/extraction-intake.settings.js';
import type { RejectedRow } from '../domain/rejected-row.js';

const HELD_IN_MEMORY = 2_000;

@Injectable()
export class DiskRejectedRowsSpool extends RejectedRowsSpool {
  private readonly folder: string;

  constructor(settings: ExtractionIntakeSettings) {
    super();
    this.folder = join(settings.FILE_STORE, 'incoming');
  }

  open(): RejectedRows {
    return new SpooledRows(this.folder);
  }
}

/** The first rows in memory, all further ones in a file of JSON lines that ends with the upload. */
class SpooledRows implements RejectedRows {
  count = 0;
  private held: RejectedRow[] = [];
  private path: string | undefined;
  private descriptor: number | undefined;

  constructor(private readonly folder: string) {}

  add(row: RejectedRow): void {
    this.count++;
    this.held.push(row);
    if (this.held.length >= HELD_IN_MEMORY) this.spill();
  }

  async *read(): AsyncGenerator<RejectedRow> {
    if (this.path !== undefined) {
      const lines = createInterface({ input: createReadStream(this.path), crlfDelay: Infinity });
      for await (const line of lines) yield JSON.parse(line) as RejectedRow;
    }
    yield* this.held;
  }

  async close(): Promise<void> {
    if (this.descriptor !== undefined) closeSync(this.descriptor);
    this.descriptor = undefined;
    if (this.path !== undefined) await rm(this.path, { force: true });
  }

  /** Synchronous, because rows come from within a scan; 2,000 at a time. */
  private spill(): void {
    if (this.descriptor === undefined) {
      mkdirSync(this.folder, { recursive: true });
      this.path = join(this.folder, `${uuidV7()}.rejected`);
      this.descriptor = openSync(this.path, 'wx');
    }
    writeSync(this.descriptor, this.held.map((row) => `${JSON.stringify(row)}\n`).join(''));
    this.held = [];
  }
}
