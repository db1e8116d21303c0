// The first heart beats of a paired Maibo device on a serial port, as they are measured; nothing is stored, and the device keeps everything:
// node sdk/dist/examples/02-first-heartbeat.js /dev/ttyACM0 my-gateway DEVICE_KEY_HEX
import {
  beatsIn,
  DeviceSession,
  fromHex,
  loadOrCreateLinkKey,
  openSerialLink,
  systemClock,
  systemEntropy,
} from '@maibo/sdk';

const [path = '/dev/ttyACM0', folder = 'my-gateway', deviceKey = ''] = process.argv.slice(2);
const keys = loadOrCreateLinkKey(`${folder}/gateway-link.key`, systemEntropy);
const trust = { devices: [fromHex(deviceKey)], label: null, isPairing: false };
const world = { clock: systemClock, entropy: systemEntropy };

const link = await openSerialLink({ path });
await using session = await DeviceSession.open(link, world, { keys, trust, onState: console.log });
const [log] = session.info.logs;
if (log === undefined) throw new Error('the device keeps no log');

const signal = AbortSignal.timeout(60_000);
let count = 0;
for await (const { rrMs } of beatsIn(session.samples(log, { signal }), log.stream)) {
  if (rrMs !== null) console.log('beat', ++count, Math.round(60_000 / rrMs), 'beats/min');
  if (count === 10) break;
}
