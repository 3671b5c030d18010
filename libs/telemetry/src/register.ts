import { register } from 'node:module';

// Lets instrumentations see modules that are imported after this one:
// node --import @attest/telemetry/register services/<name>/dist/main.js
register('@opentelemetry/instrumentation/hook.mjs', import.meta.url);
