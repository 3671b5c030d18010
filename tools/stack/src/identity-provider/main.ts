import { startIdentityProvider } from './index.js';

// node tools/stack/dist/identity-provider/main.js --people people.csv --state .attest [--port 4000]
const options = Object.fromEntries(
  process.argv
    .slice(2)
    .flatMap((word, i, words) => (word.startsWith('--') ? [[word.slice(2), words[i + 1]]] : [])),
);
if (!options.people || !options.state) {
  console.error('Say where the people are and where to keep the key: --people <people.csv> --state <folder>');
  process.exit(1);
}
const provider = await startIdentityProvider({
  port: Number(options.port ?? 0),
  stateDir: options.state,
  people: options.people,
});
console.log(`Development identity provider at ${provider.issuer}. Never for production.`);
for (const signal of ['SIGTERM', 'SIGINT'])
  process.once(signal, () => void provider.close().then(() => process.exit(0)));
