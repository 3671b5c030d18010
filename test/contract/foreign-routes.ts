/** The values by which a request names something: of somebody else, or of nobody. */
export interface Named {
  readonly id: string;
  readonly practice: string;
  readonly pcn: string;
  readonly commissioner: string;
  readonly agency: string;
  readonly fileName: string;
}

export interface ForeignRoute {
  /** The code by which it says that there is no such thing; `per item` where each item is answered by itself. */
  readonly says: string;
  readonly query?: (named: Named) => Record<string, string>;
  readonly body?: (named: Named) => object;
}

/** Names nothing that belongs to an organisation or a person. Why. */
export interface Nobodys {
  readonly nobodys: string;
}

const REASON = { reason: 'It was agreed with the provider.' };
const WHEN = { serviceCode: 'XVI2223', achievementDate: '2026-03-31' };
const says = (code: string, body?: ForeignRoute['body'], query?: ForeignRoute['query']): ForeignRoute => ({
  says: code,
  ...(body ? { body } : {}),
  ...(query ? { query } : {}),
});
const by = (body: object) => (): object => body;
const filtered = (query: ForeignRoute['query']): ForeignRoute => ({
  says: 'a list',
  ...(query ? { query } : {}),
});
const nobodys = (why: string): Nobodys => ({ nobodys: why });
/** The same for everybody without the role, before anything is looked up. */
const OPERATOR = says('ROLE_MISSING');
const NATIONAL = says('NOT_YOUR_ORGANISATION');
const PUBLIC = 'the catalogue is for everybody';
const MINE = nobodys('lists within the caller’s organisations, and names none');

const DECLARATION = 'UNKNOWN_DECLARATION';
const own = (path: string, code: string): Record<string, ForeignRoute | Nobodys> => ({
  [`GET ${path}`]: nobodys('lists what the caller began'),
  [`GET ${path}/{bulkId}`]: says(code),
  [`POST ${path}/{bulkId}/cancel`]: says(code, by({})),
  [`GET ${path}/{bulkId}/events`]: says(code),
  [`GET ${path}/{bulkId}/items`]: says(code),
});
const previews = (code: string, body: object): Record<string, ForeignRoute> => ({
  'POST bulk-previews': says('a count', (n) => ({
    ...body,
    organisationCode: n.practice,
    commissionerCode: n.commissioner,
  })),
  'GET bulk-previews/{previewId}': says(code),
  'GET bulk-previews/{previewId}/items': says(code),
});
const declarations = (n: Named): object => ({ items: [{ declarationId: n.id, revision: 1 }] });

/** Every route of every service, beside those that hosting brings. One that is new has to be decided here. */
export const FOREIGN_ROUTES: Readonly<Record<string, Readonly<Record<string, ForeignRoute | Nobodys>>>> = {
  aggregation: {
    'GET achievements': filtered((n) => ({ organisationCode: n.practice, commissionerCode: n.commissioner })),
    'GET achievements/{service}/{date}/{organisation}': says('ACHIEVEMENT_UNKNOWN'),
    'POST recalculations': nobodys('a service and a date of all of England, for operators'),
    'GET recalculations/{recalculationId}': NATIONAL,
  },
  catalogue: {
    'POST agencies': nobodys(PUBLIC),
    'GET agencies': nobodys(PUBLIC),
    'POST business-clock': nobodys('time, for operators'),
    'GET business-clock': nobodys('time'),
    'POST offers': nobodys('answers per item of a published service: participations.int.spec.ts asks it'),
    'POST offers/responses': says('per item', (n) => ({
      responses: [{ serviceCode: 'XVI2223', providerCode: n.practice, answer: 'accept' }],
    })),
    'GET participations': filtered((n) => ({ providerCode: n.practice })),
    'POST participations/end': says('per item', (n) => ({
      serviceCode: 'XVI2223',
      providerCodes: [n.practice],
      on: '2026-10-01',
      ...REASON,
    })),
    'POST quality-services': nobodys(PUBLIC),
    'GET quality-services': nobodys(PUBLIC),
    'GET quality-services/{serviceCode}': nobodys(PUBLIC),
    'GET quality-services/{serviceCode}/versions': nobodys(PUBLIC),
  },
  'commissioner-approval': {
    'GET approval-tasks': filtered((n) => ({
      organisationCode: n.practice,
      commissionerCode: n.commissioner,
    })),
    'GET approval-tasks/{declarationId}': says(DECLARATION),
    'POST approval-tasks/{declarationId}/refuse': says(
      DECLARATION,
      by({ stage: 'commissioner', declarationVersion: '1', ...REASON }),
    ),
    'POST approval-tasks/{declarationId}/sign': says(
      DECLARATION,
      by({ stage: 'commissioner', declarationVersion: '1' }),
    ),
    'POST bulk-approvals': nobodys('a job that answers per item: bulk-approvals.int.spec.ts asks it'),
    ...own('bulk-approvals', 'UNKNOWN_BULK_APPROVAL'),
    ...previews('UNKNOWN_BULK_PREVIEW', { stage: 'commissioner' }),
  },
  'declaration-workflow': {
    'POST bulk-declarations': nobodys('a job that answers per item: bulk-declarations.int.spec.ts asks it'),
    ...own('bulk-declarations', 'UNKNOWN_BULK_DECLARATION'),
    ...previews('UNKNOWN_BULK_PREVIEW', { action: 'declare' }),
    'GET declarations': filtered((n) => ({ organisationCode: n.practice, commissionerCode: n.commissioner })),
    'POST declarations/bulk-admit-late': says('per item', (n) => ({ ...declarations(n), ...REASON })),
    'POST declarations/bulk-declare': says('per item', declarations),
    'POST declarations/bulk-release-holds': says('per item', (n) => ({
      confirmation: true,
      items: [{ declarationId: n.id, holdId: n.id, revision: 1 }],
    })),
    'GET declarations/{declarationId}': says(DECLARATION),
    'POST declarations/{declarationId}/admit-late': says(DECLARATION, by(REASON)),
    'POST declarations/{declarationId}/corrections': says(DECLARATION, by({ ...REASON, what: 'account' })),
    'POST declarations/{declarationId}/corrections/{correctionId}/confirm': says(DECLARATION, by({})),
    'POST declarations/{declarationId}/corrections/{correctionId}/withdraw': says(DECLARATION, by(REASON)),
    'POST declarations/{declarationId}/declare': says(DECLARATION, by({})),
    'GET declarations/{declarationId}/history': says(DECLARATION),
    'GET declarations/{declarationId}/holds': says(DECLARATION),
    'POST declarations/{declarationId}/holds': says(DECLARATION, by(REASON)),
    'POST declarations/{declarationId}/holds/{holdId}/keep-earlier-figure': says(
      DECLARATION,
      by({ ...REASON, confirmation: true }),
    ),
    'POST declarations/{declarationId}/holds/{holdId}/release': says(DECLARATION, by({ confirmation: true })),
    'POST declarations/{declarationId}/lapse': says(DECLARATION, by(REASON)),
    'POST declarations/{declarationId}/settle-outside': says(DECLARATION, by({ note: 'Paid by hand.' })),
    'POST declarations/{declarationId}/settle-outside/{settlementId}/confirm': says(DECLARATION, by({})),
    'POST declarations/{declarationId}/settle-outside/{settlementId}/withdraw': says(DECLARATION, by(REASON)),
    'POST declarations/{declarationId}/undeclare': says(DECLARATION, by(REASON)),
    'GET declarations/{declarationId}/why': says(DECLARATION),
    'POST freezes': says('ORGANISATION_UNKNOWN', (n) => ({
      ...REASON,
      ...WHEN,
      commissionerCode: n.commissioner,
    })),
    'GET freezes': MINE,
    'GET freezes/{freezeId}': says('FREEZE_UNKNOWN'),
    'GET freezes/{freezeId}/declarations': says('FREEZE_UNKNOWN'),
    'POST freezes/{freezeId}/revert-approvals': says('FREEZE_UNKNOWN', by(REASON)),
    'POST freezes/{freezeId}/thaw': says('FREEZE_UNKNOWN', by({})),
    'GET providers/{organisationCode}/declaration-history': says('ORGANISATION_UNKNOWN'),
  },
  'extraction-intake': {
    'POST amendment-requests': says('ORGANISATION_UNKNOWN', (n) => ({
      ...WHEN,
      practiceCode: n.practice,
      values: [{ indicatorCode: 'AST002', fieldName: 'NUMERATOR', value: 1 }],
      ...REASON,
    })),
    'GET amendment-requests': filtered((n) => ({
      organisationCode: n.practice,
      commissionerCode: n.commissioner,
    })),
    'GET amendment-requests/{amendmentId}': says('AMENDMENT_UNKNOWN'),
    'POST amendment-requests/{amendmentId}/accept': says('AMENDMENT_UNKNOWN', by({})),
    'POST amendment-requests/{amendmentId}/refuse': says('AMENDMENT_UNKNOWN', by(REASON)),
    'POST amendment-requests/{amendmentId}/withdraw': says('AMENDMENT_UNKNOWN', by({})),
    'GET completeness': nobodys('counts alone, for everybody'),
    'GET completeness/missing': MINE,
    'POST extract-files': nobodys('a file of all of England'),
    'GET extract-files': nobodys('files of all of England'),
    'GET extract-files/{fileId}': NATIONAL,
    'GET extract-files/{fileId}/original': NATIONAL,
    'POST extract-files/{fileId}/read-again': NATIONAL,
    'GET extract-files/{fileId}/rejected-rows': NATIONAL,
    'GET extract-files/{fileId}/withdrawal': NATIONAL,
    'POST extract-files/{fileId}/withdrawal': says('NOT_YOUR_ORGANISATION', by(REASON)),
    'POST extract-files/{fileId}/withdrawal/confirm': NATIONAL,
    'POST extract-files/{fileId}/withdrawal/drop': says('NOT_YOUR_ORGANISATION', by(REASON)),
    'GET pages/{service}/{date}/{practice}': says('PAGE_UNKNOWN'),
  },
  'messaging-centre': {
    'GET contacts': says('ORGANISATION_UNKNOWN', undefined, (n) => ({ organisationCode: n.practice })),
    'POST contacts': says('ORGANISATION_UNKNOWN', (n) => ({
      organisationCode: n.practice,
      email: 'a@example.org',
    })),
    'POST contacts/removals': says('ORGANISATION_UNKNOWN', (n) => ({
      organisationCode: n.practice,
      email: 'a@example.org',
    })),
    'GET messages': says('ORGANISATION_UNKNOWN', undefined, (n) => ({ organisationCode: n.practice })),
    'GET messages/{messageId}': says('UNKNOWN_MESSAGE'),
    'GET messages/{messageId}/lines': says('UNKNOWN_MESSAGE'),
    'POST messages/{messageId}/read': says('UNKNOWN_MESSAGE'),
    'GET tasks': says('ORGANISATION_UNKNOWN', undefined, (n) => ({ organisationCode: n.practice })),
  },
  organisations: {
    'POST bulk-membership-changes': says('per item', (n) => ({
      changes: [{ practiceCode: n.practice, leavesPcnCode: n.pcn, effectiveOn: '2027-04-01' }],
      ...REASON,
    })),
    'POST organisation-files': nobodys('a file of all of England'),
    'GET organisation-files': nobodys('files of all of England'),
    'GET organisation-files/{fileId}': NATIONAL,
    'POST organisation-files/{fileId}/confirm': NATIONAL,
    'GET organisation-files/{fileId}/effects': NATIONAL,
    'POST organisation-files/{fileId}/keep': says('NOT_YOUR_ORGANISATION', by(REASON)),
    'GET organisation-files/{fileId}/rejected-rows': NATIONAL,
    'POST organisation-files/{fileId}/withdraw': says('NOT_YOUR_ORGANISATION', by(REASON)),
    'GET organisation-files/{fileId}/withdrawal': NATIONAL,
    'GET organisations': filtered((n) => ({ commissionerCode: n.commissioner })),
    'GET organisations/{code}': says('ORGANISATION_UNKNOWN'),
    'GET payee-changes': filtered((n) => ({ providerCode: n.practice })),
    'POST payee-changes': says('ORGANISATION_UNKNOWN', (n) => ({
      providerCode: n.practice,
      payeeCode: 'A89999',
      payeeName: 'Somebody',
      accountReference: 'AB12',
      ...REASON,
    })),
    'POST payee-changes/{changeId}/confirm': says('PAYEE_CHANGE_UNKNOWN'),
    'POST payee-changes/{changeId}/withdraw': says('PAYEE_CHANGE_UNKNOWN'),
    'POST pcn-membership-changes': says('PRACTICE_UNKNOWN', (n) => ({
      practiceCode: n.practice,
      leavesPcnCode: n.pcn,
      effectiveOn: '2027-04-01',
      ...REASON,
    })),
    'GET pcns/{code}/members': says('PCN_UNKNOWN'),
    'GET practices/{code}/memberships': says('PRACTICE_UNKNOWN'),
    'GET role-assignments': filtered((n) => ({ organisationCode: n.practice })),
    'POST role-assignments': says('ORGANISATION_UNKNOWN', (n) => ({
      personId: 'somebody',
      role: 'VIEW',
      organisationCode: n.practice,
      from: '2026-04-01',
    })),
    'POST role-assignments/{assignmentId}/end': says('ASSIGNMENT_UNKNOWN', by({ on: '2027-04-01' })),
  },
  'payment-export': {
    'GET accounts/{providerCode}/{serviceCode}': says('UNKNOWN_ACCOUNT'),
    'POST acknowledgement-files': nobodys(
      'a file of the caller’s agency: acknowledgements.int.spec.ts names another',
    ),
    'GET acknowledgement-files/quarantined-answers': MINE,
    'GET acknowledgement-files/quarantined-answers/{fileId}/{line}': says('UNKNOWN_QUARANTINED_ANSWER'),
    'POST acknowledgement-files/quarantined-answers/{fileId}/{line}/dismiss': says(
      'UNKNOWN_QUARANTINED_ANSWER',
      by(REASON),
    ),
    'POST acknowledgement-files/quarantined-answers/{fileId}/{line}/repairs': says(
      'UNKNOWN_QUARANTINED_ANSWER',
      by(REASON),
    ),
    'POST acknowledgement-files/quarantined-answers/{fileId}/{line}/repairs/{repairId}/confirm': says(
      'UNKNOWN_QUARANTINED_ANSWER',
      by({}),
    ),
    'POST acknowledgement-files/quarantined-answers/{fileId}/{line}/repairs/{repairId}/withdraw': says(
      'UNKNOWN_QUARANTINED_ANSWER',
      by(REASON),
    ),
    'GET acknowledgement-files/{fileId}': says('UNKNOWN_ACKNOWLEDGEMENT_FILE'),
    'GET acknowledgement-files/{fileId}/lines': says('UNKNOWN_ACKNOWLEDGEMENT_FILE'),
    'GET payment-files': filtered((n) => ({ runId: n.id })),
    'GET payment-files/{fileName}': says('UNKNOWN_PAYMENT_FILE'),
    'GET payment-files/{fileName}/manifest': says('UNKNOWN_PAYMENT_FILE'),
    'POST release-runs': nobodys('pays all of England, for the national roles'),
    'GET release-runs': nobodys('runs of all of England'),
    'GET release-runs/{runId}': nobodys('a run is of all of England, and counts the caller’s own alone'),
    'GET release-runs/{runId}/items': nobodys('a run is of all of England, and shows the caller’s own alone'),
  },
};

/** Those of hosting, in every service: for national operators alone. */
export const HOSTED_ROUTES: Readonly<Record<string, ForeignRoute>> = {
  'GET operations/consumption': OPERATOR,
  'POST operations/consumption/pause': says('ROLE_MISSING', by({ topic: 'organisations', ...REASON })),
  'POST operations/consumption/resume': says('ROLE_MISSING', by({ topic: 'organisations' })),
  'GET operations/dead-letters': OPERATOR,
  'GET operations/forgotten-events': OPERATOR,
  'GET operations/republish-runs': OPERATOR,
  'POST operations/republish-runs': says(
    'ROLE_MISSING',
    by({ topic: 'organisations', ratePerSecond: 1, ...REASON }),
  ),
  'POST operations/dead-letters/replay': says('ROLE_MISSING', (n) => ({ deadLetterId: n.id, ...REASON })),
};
