// @ts-nocheck
// One process that hosts several services, each with its own database, consumer and port, sharing nothing.
// node host.js '{"mode": "start" | "migrate", "services": {"organisations": {settings…}, …}}'
const { mode, services } = JSON.parse(process.argv[2] ?? '{}');
const running = [];

let stopping;
function stop(code = 0) {
  stopping ??= Promise.allSettled(running.map((service) => service.close())).then(() => process.exit(code));
  return stopping;
}
process.on('SIGTERM', () => void stop());
process.on('SIGINT', () => void stop());

try {
  const definitions = await Promise.all(
    Object.keys(services).map(async (name) => {
      const module = await import(`../../../services/${name}/dist/index.js`);
      return Object.values(module).find((value) => value?.name === name && typeof value.start === 'function');
    }),
  );
  await Promise.all(definitions.map((service) => service.migrate(services[service.name].DATABASE_URL)));
  if (mode === 'migrate') process.exit(0);
  await Promise.all(
    definitions.map(async (service) => running.push(await service.start(services[service.name]))),
  );
} catch (error) {
  console.error(error);
  await stop(1);
}
