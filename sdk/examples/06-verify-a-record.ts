// Is this record what the gateway sealed, and does its result come out the same again?
// node sdk/dist/examples/06-verify-a-record.js maibo-out/simulated-seed1/store.sqlite [record]
import { openStoreFile, readRecord, verifyStore } from '@maibo/sdk';

const [path = 'store.sqlite', wanted] = process.argv.slice(2);
const { store, close } = openStoreFile(path, { readOnly: true });
const { streams, problems } = verifyStore(store);
for (const stream of streams) console.log(stream.name, stream.resultsAgreed, 'results came out the same again');
for (const problem of problems) console.log(problem.where, problem.message);

const [stream] = store.streams();
if (stream !== undefined) {
  const number = Number(wanted ?? stream.chain.recordCount - 1);
  for (const { bytes } of store.records(stream.id, number)) {
    const { record } = readRecord(bytes);
    console.log('record', number, record.kind, problems.length === 0 ? 'holds' : 'is in a store that does not hold');
    break;
  }
}
close();
process.exitCode = problems.length === 0 ? 0 : 1;
