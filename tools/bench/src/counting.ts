export interface Count {
  /** Resolves when enough has been added. */
  readonly done: Promise<void>;
  add(by: number): void;
}

export function countingUpTo(wanted: number): Count {
  let sum = 0;
  let reached = (): void => undefined;
  const done = new Promise<void>((resolve) => (reached = resolve));
  return {
    done,
    add: (by) => {
      sum += by;
      if (sum >= wanted) reached();
    },
  };
}
