import type { EventOf } from '../src/index.js';
import * as contracts from '../src/index.js';

/** A valid example of an event and a few broken ones; specs of writers and readers load them too. */
export interface ContractExample {
  readonly valid: object;
  /** What a change breaks, and the change: a field set to something else, or left out with `undefined`. */
  readonly broken: readonly (readonly [why: string, change: Record<string, unknown>])[];
}

const ID = '01900000-0000-7000-8000-000000000001';
const OTHER_ID = '01900000-0000-7000-8000-000000000002';
const AT = '2026-08-10T09:00:00.000Z';

const organisation = {
  code: 'X00001',
  kind: 'practice',
  name: 'Made-up Surgery',
  commissionerCode: 'XQA',
  ancestors: ['XQA', 'ENGLAND'],
  openOn: '1974-04-01',
  closeOn: null,
  payee: { payeeCode: 'X00001', payeeName: 'Made-up Surgery', accountReference: 'ATTEST-X00001' },
  listSizes: [{ listSizeOn: '2026-07-01', registeredPatients: 9_000 }],
  organisationVersion: 1,
} satisfies EventOf<typeof contracts.OrganisationRegisteredV1>;

const membership = {
  pcnCode: 'XU0001',
  membershipVersion: 2,
  members: [{ practiceCode: 'X00001', from: '2019-07-01', to: null }],
  changedPractices: ['X00001'],
  changedFrom: '2026-07-20',
  changedTo: null,
} satisfies EventOf<typeof contracts.PcnMembershipJoinedV1>;

const page = {
  serviceCode: 'XVI2223',
  achievementDate: '2023-03-31',
  practiceCode: 'X00001',
  pageVersion: 1,
  rulePackVersion: 1,
  values: [12, null],
  fileId: ID,
  fileName: 'items.csv',
  fileSha256: 'a'.repeat(64),
  firstLine: 2,
  lastLine: 3,
  submittedAt: AT,
} satisfies EventOf<typeof contracts.PageReceivedV1>;

const amendment = {
  amendmentId: ID,
  amendmentVersion: 1,
  serviceCode: 'XVI2223',
  achievementDate: '2023-03-31',
  practiceCode: 'X00001',
  commissionerCode: 'XQA',
  pageVersion: 1,
  rulePackVersion: 1,
  changes: [{ indicatorCode: 'XVI001', fieldName: 'Numerator', oldValue: 12, newValue: 15 }],
  oldPence: '12072',
  newPence: '15090',
  poundsCode: null,
  reconciliation: true,
  requestedBy: 'declarer.x00001',
  requestedAt: AT,
  reasonGiven: true,
} satisfies EventOf<typeof contracts.AmendmentRequestedV1>;

const achievement = {
  serviceCode: 'XVI2223',
  achievementDate: '2023-03-31',
  organisationCode: 'X00001',
  figureRevision: 1,
};

const declaration = {
  declaration: {
    declarationId: ID,
    kind: 'achievement',
    serviceCode: 'XVI2223',
    achievementDate: '2023-03-31',
    organisationCode: 'X00001',
    commissionerCode: 'XQA',
    paymentPeriod: '2026-07',
    status: 'AWAITING_PROVIDER_APPROVAL',
    holds: [],
    awaitingAggregation: false,
    revision: 1,
    declarationVersion: 1,
    figureRevision: 1,
    pence: '12072',
    attempt: 1,
    late: false,
    declaredBy: null,
    commissionerSignedBy: null,
    financeSignedBy: null,
    runId: null,
  },
  fact: {
    actor: 'system',
    personId: null,
    forOrganisation: null,
    at: AT,
    from: null,
    reason: null,
    code: null,
    approvalId: null,
    previousPence: null,
  },
} satisfies EventOf<typeof contracts.DeclarationOpenedV1>;

const freeze = {
  freezeId: ID,
  serviceCode: 'XVI2223',
  achievementDate: '2023-03-31',
  scopeCode: 'ENGLAND',
  freezeVersion: 1,
};
const approvalRoute = {
  declaration: 'required',
  tiers: [...contracts.TIERED_POLICY_EXAMPLE.tiers],
  tierDue: 'senior',
  finance: 'required',
} satisfies contracts.ApprovalRoute;
const tierApproved = {
  declaration: {
    ...declaration.declaration,
    status: 'AWAITING_COMMISSIONER_APPROVAL',
    pence: '5000000',
    declaredBy: 'declarer.x00001',
    commissionerSignedBy: 'approver1.xqa',
    commissionerSignatures: [{ tier: 'manager', personId: 'approver1.xqa', at: AT }],
    approvalRoute,
  },
  fact: {
    ...declaration.fact,
    actor: 'commissioner',
    personId: 'approver1.xqa',
    forOrganisation: 'XQA',
    from: 'AWAITING_COMMISSIONER_APPROVAL',
    code: 'manager',
    approvalId: OTHER_ID,
  },
} satisfies EventOf<typeof contracts.DeclarationTierApprovedV1>;
const routed = (changes: object) => ({
  declaration: { ...tierApproved.declaration, approvalRoute: { ...approvalRoute, ...changes } },
});

const signature = {
  approvalId: OTHER_ID,
  declarationId: ID,
  declarationVersion: 1,
  stage: 'commissioner',
  personId: 'approver1.xqa',
  forOrganisation: 'XQA',
  at: AT,
  bulkId: null,
  approvalVersion: 1,
} satisfies EventOf<typeof contracts.ApprovalSignedV1>;

const instruction = {
  declarationId: ID,
  declarationVersion: 1,
  attempt: 1,
  runId: OTHER_ID,
  paymentVersion: 1,
};
const line = { fileName: 'ATTEST-PCSE-2026-07-R001.csv', lineNumber: 1, agencyCode: 'PCSE', pence: '12072' };

const organisationBroken = [
  ['an unknown kind', { kind: 'hospital' }],
  ['a code in lower case', { code: 'x00001' }],
  ['a list size below nothing', { listSizes: [{ listSizeOn: '2026-07-01', registeredPatients: -1 }] }],
] as const;
const membershipBroken = [
  ['no changed interval', { changedFrom: undefined }],
  ['a date of another form', { changedFrom: '20/07/2026' }],
] as const;
const pageBroken = [
  ['a negative value', { values: [-1] }],
  ['a decimal value', { values: [1.5] }],
  ['a huge value', { values: [1_000_000_000] }],
  ['a hash that is none', { fileSha256: 'abc' }],
] as const;
const amendmentBroken = [
  ['nothing that changes', { changes: [] }],
  [
    'a new value that is none',
    { changes: [{ indicatorCode: 'XVI001', fieldName: 'Numerator', oldValue: 12, newValue: null }] },
  ],
  ['an amount in pounds', { newPence: '150.90' }],
  ['an unknown code for the pounds', { poundsCode: 'NO_IDEA' }],
] as const;
const declarationBroken = [
  ['an unknown status', { declaration: { ...declaration.declaration, status: 'ON_HOLD' } }],
  ['an amount in pounds', { declaration: { ...declaration.declaration, pence: '120.72' } }],
  ['no fact', { fact: undefined }],
] as const;
const instructionBroken = [
  ['attempt nought', { attempt: 0 }],
  ['an id that is none', { declarationId: 'one' }],
] as const;

export const EXAMPLES: Readonly<Record<string, ContractExample>> = {
  'organisation.registered.v1': { valid: organisation, broken: organisationBroken },
  'organisation.changed.v1': { valid: organisation, broken: organisationBroken },
  'organisation.closed.v1': { valid: { ...organisation, closeOn: '2026-07-01' }, broken: organisationBroken },
  'payee.changed.v1': {
    valid: {
      providerCode: 'X00001',
      commissionerCode: 'XQA',
      payee: { payeeCode: 'X00002', payeeName: 'The merged surgery', accountReference: 'ATTEST-X00002' },
      formerPayee: { payeeCode: 'X00001', payeeName: 'A surgery', accountReference: 'ATTEST-X00001' },
      reason: 'X00001 merged into X00002.',
      changeId: '019ba3c1-7000-7000-8000-000000000001',
      organisationVersion: 2,
    },
    broken: [
      ['no payee', { payee: undefined }],
      ['no reason', { reason: '' }],
      ['an id that is none', { changeId: 'one' }],
    ],
  },
  'role-assignment.recorded.v1': {
    valid: {
      personId: 'declarer.x00001',
      role: 'DECLARATION_MANAGEMENT',
      organisationCode: 'X00001',
      validFrom: '2026-01-01',
      validTo: null,
      assignmentVersion: 1,
    },
    broken: [['an unknown role', { role: 'KING' }]],
  },
  ...Object.fromEntries(
    ['established', 'practice-joined', 'practice-left', 'corrected'].map((what) => [
      `pcn-membership.${what}.v1`,
      { valid: membership, broken: membershipBroken },
    ]),
  ),
  'quality-service.published.v1': {
    valid: {
      serviceVersion: 1,
      service: {
        serviceCode: 'XVI2223',
        name: 'Made-up vaccination 2022/23',
        providerKind: 'practice',
        startOn: '2022-04-01',
        endOn: '2023-04-01',
        collection: 'annual',
        acceptance: 'automatic',
        agencyCode: 'PCSE',
        rulePack: {
          financialYear: '2022/23',
          version: 1,
          fields: [{ indicatorCode: 'XVI001', fieldName: 'Numerator', required: true }],
          ignoredFields: [],
          dependsOn: ['page'],
          calculation: {
            kind: 'item-of-service',
            items: [{ indicatorCode: 'XVI001', fieldName: 'Numerator', feePounds: '10.06' }],
          },
          note: null,
          oldestOpenFinancialYear: '2022/23',
          sources: ['an example'],
          examples: [],
        },
        calendar: [
          {
            achievementDate: '2023-03-31',
            paymentPeriod: '2026-07',
            opensOn: '2026-08-09',
            providerDeadlineOn: '2026-08-24',
            cutOffAt: '2026-09-10T17:00:00.000Z',
            payOn: '2026-09-20',
          },
        ],
      },
    },
    broken: [['no rule pack', { service: { serviceCode: 'XVI2223' } }]],
  },
  'participations.changed.v1': {
    valid: {
      serviceCode: 'XVI2223',
      participationsVersion: 1,
      changes: [
        { providerCode: 'X00001', status: 'accepted', from: '2022-04-01', to: null, participationVersion: 1 },
      ],
    },
    broken: [
      ['nobody', { changes: [] }],
      [
        'too many at once',
        {
          changes: Array.from({ length: 501 }, () => ({
            providerCode: 'X00001',
            status: 'accepted',
            from: '2022-04-01',
            to: null,
            participationVersion: 1,
          })),
        },
      ],
    ],
  },
  'agency.published.v1': {
    valid: {
      agencyCode: 'PCSE',
      name: 'An agency',
      adapter: 'attest-csv',
      label: 'Sent to agency',
      agencyVersion: 1,
    },
    broken: [['an adapter that is not there', { adapter: 'fax' }]],
  },
  'business-clock.moved.v1': {
    valid: { offsetMs: 1_000, movedAt: AT, clockVersion: 1 },
    broken: [['half a millisecond', { offsetMs: 0.5 }]],
  },
  'page.received.v1': { valid: page, broken: pageBroken },
  'page.amended.v1': {
    valid: { ...page, pageVersion: 2, amendmentId: OTHER_ID },
    broken: [
      ...pageBroken,
      ['an amendment that is none', { amendmentId: 'one' }],
      ['a word for whether anything stands', { nothingStands: 'no' }],
    ],
  },
  'amendment.requested.v1': { valid: amendment, broken: amendmentBroken },
  'amendment.decided.v1': {
    valid: {
      ...amendment,
      amendmentVersion: 2,
      outcome: 'accepted',
      decidedBy: 'approver1.xqa',
      decidedForOrganisation: 'XQA',
      decidedAt: AT,
      decisionReasonGiven: false,
      newPageVersion: 2,
    },
    broken: [...amendmentBroken, ['an unknown outcome', { outcome: 'perhaps' }]],
  },
  'period-completeness.recorded.v1': {
    valid: {
      serviceCode: 'XVI2223',
      achievementDate: '2023-03-31',
      expected: 2,
      received: 1,
      complete: false,
      completenessVersion: 1,
    },
    broken: [['fewer than none', { received: -1 }]],
  },
  'achievement.calculated.v1': {
    valid: {
      ...achievement,
      pence: '12072',
      points: null,
      values: [{ indicatorCode: 'XVI001', measure: 'Numerator', value: '12' }],
      inputs: [{ source: 'page', key: 'X00001', version: 1 }],
      cause: null,
      calculatedAt: AT,
    },
    broken: [
      ['pence as a number', { pence: 12072 }],
      ['no inputs', { inputs: undefined }],
    ],
  },
  'achievement.awaiting-aggregation.v1': {
    valid: { ...achievement, closesAtRevision: 2, cause: null },
    broken: [['no end', { closesAtRevision: undefined }]],
  },
  'achievement.blocked.v1': {
    valid: {
      ...achievement,
      closesAtRevision: 2,
      code: 'UPSTREAM_EVENT_PARKED',
      cause: { topic: 'submissions', key: 'X00001', version: 1 },
    },
    broken: [['no code', { code: undefined }]],
  },
  'achievement.not-applicable.v1': {
    valid: { ...achievement, code: 'NOT_PARTICIPATING', inputs: [], cause: null },
    broken: [['no code', { code: undefined }]],
  },
  ...Object.fromEntries(
    contracts.DECLARATION_EVENTS.map(({ type }) => [type, { valid: declaration, broken: declarationBroken }]),
  ),
  'period.frozen.v1': {
    valid: { ...freeze, reason: 'A register was extracted wrongly.', frozenBy: 'operator', frozenAt: AT },
    broken: [
      ['no reason', { reason: '' }],
      ['a date of another form', { achievementDate: '31/03/2023' }],
    ],
  },
  'period.thawed.v1': {
    valid: {
      ...freeze,
      freezeVersion: 2,
      thawedBy: 'operator',
      thawedAt: AT,
      providerDeadlineOn: '2026-08-28',
      cutOffAt: null,
    },
    broken: [['no word about the deadline', { providerDeadlineOn: undefined }]],
  },
  'declaration.tier-approved.v1': {
    valid: tierApproved,
    broken: [
      ...declarationBroken,
      ['a tier of an unknown role', routed({ tiers: [{ name: 'manager', role: 'KING' }] })],
      [
        'a signature of nobody',
        {
          declaration: { ...tierApproved.declaration, commissionerSignatures: [{ tier: 'manager', at: AT }] },
        },
      ],
    ],
  },
  'approval.refused.v1': {
    valid: {
      approvalId: OTHER_ID,
      declarationId: ID,
      declarationVersion: 1,
      stage: 'finance',
      code: 'ON_HOLD',
      words: 'It is on hold.',
      revision: 3,
    },
    broken: [['an unknown stage', { stage: 'king' }]],
  },
  'declaration.restated.v1': {
    valid: {
      ...declaration,
      answers: [{ approvalId: OTHER_ID, outcome: 'applied', at: AT }],
      approvalVersion: 1,
    },
    broken: [
      ['no answers', { answers: undefined }],
      ['an unknown status', { declaration: { ...declaration.declaration, status: 'ON_HOLD' } }],
    ],
  },
  'approval.discarded.v1': {
    valid: {
      declarationId: ID,
      approvalVersion: 2,
      code: 'EVENT_DISCARDED',
      words: 'It could not be applied, and an operator gave it up.',
      revision: 3,
    },
    broken: [['no number of the signature', { approvalVersion: undefined }]],
  },
  'approval.signed.v1': { valid: signature, broken: [['an unknown stage', { stage: 'king' }]] },
  'approval.stage-refused.v1': {
    valid: { ...signature, reason: 'Too high.' },
    broken: [['no reason', { reason: '' }]],
  },
  'payment.release-requested.v1': {
    valid: { ...instruction, barrierId: ID, requestedAt: AT },
    broken: instructionBroken,
  },
  'payment.sealed.v1': {
    valid: { ...instruction, ...line, sealedAt: AT, payOn: '2026-09-20' },
    broken: instructionBroken,
  },
  'payment.restated.v1': {
    valid: {
      declarationId: ID,
      paymentVersion: 3,
      facts: [
        {
          kind: 'sealed',
          declarationVersion: 1,
          attempt: 1,
          runId: OTHER_ID,
          at: AT,
          line: { ...line, payOn: '2026-09-20' },
        },
        { kind: 'acknowledged', declarationVersion: 1, attempt: 1, runId: OTHER_ID, at: AT },
      ],
    },
    broken: [
      ['no facts', { facts: undefined }],
      [
        'a fact of an unknown kind',
        { facts: [{ kind: 'lost', declarationVersion: 1, attempt: 1, runId: ID, at: AT }] },
      ],
    ],
  },
  'payment.netted.v1': {
    valid: { ...instruction, agencyCode: 'PCSE', nettedPence: '-4000', debtPence: '1500', nettedAt: AT },
    broken: [...instructionBroken, ['no debt said', { debtPence: undefined }]],
  },
  'payment.not-included.v1': {
    valid: { ...instruction, code: 'ON_HOLD', words: 'It is on hold.', owedPence: null },
    broken: instructionBroken,
  },
  'payment.acknowledged.v1': {
    valid: { ...instruction, ...line, acknowledgedAt: AT },
    broken: instructionBroken,
  },
  'payment.rejected.v1': {
    valid: {
      ...instruction,
      ...line,
      rejectedAt: AT,
      reasonCode: 'ACCOUNT_CLOSED',
      reason: 'The account is closed.',
    },
    broken: instructionBroken,
  },
  'payment.returned.v1': {
    valid: {
      ...instruction,
      ...line,
      returnedOn: '2026-09-23',
      recordedAt: AT,
      reasonCode: 'ARUCS-B',
      reason: 'The account is closed.',
    },
    broken: [...instructionBroken, ['no day', { returnedOn: undefined }]],
  },
  'release-run.ended.v1': {
    valid: {
      runId: OTHER_ID,
      paymentPeriod: '2026-07',
      outcome: 'sealed',
      endedAt: AT,
      files: [
        { fileName: line.fileName, agencyCode: 'PCSE', lines: 1, pence: '12072', sha256: 'a'.repeat(64) },
      ],
      included: 1,
      notIncluded: 0,
      words: 'Sealed.',
    },
    broken: [['an unknown outcome', { outcome: 'perhaps' }]],
  },
  'barrier.requested.v1': {
    valid: { barrierId: ID, route: 'release', requestedBy: 'payment-export', requestedAt: AT, expiresAt: AT },
    broken: [['an unknown route', { route: 'nowhere' }]],
  },
  'barrier.passed.v1': {
    valid: { barrierId: ID, route: 'release', service: 'aggregation', passedAt: AT },
    broken: [['a stranger', { service: 'nobody' }]],
  },
  'barrier.aborted.v1': {
    valid: {
      barrierId: ID,
      route: 'release',
      abortedAt: AT,
      lacking: [{ service: 'aggregation', topic: 'achievements', partition: 0, shards: [0, 4] }],
      words: 'aggregation did not answer.',
    },
    broken: [['no words', { words: undefined }]],
  },
};
