/** A body may be left out or empty. */
export class NothingDto {}
