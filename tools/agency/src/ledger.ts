import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

type Answer = 'ACCEPTED' | 'REJECTED' | 'RETURNED';

/** By a line's identity, where nothing else is said. */
interface LedgerState {
  acceptedPence: string;
  rejectedPence: string;
  lines: number;
  /** SHA-256 by the file's name. */
  readonly files: Record<string, string>;
  readonly answers: Record<string, Answer>;
  /** The rejected line by its declaration. */
  readonly rejectedDeclarations: Record<string, string>;
  /** The day; ledgers of before there were returns have none. */
  returned?: Readonly<Record<string, string>>;
}

/** What the agency itself has paid and rejected, in a file of its own: the other side of every check. */
export class Ledger {
  readonly #path: string;
  readonly #state: LedgerState;

  constructor(path: string, state: LedgerState) {
    this.#path = path;
    this.#state = state;
  }

  static open(path: string): Ledger {
    const empty: LedgerState = {
      acceptedPence: '0',
      rejectedPence: '0',
      lines: 0,
      files: {},
      answers: {},
      rejectedDeclarations: {},
      returned: {},
    };
    return new Ledger(path, existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : empty);
  }

  hasFile(fileName: string): boolean {
    return fileName in this.#state.files;
  }

  noteFile(fileName: string, sha256: string): void {
    this.#state.files[fileName] = sha256;
  }

  answerOf(identity: string): Answer | undefined {
    return this.#state.answers[identity];
  }

  wasRejected(declarationId: string): boolean {
    return declarationId in this.#state.rejectedDeclarations;
  }

  /** A line is paid once, however often its file is read. */
  pay(identity: string, pence: bigint): void {
    if (!this.#answer(identity, 'ACCEPTED')) return;
    this.#state.acceptedPence = String(BigInt(this.#state.acceptedPence) + pence);
  }

  reject(identity: string, declarationId: string, pence: bigint): void {
    if (!this.#answer(identity, 'REJECTED')) return;
    this.#state.rejectedDeclarations[declarationId] = identity;
    this.#state.rejectedPence = String(BigInt(this.#state.rejectedPence) + pence);
  }

  returnedOn(identity: string): string | undefined {
    return this.#state.returned?.[identity];
  }

  /** The credit came back: of all that was paid, that much is not. */
  putBack(identity: string, pence: bigint, day: string): string {
    this.#state.acceptedPence = String(BigInt(this.#state.acceptedPence) - pence);
    this.#state.answers[identity] = 'RETURNED';
    this.#state.returned = { ...this.#state.returned, [identity]: day };
    return day;
  }

  save(): void {
    writeFileSync(`${this.#path}.new`, JSON.stringify(this.#state));
    renameSync(`${this.#path}.new`, this.#path);
  }

  #answer(identity: string, answer: Answer): boolean {
    if (identity in this.#state.answers) return false;
    this.#state.answers[identity] = answer;
    this.#state.lines++;
    return true;
  }
}
