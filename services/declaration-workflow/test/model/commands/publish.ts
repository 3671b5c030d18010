import { servicePublished } from '../../neighbours.js';
import type { Answers } from '../command.js';
import type { ModelService } from '../model-service.js';
import { publishedPolicy } from '../model-policy.js';
import type { RealAchievement } from '../real-achievement.js';
import type { ReferenceModel } from '../reference-model.js';

/** The catalogue publishes the service anew; what is not said stays as it was. */
export async function publish(
  model: ReferenceModel,
  real: RealAchievement,
  changes: Partial<Pick<ModelService, 'calendar' | 'policy'>>,
): Promise<Answers> {
  const { service } = model;
  const version = service.version + 1;
  const next = { calendar: service.calendar, policy: service.policy, ...changes };
  const { opensOn, deadlineOn, cutOffAt } = next.calendar;
  const policy = publishedPolicy(next.policy);
  const event = servicePublished(
    real.serviceCode,
    {
      ...(policy ? { policy } : {}),
      dependsOn: ['membership'],
      opensOn,
      deadline: deadlineOn,
      cutOffAt: cutOffAt.toISOString(),
    },
    version,
  );
  const apply = () => {
    if (version > service.version) Object.assign(service, next, { version });
  };
  apply();
  return { expected: null, given: await real.hear('services', event, apply) };
}
