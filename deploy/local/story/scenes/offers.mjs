// Every provider is offered its services; those that ask for an answer are accepted by the providers themselves.
import { each } from '../http-client.mjs';

export const title = 'Offers are made and accepted';

export async function run(world) {
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
  const waiting = await world.rows(
    'catalogue',
    `SELECT provider_code, array_agg(service_code ORDER BY service_code) AS services
       FROM participation WHERE status = 'offered' GROUP BY provider_code ORDER BY provider_code`,
  );
  await each(waiting, 16, async ({ provider_code, services }) => {
    await world.post(world.declarerOf(provider_code), 'catalogue', 'offers/responses', {
      responses: services.map((serviceCode) => ({
        serviceCode,
        providerCode: provider_code,
        answer: 'accept',
      })),
    });
  });
  await world.settled();
  return {
    participations: await world.count(
      'catalogue',
      `SELECT count(*) FROM participation WHERE status = 'accepted'`,
    ),
    acceptedByProviders: waiting.length,
  };
}
