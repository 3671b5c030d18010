import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { newEvent } from '@attest/contracts';
import { Consumes, type BatchContext, type ReceivedEvent } from '../src/index.js';
import { add, Counted, specDatabase, specPrefix, specService, until } from '../test/harness.js';
const N = 150_000;
let seen = 0; let first = 0; let cpu0 = process.cpuUsage();
@Controller()
class CountsOnly {
  @Consumes(Counted)
  async handle(@Payload() events: readonly ReceivedEvent<typeof Counted>[], @Ctx() _b: BatchContext): Promise<void> {
    if (!first) { first = performance.now(); cpu0 = process.cpuUsage(); }
    seen += events.length;
  }
}
const padding = 'x'.repeat(380);
const topicPrefix = specPrefix();
const [s, r] = await Promise.all([specDatabase(), specDatabase()]);
const intake = await specService({ service: 'extraction-intake', database: s.database, topicPrefix });
for (let i = 0; i < N; i += 1000)
  await add(intake.messaging, s.database, Array.from({ length: 1000 }, (_, j) => newEvent(Counted, { key: `k${j % 500}`, n: i + j, padding })));
await until('sent', async () => (await s.database.query(`SELECT FROM outbox LIMIT 1`)).rows.length === 0, 120_000);
await intake.close();
const t = performance.now();
const agg = await specService({ service: 'aggregation', database: r.database, topicPrefix }, { controllers: [CountsOnly], relay: false });
await until('consumed', () => seen >= N, 60_000);
const u = process.cpuUsage(cpu0);
console.log('start', Math.round(first - t), 'ms; steady', Math.round(N / (performance.now() - first) * 1000), 'events/s; cpu us/event', ((u.user + u.system) / N).toFixed(1));
await agg.close(); await s.drop(); await r.drop(); process.exit(0);
