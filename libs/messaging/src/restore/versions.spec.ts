import { describe, expect, it } from '@jest/globals';
import { draws } from '@attest/testing';
import { epochAfter, Versions, type Epoch } from './versions.js';

const { count, seed, repeat } = draws({ name: 'RESTORE_SEQUENCES', usual: 2_000, full: 50_000 });

interface Told {
  readonly epoch: number;
  readonly key: string;
  readonly version: number;
  readonly says: number;
}
/** What a backup holds: the newest version of each thing, the epoch, and how far the log had come. */
interface Kept {
  readonly stands: ReadonlyMap<string, { readonly version: number; readonly says: number }>;
  readonly epoch: Epoch;
  readonly logged: number;
}

/** One writer whose database is lost again and again, and its topic, which forgets nothing. */
class Writer {
  readonly log: Told[] = [];
  private now: Kept = { stands: new Map(), epoch: { epoch: 0, versionFloor: 0 }, logged: 0 };
  private readonly backups: Kept[] = [this.now];

  /** Also of something that is not known, or not known any more. */
  tell(key: string, says: number): Told {
    const { epoch, versionFloor } = this.now.epoch;
    const version = new Versions(BigInt(versionFloor)).after(this.now.stands.get(key)?.version ?? 0);
    const told = { epoch, key, version, says };
    this.log.push(told);
    this.now = {
      ...this.now,
      stands: new Map(this.now.stands).set(key, { version, says }),
      logged: this.log.length,
    };
    return told;
  }

  backUp(): void {
    this.backups.push(this.now);
  }

  /** Any backup: also one that knows nothing of an earlier restore. */
  restore(choice: number): void {
    const backup = this.backups[choice % this.backups.length]!;
    this.now = { ...backup, epoch: epochAfter(backup.epoch.epoch, this.log.slice(backup.logged)) };
  }
}

/** As every reader does it: what has no higher version than what is known is dropped. */
function readerOf(log: readonly Told[]): Map<string, Told> {
  const known = new Map<string, Told>();
  for (const told of log) if (told.version > (known.get(told.key)?.version ?? 0)) known.set(told.key, told);
  return known;
}

describe('whatever a writer tells, loses and tells again', () => {
  it(`its readers end with the newest that it told (${repeat})`, () => {
    let state = seed;
    const draw = (below: number): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    let restored = 0;
    for (let sequence = 0; sequence < count; sequence++) {
      const writer = new Writer();
      for (let step = 0; step < 20; step++) {
        const what = draw(10);
        if (what < 6) {
          const told = writer.tell(`key-${draw(3)}`, step);
          expect(readerOf(writer.log).get(told.key)).toBe(told);
        } else if (what < 8) writer.backUp();
        else {
          writer.restore(draw(100));
          restored++;
        }
      }
    }
    expect(restored).toBeGreaterThan(count);
  });

  it('a thing that told more than a million versions still stands below the next epoch', () => {
    const next = epochAfter(0, [{ epoch: 0, version: 1_500_000 }]);
    expect(next).toEqual({ epoch: 1, versionFloor: 1_500_000 });
    expect(new Versions(BigInt(next.versionFloor)).after(3)).toBe(1_500_001);
  });

  it('counts by one while it was never restored, and above the floor', () => {
    expect(new Versions(0n).after(0)).toBe(1);
    expect(new Versions(0n).after(5n)).toBe(6n);
    expect(new Versions(1_000_000n).after(0n)).toBe(1_000_001n);
    expect(new Versions(1_000_000n).after(1_000_001n)).toBe(1_000_002n);
  });
});
