import { FollowPolicies } from '../../src/application/signing/follow-policies.js';
import { TakeSystemSteps } from '../../src/application/signing/take-system-steps.js';
import type { ModelDeclaration } from './model-declaration.js';
import { isFinanceAsked, tierDue } from './model-policy.js';
import type { RealAchievement } from './real-achievement.js';
import type { ReferenceModel } from './reference-model.js';

/** What follows by itself, at once or by a job, after something happened. @returns what was met */
export async function follow(model: ReferenceModel, real: RealAchievement): Promise<readonly string[]> {
  const { policy } = model.service;
  const open = model.declarations.filter((d) => d.isOpen);
  const outdated = open.filter((d) => d.followed !== policy);
  for (const d of outdated) d.policy = d.followed = policy;
  const met = open.flatMap((d) => goOnBySystem(model, d));
  // The jobs look at what other sequences left, too.
  if (outdated.length > 0) await real.system.alone(() => real.system.get(FollowPolicies).run());
  if (met.length > 0) await real.system.alone(() => real.system.get(TakeSystemSteps).run());
  return met;
}

function goOnBySystem(model: ReferenceModel, d: ModelDeclaration): string[] {
  const met: string[] = [];
  if (model.obstacle(d) !== null) return met;
  if (d.status === 'AWAITING_COMMISSIONER_APPROVAL' && tierDue(d) === null) {
    d.status = 'AWAITING_FINANCE_APPROVAL';
    met.push('route complete by itself');
  }
  if (d.status === 'AWAITING_FINANCE_APPROVAL' && !isFinanceAsked(d)) {
    d.status = d.pence === 0n ? 'SETTLED_NIL' : 'FINANCIALLY_APPROVED';
    met.push('finance not asked');
  }
  return met;
}
