import { isUtf8 } from 'node:buffer';

/** Whether bytes that come in chunks are UTF-8. A character may be cut by a chunk's end. */
export class Utf8Check {
  private cut: Buffer = Buffer.alloc(0);

  /** False as soon as they are not. */
  push(chunk: Buffer): boolean {
    const bytes = this.cut.length === 0 ? chunk : Buffer.concat([this.cut, chunk]);
    const whole = bytes.length - unfinished(bytes);
    this.cut = Buffer.from(bytes.subarray(whole));
    return isUtf8(bytes.subarray(0, whole));
  }

  end(): boolean {
    return this.cut.length === 0;
  }
}

/** How many bytes at the end begin a character that is not all here. */
function unfinished(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const c = bytes[bytes.length - back]!;
    if (c < 0x80) return 0;
    if (c >= 0xc0) {
      const needs = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2;
      return needs > back ? back : 0;
    }
  }
  return 0;
}
