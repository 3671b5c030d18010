import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { uuidV7 } from '@attest/contracts';
import { eventually, OwnProcess } from '@attest/testing';
import { declarationWorkflow } from '../src/index.js';
import { many } from './many.js';
import { calculated, servicePublished } from './neighbours.js';
import { startWorld, type World } from './world.js';

const PRACTICES = 5;
const own = new OwnProcess(declarationWorkflow);
let world: World;

beforeAll(async () => {
  world = await startWorld({}, own);
}, 120_000);
afterAll(() => world?.service.close());

const steps = async (declarationId: string): Promise<number> => {
  const { rows } = await world.service.database.query(
    `SELECT count(*)::int AS steps FROM declaration_history WHERE action = 'declare' AND declaration_id = $1`,
    [declarationId],
  );
  return rows[0].steps;
};

describe('declaring while the process is killed', () => {
  it.each([
    ['before it commits', 'XCOMMIT', 'answer-before-commit:3'],
    ['before it has answered', 'XANSWER', 'answer-after-commit:3'],
  ])(
    '%s: a repeat with the same key is answered within seconds, as the first time',
    async (_, code, step) => {
      await world.tell(servicePublished(code), calculated({ serviceCode: code, organisationCode: 'X00001' }));
      const { declaration_id: first } = await world.declarationOf(code, 'X00001');
      const ids = await many(world, first, PRACTICES, 1 + PRACTICES * ['XCOMMIT', 'XANSWER'].indexOf(code));
      const requests = ids.map((id) => ({ id, key: uuidV7() }));
      const send = ({ id, key }: { id: string; key: string }) =>
        world.service.post(
          'helper',
          `declarations/${id}/declare`,
          { onBehalfReason: 'The practices have asked for it.' },
          { 'idempotency-key': key, 'if-match': '"1"' },
        );
      await own.dieAt(step);
      const answered = await Promise.all(requests.map((request) => send(request).catch(() => undefined)));
      await own.died();
      await own.restart();
      let replayed = 0;
      for (const [at, request] of requests.entries()) {
        const before = await steps(request.id);
        // Whoever was killed holds its key for as long as PostgreSQL needs to see that.
        const again = await eventually(
          async () => {
            const answer = await send(request);
            return answer.body.code !== 'IDEMPOTENCY_KEY_IN_USE' && answer;
          },
          { withinMs: 5_000 },
        );
        expect(again).toMatchObject({ status: 200, body: { code: 'DECLARED', revision: 2 } });
        expect(again.headers.get('idempotency-replayed')).toBe(before === 1 ? 'true' : null);
        if (answered[at]) expect(again.body).toEqual(answered[at].body);
        expect(await steps(request.id)).toBe(1);
        replayed += before;
      }
      // What stood was answered from what is kept; the rest was done now.
      expect(replayed).toBeGreaterThanOrEqual(step.startsWith('answer-after-commit') ? 3 : 0);
    },
  );
});
