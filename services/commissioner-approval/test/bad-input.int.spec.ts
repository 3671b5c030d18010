import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { uuidV7 } from '@attest/contracts';
import { leftIn, startApprovals, type ApprovalsWorld } from './approvals-world.js';

let world: ApprovalsWorld;
/** Waits for its commissioner's signature, declared anew: version 3 by now. */
let task: string;
/** Went back to its provider. */
let reopened: string;
/** Somebody has just signed it. */
let signed: string;
const UNKNOWN = uuidV7();
const NOW = { stage: 'commissioner', declarationVersion: '3' };
const REFUSING = { ...NOW, reason: 'The count is higher than the register.' };

beforeAll(async () => {
  world = await startApprovals();
  const [one, two, three] = await world.declared(
    { declarationVersion: 3, revision: 5 },
    { declarationVersion: 3, status: 'AWAITING_PROVIDER_APPROVAL' },
    { declarationVersion: 3 },
  );
  task = one!.declarationId;
  reopened = two!.declarationId;
  signed = three!.declarationId;
  expect((await post('second', `approval-tasks/${signed}/sign`, NOW)).status).toBe(202);
}, 60_000);
afterAll(() => world?.service.close());

const post = (person: string, path: string, body: unknown, key = uuidV7()) =>
  world.service.post(person, path, body, { 'idempotency-key': key });
const sign = () => `approval-tasks/${task}/sign`;
const refuse = () => `approval-tasks/${task}/refuse`;

async function isRefused(person: string, path: string, body: unknown, key?: string) {
  const before = await leftIn(world);
  const answer = await post(person, path, body, key);
  expect(await leftIn(world)).toEqual(before);
  expect(answer.body.detail).toMatch(/\. .+\.$/);
  return answer;
}

describe('a signature with bad input', () => {
  it.each<[string, number, string, () => string, unknown, { person?: string; key?: string }?]>([
    ['a stranger', 403, 'ROLE_MISSING', sign, NOW, { person: 'nobody' }],
    ['somebody who may only look', 403, 'ROLE_MISSING', sign, NOW, { person: 'viewer' }],
    ['another organisation', 404, 'UNKNOWN_DECLARATION', sign, NOW, { person: 'stranger' }],
    ['another organisation, refusing', 404, 'UNKNOWN_DECLARATION', refuse, REFUSING, { person: 'stranger' }],
    ['no key', 400, 'IDEMPOTENCY_KEY_MISSING', sign, NOW, { key: '' }],
    ['a key that is too long', 400, 'IDEMPOTENCY_KEY_MISSING', sign, NOW, { key: 'k'.repeat(201) }],
    ['an unknown declaration', 404, 'UNKNOWN_DECLARATION', () => `approval-tasks/${UNKNOWN}/sign`, NOW],
    ['a superseded version', 412, 'VERSION_SUPERSEDED', sign, { ...NOW, declarationVersion: '2' }],
    ['a version still to come', 412, 'VERSION_SUPERSEDED', sign, { ...NOW, declarationVersion: '4' }],
    ['a stale refusal', 412, 'VERSION_SUPERSEDED', refuse, { ...REFUSING, declarationVersion: '1' }],
    ['another turn', 409, 'WRONG_STAGE', sign, { ...NOW, stage: 'finance' }, { person: 'finance' }],
    ['what went back', 409, 'WRONG_STAGE', () => `approval-tasks/${reopened}/sign`, NOW],
    ['what is being signed', 409, 'SIGNATURE_PENDING', () => `approval-tasks/${signed}/sign`, NOW],
    ['a late refusal', 409, 'SIGNATURE_PENDING', () => `approval-tasks/${signed}/refuse`, REFUSING],
    ['an empty reason', 400, 'REASON_MISSING', refuse, { ...NOW, reason: '' }],
    ['a blank reason', 400, 'REASON_MISSING', refuse, { ...NOW, reason: ' \n\t ' }],
    ['an over-long reason', 400, 'REASON_TOO_LONG', refuse, { ...NOW, reason: 'x'.repeat(1_001) }],
    ['a NUL in a reason', 400, 'REASON_UNREADABLE', refuse, { ...NOW, reason: 'Too\0high.' }],
    ['half a pair in a reason', 400, 'REASON_UNREADABLE', refuse, { ...NOW, reason: 'High \ud800.' }],
    ['an NHS number', 422, 'PATIENT_IDENTIFIER_FOUND', refuse, { ...NOW, reason: 'See 943 476 5919.' }],
  ])('(%s) is refused with %i %s, and leaves nothing', async (_, status, code, path, body, by = {}) => {
    const answer = await isRefused(by.person ?? 'approver', path(), body, by.key);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  const json = (value: unknown): string => JSON.stringify(value) ?? 'nothing';
  it.each<[string, string, () => string, unknown]>([
    ...[undefined, null, '', 'x', '-1', '3.0', '1e3', '3\0', '9'.repeat(19), 3, ['3'], { is: '3' }].map(
      (version): [string, string, () => string, unknown] => [
        'declarationVersion',
        json(version),
        sign,
        { ...NOW, declarationVersion: version },
      ],
    ),
    ...[undefined, null, '', 'king', 'Commissioner', 'finance\0', 7, ['commissioner']].map(
      (stage): [string, string, () => string, unknown] => ['stage', json(stage), sign, { ...NOW, stage }],
    ),
    ...[undefined, null, 7, ['Too high.']].map((reason): [string, string, () => string, unknown] => [
      'reason',
      json(reason),
      refuse,
      { ...NOW, reason },
    ]),
    ['reason', 'that of a signature', sign, REFUSING],
  ])('is told that its %s cannot be %s, and leaves nothing', async (at, _, path, body) => {
    const answer = await isRefused('approver', path(), body);
    expect([answer.status, answer.body.code]).toEqual([400, 'REQUEST_FAULTY']);
    expect(answer.body.faults.length).toBeGreaterThan(0);
    for (const fault of answer.body.faults) expect(fault).toEqual({ at, detail: expect.any(String) });
  });

  // Who signs is whoever's token came with the request; what is signed says the rest.
  it.each([
    'personId',
    'approverId',
    'signedBy',
    'forOrganisation',
    'approvalId',
    'approvalVersion',
    'bulkId',
    'tier',
    'decision',
    'signedAt',
  ])('cannot be given for another: %s is not known', async (name) => {
    for (const [path, body] of [
      [sign(), NOW],
      [refuse(), REFUSING],
    ] as const) {
      const { status, body: problem } = await isRefused('approver', path, { ...body, [name]: 'second' });
      expect({ status, faults: problem.faults }).toEqual({
        status: 400,
        faults: [{ at: name, detail: 'is not known here' }],
      });
    }
  });

  it.each(['[]', '[{}]', 'null', '"sign"', '7', '{', ''])(
    'is no signature where its body is %j',
    async (body) => {
      for (const path of [sign(), refuse()])
        expect(await isRefused('approver', path, body)).toMatchObject({
          status: 400,
          body: { code: 'REQUEST_FAULTY' },
        });
    },
  );

  it.each(['A81001', '%00', `${UNKNOWN}%00`])('is for no declaration called %s', async (id) => {
    for (const [action, body] of [
      ['sign', NOW],
      ['refuse', REFUSING],
    ] as const)
      expect(await isRefused('approver', `approval-tasks/${id}/${action}`, body)).toMatchObject({
        status: 400,
        body: { code: 'REQUEST_FAULTY' },
      });
  });

  it.each<[string, object, object]>([
    ['sign', NOW, { ...NOW, declarationVersion: '4' }],
    ['refuse', REFUSING, { ...REFUSING, reason: 'The count is lower than the register.' }],
  ])('(%s) whose key comes again with another body is refused', async (action, first, other) => {
    const [declaration] = await world.declared({ declarationVersion: 3 });
    const path = `approval-tasks/${declaration!.declarationId}/${action}`;
    const key = uuidV7();
    const given = await post('approver', path, first, key);
    expect(given.status).toBe(202);
    const answer = await isRefused('approver', path, other, key);
    expect([answer.status, answer.body.code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
    expect(await post('approver', path, first, key)).toMatchObject({ status: 202, body: given.body });
  });
});
