// `npm run radio`: simulated devices on the air, for people and benches.
//
//   npm run radio -- --device strap --device cuff               a private bus with a double of the Bluetooth service; prints its address
//   npm run radio -- --device strap --adapter hci1              the machine's own Bluetooth service and radio
//
// The first device stands on hci1 of the double, the next on hci2; hci0 is the gateway's. Ctrl-C takes them off the air.

import { fromHex, MaiboError, systemClock, systemEntropy, toHex } from '@maibo/sdk';
import { Command, InvalidArgumentError } from 'commander';
import { codeSource } from '../device/coded-source.ts';
import { createWearerSource } from '../device/wearer-source.ts';
import { createWearer } from '../wearer/wearer.ts';
import { CLINIC_DEVICES, isClinicDeviceKind } from './clinic-devices/catalog.ts';
import { openBluezDouble } from './double/double.ts';
import type { GattDevice } from './gatt-device.ts';
import { serveDevice } from './peripheral/serve-device.ts';
import { openPrivateBus } from './private-bus.ts';
import { createWearableDevice } from './wearable-device.ts';

interface Options {
  readonly device: readonly string[];
  readonly adapter?: string;
  readonly host?: Uint8Array;
  readonly seed: number;
  readonly speed: number;
}

const SYSTEM_BUS = 'unix:path=/var/run/dbus/system_bus_socket';
const DEVICES_MAX = 63;
const WEARABLE = 'wearable';
const KINDS = [...Object.keys(CLINIC_DEVICES), WEARABLE].join(', ');
const WEARABLE_S = 3_600;
const KEY_BYTES = 32;

function parseOptions(): Options {
  const what =
    'Offers simulated devices over Bluetooth: on a private double of the Bluetooth service, or on a real adapter.';
  return new Command('radio')
    .description(what)
    .requiredOption('--device <kind>', `${KINDS}; may be given more than once`, collectKind)
    .option('--adapter <name>', 'a real adapter of this machine, such as hci1; without it: a private double')
    .option(
      '--host <key>',
      'public key of the gateway a wearable is paired with, in hex; without it: pairing is open',
      key,
    )
    .option('--seed <number>', 'the same seed is the same devices', wholeNumber, 1)
    .option('--speed <factor>', '1 is real time', positive, 1)
    .parse()
    .opts<Options>();
}

function collectKind(kind: string, before: readonly string[] = []): readonly string[] {
  if (kind !== WEARABLE && !isClinicDeviceKind(kind)) throw new InvalidArgumentError(`one of ${KINDS}`);
  if (before.length >= DEVICES_MAX) throw new InvalidArgumentError(`at most ${DEVICES_MAX} devices`);
  return [...before, kind];
}

function key(text: string): Uint8Array {
  if (!/^[0-9a-f]{64}$/i.test(text)) throw new InvalidArgumentError(`${KEY_BYTES} bytes in hex`);
  return fromHex(text);
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new InvalidArgumentError('a whole number from 0 on');
  return value;
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('a number above 0');
  return value;
}

/** Gives what takes everything down again, the last first. */
async function offer(options: Options): Promise<() => Promise<void>> {
  const open: AsyncDisposable[] = [];
  const close = async () => {
    for (const one of open.reverse()) await one[Symbol.asyncDispose]();
  };
  const { device: kinds, adapter } = options;
  try {
    const busAddress = adapter === undefined ? await openPrivateAir(open, kinds.length) : realBusAddress();
    // One radio has one address, so its devices share it: a central sees them as one device with all the services.
    for (const [index, kind] of kinds.entries()) {
      const { device, label } = createDevice(kind, index, options);
      const on = adapter ?? `hci${index + 1}`;
      const served = await serveDevice({ busAddress, adapter: on, device, clock: systemClock });
      open.push(served);
      print(`${device.name}: ${served.address} (${on})${label}`);
    }
    return close;
  } catch (failure) {
    await close();
    throw failure;
  }
}

function createDevice(kind: string, index: number, options: Options): { device: GattDevice; label: string } {
  const { speed, host } = options;
  const seed = options.seed + index;
  if (isClinicDeviceKind(kind)) return { device: CLINIC_DEVICES[kind]({ seed, speed }), label: '' };
  const wearer = createWearer({ seed, durationS: WEARABLE_S, rateHz: 250 });
  const source = codeSource(createWearerSource(wearer, `seed ${seed} duration ${WEARABLE_S}`));
  const pairing = host ? { hosts: [host] } : { hosts: [], isPairing: true };
  const device = createWearableDevice({ name: `Maibo ${seed}`, source, speed, entropy: systemEntropy, ...pairing });
  return { device, label: `, key ${toHex(device.publicKey)}` };
}

async function openPrivateAir(open: AsyncDisposable[], deviceCount: number): Promise<string> {
  const bus = await openPrivateBus();
  open.push(bus);
  open.push(await openBluezDouble({ busAddress: bus.address, adapterCount: deviceCount + 1 }));
  print(`export DBUS_SYSTEM_BUS_ADDRESS=${bus.address}`);
  return bus.address;
}

function realBusAddress(): string {
  return process.env.DBUS_SYSTEM_BUS_ADDRESS ?? SYSTEM_BUS;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function main(): Promise<void> {
  const options = parseOptions();
  // Asked for before anything is said: who reads the line may answer at once.
  const interrupted = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'disconnect'] as const) process.once(signal, () => resolve());
  });
  const close = await offer(options);
  print('on the air; Ctrl-C ends');
  await interrupted;
  await close();
}

main().catch((failure: unknown) => {
  process.stderr.write(`${failure instanceof MaiboError ? failure.toLine() : String(failure)}\n`);
  process.exitCode = 1;
});
