// Heart-rate variability of a Bluetooth strap, every 30 beats: node sdk/dist/examples/03-ble-strap-to-hrv.js [C0:FF:EE:00:00:01 [windows]]
// It takes the first strap it hears, or the one with this address. Nothing to pair: straps tell everybody.
import { computeHrv, gatt, openBluezRadio, systemClock } from '@maibo/sdk';

const [wanted = null, windows = 'Infinity'] = process.argv.slice(2);
const service = gatt.gattUuidText(0x180d);
const characteristic = gatt.gattUuidText(gatt.heartRateMeasurement.uuid);
await using radio = await openBluezRadio({ clock: systemClock });

let address: string | null = null;
for await (const strap of radio.scan({ services: [service], signal: AbortSignal.timeout(30_000) })) {
  console.log('heard', strap.address, strap.name);
  if (wanted !== null && strap.address !== wanted) continue;
  address = strap.address;
  break;
}
if (address === null) throw new Error('no strap was heard: wet its electrodes and wear it');

await using peer = await radio.connect(address, { services: [service] });
await using values = await peer.listen({ service, characteristic });
const rrMs: number[] = [];
let left = Number(windows);
for await (const value of values) {
  const beat = gatt.heartRateMeasurement.decode(value);
  if (!beat.ok) continue;
  rrMs.push(...(beat.value.rrMs ?? []));
  if (rrMs.length < 30) continue;
  console.log(beat.value.heartRateBpm, 'beats/min, RMSSD', computeHrv(rrMs.splice(0)).values.HRV_RMSSD, 'ms');
  if (--left <= 0) break;
}
