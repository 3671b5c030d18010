// How long a barrier takes along the release route with nothing else going on, and what the route costs when idle.
import { BARRIER_ROUTES, type ServiceName } from '@attest/contracts';
import { messagingMigrations } from '@attest/messaging';
import { migrate } from '@attest/persistence';
import type { BarrierCommands } from './barrier-process.js';
import type { Figure } from './figure.js';
import { openRawHop, PERCENTILES, times } from './hop.js';
import { rotate } from './rotation.js';
import { newPrefix, type Stand } from './stand.js';
import { dropTopics, freshTopics } from './topics.js';

/** The longest way: organisations, catalogue, aggregation, declaration-workflow, payment-export. */
const HOPS = 5;

export async function measure(stand: Stand): Promise<Figure[]> {
  const barriers = stand.size(20, 3);
  const topicPrefix = newPrefix();
  await freshTopics(stand, topicPrefix);
  const urls: Partial<Record<ServiceName, string>> = {};
  for (const service of Object.keys(BARRIER_ROUTES.release.nodes) as ServiceName[]) {
    const { url } = await stand.database(service);
    await migrate(url, messagingMigrations);
    urls[service] = url;
  }
  const route = await stand.worker<BarrierCommands>('barrier-process.js', 'barrier');
  await route.call('open', { brokers: await stand.brokers(), topicPrefix, urls });
  const rawHop = await openRawHop(stand);
  const rawHops = async (): Promise<number> => {
    let ms = 0;
    for (let hop = 0; hop < HOPS; hop++) ms += await rawHop();
    return ms;
  };
  const found = await rotate(stand.rotations, {
    ours: () => times(barriers, async () => (await route.call('pass')).ms),
    raw: () => times(barriers, rawHops),
  });
  const { percent } = await route.call('idle', { seconds: stand.size(5, 1) });
  await route.call('close');
  await dropTopics(stand, topicPrefix);
  return [
    ...PERCENTILES.map((which): Figure => ({
      name: `barrier along the release route, ${which}`,
      unit: 'ms',
      better: 'lower',
      ours: found.ours.map((taken) => taken[which]),
      peer: { name: `${HOPS} raw hops`, values: found.raw.map((taken) => taken[which]) },
      notes: { barriers, services: Object.keys(urls).length },
    })),
    {
      name: `messaging of ${Object.keys(urls).length} services, idle`,
      unit: '% of a core',
      better: 'lower',
      ours: [percent],
    },
  ];
}
