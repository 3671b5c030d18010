import module from 'node:module';

// Where Node can (from 22.1), the next start takes what this one compiled. Only what is loaded after it counts.
(module as { enableCompileCache?: () => void }).enableCompileCache?.();
const [{ runService }, { paymentExport }] = await Promise.all([
  import('@attest/hosting'),
  import('./index.js'),
]);

await runService(paymentExport);
