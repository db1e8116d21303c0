// Kill it anywhere (kill -9, or pull the plug) and run it again: it goes on behind the last block that has reached the disk, and stores
// nothing twice: node sdk/dist/examples/05-resume-after-power-cut.js /dev/ttyACM0 my-gateway DEVICE_KEY_HEX
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
  verifyStore,
} from '@maibo/sdk';

const [path = '/dev/ttyACM0', folder = 'my-gateway', deviceKey = ''] = process.argv.slice(2);
const signer = loadOrCreateKey(`${folder}/gateway.key`, systemEntropy);
const keys = loadOrCreateLinkKey(`${folder}/gateway-link.key`, systemEntropy);
const { store, close } = openStoreFile(`${folder}/store.sqlite`);
store.addKey(signer.keyId, signer.publicKey, 'gateway');
for (const { nextBlock } of store.streams()) console.log('here already: blocks up to', nextBlock);

const trust = { devices: [fromHex(deviceKey)], label: null, isPairing: false };
const world = { clock: systemClock, entropy: systemEntropy };
const session = await DeviceSession.open(await openSerialLink({ path }), world, { keys, trust });
const log = session.info.logs[0]!;
const onCommit = ({ blocksDone }: { blocksDone: number }) => console.log('durable up to', blocksDone);
const summary = await collectLog({ session, log, store, signer, clock: systemClock, onCommit });
await session.close();

console.log('went on behind', summary.blocksBefore, 'and now holds', summary.blocksDone, 'blocks');
console.log(verifyStore(store).problems.length, 'problems: no record twice, none lost, every link of the chain holds');
close();
