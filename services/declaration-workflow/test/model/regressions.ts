import type { Step } from './sequences.js';

/** Sequences on which the two once differed, shrunk; each with what was wrong. */
export const REGRESSIONS: readonly (readonly [what: string, steps: readonly Step[]])[] = [
  [
    'the answer to a signature was lost among the events of a new adjustment (the model looked wrongly)',
    [
      ['figures', { result: 'same', behind: 0 }],
      ['go-on', {}],
      ['go-on', {}],
      ['go-on', {}],
      ['go-on', {}],
      ['figures', { result: '0', behind: 0 }],
      ['go-on', {}],
      [
        'sign',
        { stage: 'commissioner', by: 'approver', decision: 'approve', superseded: false, foreign: false },
      ],
    ],
  ],
];
