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
  [
    'figures from before a change came after those made with it and held a second time (the service was wrong)',
    [
      ['figures', { result: 'same', behind: 0 }],
      ['membership', { what: 'joined' }],
      ['figures', { result: 'same', behind: 0 }],
      ['figures', { result: 'same', behind: 1 }],
      ['release-hold', { which: 0, confirmed: true }],
    ],
  ],
  [
    'a rejected line was corrected under a freeze (the service was wrong, and the model with it)',
    [
      ['figures', { result: 'same', behind: 0 }],
      ['go-on', {}],
      ['go-on', {}],
      ['go-on', {}],
      ['go-on', {}],
      ['freeze-or-thaw', {}],
      ['sealed', { ofItsRun: true }],
      ['rejected', { ofItsRun: true }],
      ['propose-correction', { withdraw: false }],
      ['correct', { by: 'second' }],
    ],
  ],
  [
    'a change came while it was being sent and its figures were the same; its hold waited for ever (the service was wrong)',
    [
      ['figures', { result: '10060', behind: 0 }],
      ['go-on', {}],
      ['go-on', {}],
      ['go-on', {}],
      ['go-on', {}],
      ['membership', { what: 'joined' }],
      ['figures', { result: 'same', behind: 0 }],
      ['go-on', {}],
      ['figures', { result: 'same', behind: 0 }],
    ],
  ],
  [
    'finance sent it back, and who had signed it for the commissioner signed it for finance (the model was wrong)',
    [
      ['figures', { result: 'same', behind: 0 }],
      ['go-on', {}],
      [
        'sign',
        { stage: 'commissioner', by: 'finance', decision: 'approve', superseded: false, foreign: false },
      ],
      ['sign', { stage: 'finance', by: 'declarer', decision: 'refuse', superseded: false, foreign: false }],
      ['go-on', {}],
      ['go-on', {}],
    ],
  ],
  [
    'a withdrawn recovery counted as settled when its figures were taken back, and was paid out (the service was wrong)',
    [
      ['figures', { result: '10060', behind: 0 }],
      ['go-on', {}],
      ['go-on', {}],
      ['go-on', {}],
      ['go-on', {}],
      ['go-on', {}],
      ['figures', { result: '0', behind: 0 }],
      ['withdraw-adjustment', {}],
      ['figures', { result: '10060', behind: 0 }],
    ],
  ],
];
