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
  [
    'a hold was gone when there had been nothing to pay for a while (both were wrong)',
    [
      ['figures', { result: '10060', behind: 0 }],
      ['hold-by-hand', {}],
      ['membership', { what: 'joined' }],
      ['figures', { result: 'nothing', behind: 0 }],
      ['figures', { result: '10060', behind: 0 }],
      ['go-on', {}],
      ['release-hold', { which: 0, confirmed: true, stale: false }],
      ['release-hold', { which: 0, confirmed: true, stale: false }],
      ['go-on', {}],
    ],
  ],
  [
    'a hold of an adjustment was gone when nothing had been owed for a while (both were wrong)',
    [
      ['figures', { result: '10060', behind: 0 }],
      ['go-on', {}],
      ['go-on', {}],
      ['go-on', {}],
      ['go-on', {}],
      ['go-on', {}],
      ['figures', { result: '25000', behind: 0 }],
      ['membership', { what: 'left' }],
      ['figures', { result: '10060', behind: 0 }],
      ['figures', { result: '25000', behind: 0 }],
    ],
  ],
  [
    'an earlier figure was kept over a practice that had left since (the service was wrong)',
    [
      ['figures', { result: '10060', behind: 0 }],
      ['membership', { what: 'joined' }],
      ['membership', { what: 'left' }],
      ['figures', { result: '25000', behind: 0 }],
      ['keep-earlier-figure', { which: 0, confirmed: true, stale: false }],
    ],
  ],
  [
    'an earlier figure was kept over a practice that had left before (the service was wrong)',
    [
      ['figures', { result: '10060', behind: 0 }],
      ['membership', { what: 'left' }],
      ['membership', { what: 'joined' }],
      ['keep-earlier-figure', { which: 0, confirmed: true, stale: false }],
    ],
  ],
  [
    'a kept figure ended for a page that it was made from itself, without a result of its own (the service was wrong)',
    [
      ['figures', { result: '10060', behind: 0 }],
      ['figures', { result: 'same', behind: 0, amended: true }],
      ['membership', { what: 'joined' }],
      ['keep-earlier-figure', { which: 0, confirmed: true, stale: false }],
      ['figures', { result: '25000', behind: 0 }],
    ],
  ],
  [
    'an input that could not be read was forgotten when there had been nothing to pay (both were wrong)',
    [
      ['figures', { result: '10060', behind: 0 }],
      ['marker', { kind: 'blocked', ahead: 2 }],
      ['figures', { result: 'nothing', behind: 0 }],
      ['marker', { kind: 'awaiting', ahead: 2 }],
      ['figures', { result: '10060', behind: 0 }],
      ['go-on', {}],
      ['figures', { result: 'same', behind: 0 }],
      ['figures', { result: 'same', behind: 0 }],
      ['go-on', {}],
    ],
  ],
  [
    'a route that was shortened to the default, whose tier had signed, waited for nobody for ever (the service was wrong)',
    [
      ['figures', { result: '10060', behind: 0 }],
      ['sign-route', { first: 'three-tiers', steps: 2, also: null, then: 'none' }],
      ['go-on', {}],
    ],
  ],
  [
    'a change that an adjustment had handed on when it was sent held it twice when its credit came back (the service was wrong)',
    [
      ['adjust', { result: '25000', steps: 4, then: [] }],
      ['join-or-keep', {}],
      ['go-on', {}],
      ['go-on', {}],
      ['go-on', {}],
      ['returned', { ofItsRun: true, beside: 1 }],
    ],
  ],
  [
    'the credit of an adjustment came back after newer figures were settled beside it, and was owed on the old ones (the service was wrong)',
    [
      ['adjust', { result: '25000', steps: 7, then: [] }],
      ['adjust', { result: '300', steps: 7, then: [] }],
      ['returned', { ofItsRun: true, beside: 2 }],
      ['go-on', { beside: 1 }],
      ['go-on', { beside: 1 }],
    ],
  ],
];
