// Re-checks what a gateway stored: node sdk/dist/examples/02-verify-a-store.js maibo-out/simulated-seed1/store.sqlite
import { openStoreFile, verifyStore } from '@maibo/sdk';

const { store, close } = openStoreFile(process.argv[2] ?? 'store.sqlite', { readOnly: true });
const { streams, problems } = verifyStore(store);
for (const stream of streams) console.log(stream.name, stream.resultsAgreed, 'results came out the same again');
for (const problem of problems) console.log(problem.where, problem.message);
close();
process.exitCode = problems.length === 0 ? 0 : 1;
