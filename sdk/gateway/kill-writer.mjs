// A gateway without devices, to be killed: eight made-up straps are collected at full speed, and what is acknowledged is written to a file, as a
// device would hear of it. Run by kill.test.ts on the built package: node kill-writer.mjs STORE ACKNOWLEDGED
import { appendFileSync } from 'node:fs';
import { encodeItem } from '@maibo/protocols';
import { GroupCommitter } from '../dist/gateway/group-committer.js';
import { StreamWriter } from '../dist/gateway/stream-writer.js';
import { encodeSamples } from '../dist/stream/sample-block.js';
import { systemClock } from '../dist/world/node-clock.js';
import { createLabKey } from '../dist/world/node-keys.js';
import { openStoreFile } from '../dist/world/node-store.js';

const [storePath, ackPath] = process.argv.slice(2);
const STREAMS = 8;
const INTERVALS = 16;
const BLOCK_US = INTERVALS * 800_000;
const LIFE_MS = 30_000;
const device = new Uint8Array(16).fill(5);

setTimeout(() => process.exit(3), LIFE_MS);
process.on('disconnect', () => process.exit(3));

function itemOf(seq) {
  const intervalsUs = Array.from({ length: INTERVALS }, (_, at) => 800_000 + (((seq * 7 + at) % 31) - 15) * 1_000);
  const bytes = encodeSamples(2, intervalsUs);
  const place = { ticks: seq * BLOCK_US, firstSample: seq * INTERVALS };
  const block = { seq, ...place, format: 2, bytes, sampleCount: INTERVALS };
  const item = { type: 'sample-item', boot: 1, ...place, format: 2, samples: bytes };
  return { kind: 'item', seq, bytes: encodeItem(item), block };
}

function describe(log) {
  const source = { device, sensor: `made up ${log}`, signal: 'rr' };
  const samples = { rateHz: null, unit: 'us', gain: 1, offset: 0, bits: 32 };
  return { kind: 'stream', source, firmware: 'test', tickRateHz: 1_000_000, ...samples };
}

const startMs = performance.now();
const { store } = openStoreFile(storePath);
const signer = createLabKey('gateway', 1);
store.addKey(signer.keyId, signer.publicKey, 'gateway-lab');
const committer = new GroupCommitter(store, systemClock, { waitMs: 2 });
const writers = Array.from({ length: STREAMS }, (_, log) => {
  const identity = { device, log, epoch: new Uint8Array(4) };
  const writer = StreamWriter.open({ store, identity, signer, description: describe(log), committer });
  if (writer.nextBlock === 0)
    writer.markClock({ boot: 1, ticks: 0, utcUs: 1_767_225_600_000_000, uncertaintyUs: 0 }, 'lab');
  // The first input may bring a restart record with it: that is part of standing up again.
  writer.take(itemOf(writer.nextBlock));
  return writer;
});
appendFileSync(ackPath, `open ${(performance.now() - startMs).toFixed(1)}\n`);
process.send?.('open');

async function collect(writer, log) {
  for (let round = 0; ; round++) {
    await writer.commit();
    appendFileSync(ackPath, `${log} ${writer.nextBlock - 1}\n`);
    for (let count = 0; count <= (round + log) % 4; count++) writer.take(itemOf(writer.nextBlock));
  }
}

await Promise.all(writers.map(collect));
