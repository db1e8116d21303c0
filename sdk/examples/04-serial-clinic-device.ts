// Everything a paired Maibo device holds, over a serial port: sealed, stored, and only then acknowledged. The port is a path or, better, a
// piece of its name under /dev/serial/by-id: node sdk/dist/examples/04-serial-clinic-device.js Acme_Monitor my-gateway DEVICE_KEY_HEX
import {
  collectLog,
  DeviceSession,
  fromHex,
  loadOrCreateKey,
  loadOrCreateLinkKey,
  openSerialLink,
  openStoreFile,
  systemClock,
  systemEntropy,
} from '@maibo/sdk';

const [port = 'Acme_Monitor', folder = 'my-gateway', deviceKey = '', names = '/dev/serial'] = process.argv.slice(2);
const signer = loadOrCreateKey(`${folder}/gateway.key`, systemEntropy);
const keys = loadOrCreateLinkKey(`${folder}/gateway-link.key`, systemEntropy);
const { store, close } = openStoreFile(`${folder}/store.sqlite`);
store.addKey(signer.keyId, signer.publicKey, 'gateway');

const link = await openSerialLink(port.startsWith('/') ? { path: port } : { match: port, folder: names });
const trust = { devices: [fromHex(deviceKey)], label: null, isPairing: false };
const world = { clock: systemClock, entropy: systemEntropy };
const session = await DeviceSession.open(link, world, { keys, trust, signal: AbortSignal.timeout(20_000) });
for (const log of session.info.logs) {
  const onCommit = ({ blocksDone }: { blocksDone: number }) => console.log('stored and acknowledged:', blocksDone);
  const summary = await collectLog({ session, log, store, signer, clock: systemClock, onCommit });
  console.log(log.stream.signal, summary.newRecords, 'new records,', summary.gapBlocks, 'blocks are missing');
}
await session.close();
close();
