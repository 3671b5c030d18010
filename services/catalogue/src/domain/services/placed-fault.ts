/** Something wrong at a place of a document, by JSON pointer. Never the value that stands there. */
export interface PlacedFault {
  readonly at: string;
  readonly detail: string;
}

export const under = (parent: string, faults: readonly PlacedFault[]): PlacedFault[] =>
  faults.map((fault) => ({ at: `${parent}${fault.at}`, detail: fault.detail }));
