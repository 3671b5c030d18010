import { Injectable } from '@nestjs/common';
import { Access, type Caller } from '@attest/auth';
import { APPROVAL_ROLES } from '@attest/contracts';
import { UnknownTaskError } from '../domain/approval.errors.js';
import { TaskQueries, type TaskFilter, type TaskView } from './queries.js';

/** Who may look at what waits for a signature at their commissioner. */
export const LOOKING_ROLES = [...APPROVAL_ROLES, 'FINANCE_MANAGEMENT', 'VIEW'] as const;

/** What waits for a signature at the caller's commissioners, and what became of the signatures that were given. */
@Injectable()
export class LookAtTasks {
  constructor(
    private readonly access: Access,
    private readonly tasks: TaskQueries,
  ) {}

  async list(caller: Caller, filter: TaskFilter): Promise<TaskView[]> {
    return this.tasks.list(await this.access.scope(caller, LOOKING_ROLES), filter);
  }

  /** Also one that waits for no signature any more. @throws UnknownTaskError, NotYourOrganisationError */
  async one(caller: Caller, declarationId: string): Promise<TaskView> {
    const unknown = (): UnknownTaskError => new UnknownTaskError(declarationId);
    const task = await this.tasks.one(declarationId);
    if (!task) throw unknown();
    await this.access.require(caller, LOOKING_ROLES, task.commissionerCode, unknown);
    return task;
  }
}
