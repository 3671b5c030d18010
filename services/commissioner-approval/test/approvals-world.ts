import { DeclarationDeclaredV1, newEvent, type DeclarationState, type NewEvent } from '@attest/contracts';
import {
  eventually,
  startServiceUnderTest,
  type Json,
  type SeenEvent,
  type ServiceUnderTest,
  type StartableService,
} from '@attest/testing';
import { commissionerApproval } from '../src/index.js';
import { aDeclaration, fact } from './a-declaration.js';

/** Long enough for a machine that is busy with something else. */
export const soon = <T>(condition: () => T | Promise<T>) =>
  eventually(condition, { withinMs: 40_000, everyMs: 20 });

export interface ApprovalsWorld {
  readonly service: ServiceUnderTest;
  readonly approvals: readonly SeenEvent[];
  tell(...events: unknown[]): Promise<void>;
  /** Each as declaration-workflow tells of it, and known here. */
  declared(...changes: Partial<DeclarationState>[]): Promise<DeclarationState[]>;
  /** Waits until a bulk of this person has nothing queued. */
  signed(personId: string, bulkId: string): Promise<Json>;
}

/** Commissioners XQA and XQB, and who signs there. */
export async function startApprovals(
  more: Record<string, string> = {},
  startable: StartableService = commissionerApproval,
): Promise<ApprovalsWorld> {
  const service = await startServiceUnderTest(startable, { LOG_LEVEL: 'silent', ...more });
  const approvals = await service.topics.collect('approvals');
  await service.know(
    [
      { code: 'XQA', kind: 'commissioner' },
      { code: 'XQB', kind: 'commissioner' },
    ],
    [
      { personId: 'approver', role: 'APPROVAL_MANAGEMENT', organisationCode: 'XQA' },
      { personId: 'second', role: 'APPROVAL_MANAGEMENT', organisationCode: 'XQA' },
      { personId: 'stranger', role: 'APPROVAL_MANAGEMENT', organisationCode: 'XQB' },
      { personId: 'both', role: 'APPROVAL_MANAGEMENT', organisationCode: 'XQA' },
      { personId: 'both', role: 'APPROVAL_MANAGEMENT', organisationCode: 'XQB' },
      { personId: 'finance', role: 'FINANCE_MANAGEMENT', organisationCode: 'XQA' },
      { personId: 'treasurer', role: 'FINANCE_MANAGEMENT', organisationCode: 'XQA' },
      { personId: 'operator', role: 'NATIONAL_OPERATOR', organisationCode: 'ENGLAND' },
      { personId: 'viewer', role: 'VIEW', organisationCode: 'XQA' },
    ],
  );
  const tell = (...events: unknown[]) => service.topics.publish(events as NewEvent[]);
  return {
    service,
    approvals,
    tell,
    async declared(...changes) {
      const declarations = changes.map((change) => aDeclaration(change));
      await tell(
        ...declarations.map((declaration) => newEvent(DeclarationDeclaredV1, { declaration, fact: fact() })),
      );
      await soon(async () => {
        const { rowCount } = await service.database.query(
          `SELECT FROM approval_task JOIN unnest($1::uuid[], $2::int[]) AS told(id, revision)
             ON declaration_id = told.id AND approval_task.revision >= told.revision`,
          [declarations.map((d) => d.declarationId), declarations.map((d) => d.revision)],
        );
        return rowCount === declarations.length;
      });
      return declarations;
    },
    signed: (personId, bulkId) =>
      soon(async () => {
        const { body } = await service.get(personId, `bulk-approvals/${bulkId}`);
        return body.queued === 0 && body;
      }),
  };
}

export const itemsOf = (declarations: readonly DeclarationState[]) =>
  declarations.map(({ declarationId, declarationVersion }) => ({
    declarationId,
    declarationVersion: String(declarationVersion),
  }));

/** All that a request could leave behind. */
export async function leftIn({ service }: ApprovalsWorld): Promise<unknown> {
  const { rows } = await service.database.query(
    `SELECT (SELECT count(*) FROM signature) AS signatures, (SELECT count(*) FROM bulk_approval) AS bulks,
            (SELECT count(*) FROM bulk_approval_item) AS items, (SELECT count(*) FROM bulk_preview) AS previews,
            (SELECT sum(approval_version) FROM approval_task) AS told,
            (SELECT count(*) FROM approval_task WHERE pending_approval_id IS NOT NULL) AS pending`,
  );
  return rows[0];
}
