// One process that hosts several services, each with its own database, consumer and port, sharing nothing.
// node host.mjs '<JSON: {"organisations": {env…}, …}>'; it tells its parent when each is ready and ends with it.
const wanted = JSON.parse(process.argv[2] ?? '{}');
const running = [];

// The parent's channel closes when the parent dies in whatever way: nobody is left behind.
process.on('disconnect', () => void stop());
process.on('SIGTERM', () => void stop());
process.on('SIGINT', () => undefined);

let stopping;
function stop() {
  stopping ??= (async () => {
    await Promise.allSettled(running.map((service) => service.close()));
    process.exit(0);
  })();
  return stopping;
}

try {
  for (const [name, env] of Object.entries(wanted)) {
    const module = await import(`../../services/${name}/dist/index.js`);
    const definition = Object.values(module).find(
      (value) => value?.name === name && typeof value.start === 'function',
    );
    const service = await definition.start({ ...process.env, ...env });
    running.push(service);
    process.send?.({ ready: name, url: service.url });
  }
} catch (error) {
  console.error(error);
  process.exit(1);
}
