// Beats from a paired device on a serial port, stored and acknowledged:
// node sdk/dist/examples/03-first-heartbeat.js /dev/ttyACM0 my-gateway DEVICE_KEY_HEX
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

const [port = '/dev/ttyACM0', folder = 'my-gateway', deviceKey = ''] = process.argv.slice(2);
const signer = loadOrCreateKey(`${folder}/gateway.key`, systemEntropy);
const keys = loadOrCreateLinkKey(`${folder}/gateway-link.key`, systemEntropy);
const { store, close } = openStoreFile(`${folder}/store.sqlite`);
store.addKey(signer.keyId, signer.publicKey, 'gateway');

const link = await openSerialLink({ path: port });
const trust = { devices: [fromHex(deviceKey)], label: null, isPairing: false };
const session = await DeviceSession.open(link, { clock: systemClock, entropy: systemEntropy }, { keys, trust });
for (const log of session.info.logs) {
  await collectLog({
    ...{ session, log, store, signer, clock: systemClock },
    onCommit: ({ results }) => {
      for (const { values } of results)
        if (Array.isArray(values.beatS)) console.log('beats at', values.beatS.join(', '), 's');
    },
  });
}
await session.close();
close();
