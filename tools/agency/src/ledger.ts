// @ts-nocheck
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

/** What the agency itself has paid and rejected, in a file of its own: the other side of every check. */
export class Ledger {
  #path;
  #state;

  constructor(path, state) {
    this.#path = path;
    this.#state = state;
  }

  static open(path) {
    const empty = {
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

  hasFile(fileName) {
    return fileName in this.#state.files;
  }

  noteFile(fileName, sha256) {
    this.#state.files[fileName] = sha256;
  }

  answerOf(identity) {
    return this.#state.answers[identity];
  }

  wasRejected(declarationId) {
    return declarationId in this.#state.rejectedDeclarations;
  }

  /** A line is paid once, however often its file is read. */
  pay(identity, pence) {
    if (!this.#answer(identity, 'ACCEPTED')) return;
    this.#state.acceptedPence = String(BigInt(this.#state.acceptedPence) + pence);
  }

  reject(identity, declarationId, pence) {
    if (!this.#answer(identity, 'REJECTED')) return;
    this.#state.rejectedDeclarations[declarationId] = identity;
    this.#state.rejectedPence = String(BigInt(this.#state.rejectedPence) + pence);
  }

  returnedOn(identity) {
    return this.#state.returned?.[identity];
  }

  /** The credit came back: of all that was paid, that much is not. */
  putBack(identity, pence, day) {
    this.#state.acceptedPence = String(BigInt(this.#state.acceptedPence) - pence);
    this.#state.answers[identity] = 'RETURNED';
    this.#state.returned = { ...this.#state.returned, [identity]: day };
    return day;
  }

  save() {
    writeFileSync(`${this.#path}.new`, JSON.stringify(this.#state));
    renameSync(`${this.#path}.new`, this.#path);
  }

  #answer(identity, answer) {
    if (identity in this.#state.answers) return false;
    this.#state.answers[identity] = answer;
    this.#state.lines++;
    return true;
  }
}
