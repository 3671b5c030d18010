// Every provider is offered its services; those that ask for an answer are accepted by the providers themselves.
import { silent, type Progress } from '@attest/invariants/progress';
import { each } from '@attest/stack/http-client';
import { count } from '../words.js';
import type { World } from '../world.js';

export interface Offered {
  readonly participations: number;
  readonly acceptedByProviders: number;
}

interface WaitingProvider {
  readonly provider_code: string;
  readonly services: readonly string[];
}

export const title = 'Offers are made and accepted';

export async function run(world: World, progress: Progress = silent): Promise<Offered> {
  const { manifest, people } = world;
  for (const service of manifest.services) {
    await world.post(people.nationalOperator, 'catalogue', 'offers', {
      serviceCode: service.serviceCode,
      from: service.participation.from,
      to: service.participation.to,
      respondBy: service.participation.respondBy,
      providers: service.participation.providers ?? 'all-of-kind',
    });
  }
  const waiting = await world.rows<WaitingProvider>(
    'catalogue',
    `SELECT provider_code, array_agg(service_code ORDER BY service_code) AS services
       FROM participation WHERE status = 'offered' GROUP BY provider_code ORDER BY provider_code`,
  );
  let answered = 0;
  await each(waiting, 16, async ({ provider_code, services }) => {
    await world.post(world.declarerOf(provider_code), 'catalogue', 'offers/responses', {
      responses: services.map((serviceCode) => ({
        serviceCode,
        providerCode: provider_code,
        answer: 'accept',
      })),
    });
    progress(++answered, waiting.length, 'answered');
  });
  progress.step('every service takes in who takes part');
  await world.settled();
  return {
    participations: await world.count(
      'catalogue',
      `SELECT count(*) FROM participation WHERE status = 'accepted'`,
    ),
    acceptedByProviders: waiting.length,
  };
}

export function tell({ participations, acceptedByProviders }: Offered): string[] {
  return [
    `Each provider was offered the services that it can take part in: ${count(participations, 'offer is', 'offers are')} in force.`,
    acceptedByProviders === 0
      ? 'None of them asks for an answer.'
      : `Where an offer asks for an answer, ${count(acceptedByProviders, 'provider')} accepted; the others hold without one.`,
  ];
}
