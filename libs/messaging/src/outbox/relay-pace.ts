/**
 * Bulk work under way in this process. While there is any, the relay lets events gather and tells them in lots:
 * everybody who reads them would take processor and database from the work that writes them.
 */
export class RelayPace {
  readonly #working = new Set<string>();
  #since = 0;
  #eased: (() => void) | undefined;

  /** Beginning again what is under way changes nothing. */
  begin(work: string): void {
    if (this.#working.size === 0) this.#since = Date.now();
    this.#working.add(work);
  }

  end(work: string): void {
    this.#working.delete(work);
    if (this.#working.size === 0) this.#eased?.();
  }

  /** When the present work began; null when there is none. */
  get heavySince(): number | null {
    return this.#working.size === 0 ? null : this.#since;
  }

  /** Called when nothing is at work any more. */
  onEased(callback: () => void): void {
    this.#eased = callback;
  }
}
