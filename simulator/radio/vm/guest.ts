// The program inside the emulated machine (init starts it): real bluetoothd, one virtual controller for the gateway and one for each device.
// What it says is for `run` to judge. From the environment: RECONNECTS, BURST, BLOCKS, NOTIFICATIONS, HEARTBEAT_S, and PARTS, some of
// "contract,latency,clinic,pairing,pace".
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { isMaiboError, type Link, openBluezRadio, openStoreFile, type PairingQuestion, systemClock } from '@maibo/sdk';
import { measureHeartbeatLatency } from '../../testing/heartbeat-latency.ts';
import { LINK_CONTRACT } from '../../testing/link-contract.ts';
import { echo } from '../../testing/link-contract-transfer.ts';
import { until } from '../../testing/link-ends.ts';
import { canRun } from '../../testing/link-rig.ts';
import { CLINIC_DEVICES, type ClinicDeviceKind } from '../clinic-devices/catalog.ts';
import { Bus } from '../dbus/bus.ts';
import { openPeripheral } from '../peripheral/peripheral.ts';
import { BluezRig } from './bluez-rig.ts';
import { visitClinicDevice } from './clinic.ts';
import { GuestReport, spreadOf } from './guest-report.ts';
import { nodeBlePace, notificationDelaysMs, ourPace, PACE_TABLE, type Pace } from './pace.ts';
import { pairAndForget } from './pairing.ts';
import { setPowered } from './virtual-adapters.ts';

const busAddress = 'unix:path=/run/dbus/system_bus_socket';
const PID_FILE = '/run/bluetoothd.pid';
/** In memory, and gone with the machine. */
const folder = '/tmp';
const CHECK_MS = 180_000;
const ALL_MS = 1_200_000;
/** An emulated machine is tens of times slower. */
const PATIENCE_MS = 60_000;
const UNPLUG_MS = 5_000;
const AGAIN_MS = 500;
const DELAY_COUNT = 100;
const BLOCK_SAMPLES = 50;

const report = new GuestReport();

function setting(name: string, fallback: number): number {
  const value = Number(process.env[name] ?? fallback);
  if (!Number.isSafeInteger(value) || value < 1) throw new RangeError(`${name} must be a whole number from 1 on`);
  return value;
}

const parts = process.env.PARTS?.split(',');
const isWanted = (part: string) => parts?.includes(part) ?? true;

function check(name: string, run: () => Promise<void>): Promise<void> {
  return report.check(name, CHECK_MS, run);
}

async function checkLink(): Promise<void> {
  const limits = {
    reconnects: setting('RECONNECTS', 20),
    burst: setting('BURST', 100),
    blocks: setting('BLOCKS', 50),
    patienceMs: PATIENCE_MS,
    unplugMs: UNPLUG_MS,
  };
  const measured = (what: string, ms: number) => report.note(`${what}: ${ms.toFixed(1)} ms`);
  const rig = await BluezRig.open({ busAddress, limits, measured });
  if (isWanted('latency')) await check('latency of a heartbeat', () => measureHeartbeats(rig));
  if (isWanted('contract')) await checkContract(rig);
  report.number('counts', await rig.counts());
  report.number('reconnects', rig.radio.counts.reconnects);
  await rig.close();
}

async function checkContract(rig: BluezRig): Promise<void> {
  for (const { name, needs, run } of LINK_CONTRACT)
    if (canRun(rig, needs)) await check(`link contract: ${name}`, () => run(rig));
  await check('bluetoothd is killed and comes back: so does the link', () => surviveKill(rig));
}

async function surviveKill(rig: BluezRig): Promise<void> {
  const host = await rig.open();
  await rig.device();
  const startMs = systemClock.nowMonotonicMs();
  process.kill(Number(readFileSync(PID_FILE, 'utf8')), 'SIGKILL');
  await until(rig, 'the radio notices', () => rig.radio.state !== 'ready');
  await host.close();
  await until(rig, 'the radio is back', () => rig.radio.state === 'ready');
  const link = await openAgain(rig);
  report.number('backAfterKillMs', Math.round(systemClock.nowMonotonicMs() - startMs));
  await echo(rig, link, await rig.device());
  await link.close();
}

/** As a gateway does: the kernel ends what the killed one left connected, and that may hit the first attempt. */
async function openAgain(rig: BluezRig): Promise<Link> {
  const endMs = systemClock.nowMonotonicMs() + PATIENCE_MS;
  for (;;) {
    try {
      return await rig.open();
    } catch (failure) {
      if (!isMaiboError(failure, 'link-open', 'link-timeout') || systemClock.nowMonotonicMs() > endMs) throw failure;
    }
    await systemClock.sleep(AGAIN_MS);
  }
}

/** From the skin (simulated) to a durable RR interval, each beat's way cut where it changes hands. */
async function measureHeartbeats(rig: BluezRig): Promise<void> {
  const { store, close } = openStoreFile(`${folder}/latency.sqlite`);
  const { ways, beatCount } = await measureHeartbeatLatency({
    host: () => rig.open(),
    device: () => rig.device(),
    store,
    durationS: setting('HEARTBEAT_S', 20),
    blockSampleCount: BLOCK_SAMPLES,
  });
  close();
  assert.ok(ways.length > 0, 'no beat came out');
  const parts = ['fillMs', 'settleMs', 'travelMs', 'storeMs', 'totalMs'] as const;
  const spreads = Object.fromEntries(parts.map((part) => [part, spreadOf(ways.map((way) => way[part]))]));
  report.number('heartbeat', { beatCount, ...spreads });
}

async function checkClinic(bus: Bus): Promise<void> {
  await using radio = await openBluezRadio({ busAddress, adapter: 'hci0', clock: systemClock });
  const visits: Record<string, unknown> = {};
  for (const [index, kind] of Object.keys(CLINIC_DEVICES).entries()) {
    const where = { busAddress, folder, adapter: `hci${index + 2}` };
    await check(`clinic device: ${kind}`, async () => {
      visits[kind] = await visitClinicDevice(radio, bus, where, kind as ClinicDeviceKind);
    });
  }
  report.number('clinic', visits);
}

async function checkPairing(): Promise<void> {
  await using radio = await openBluezRadio({ busAddress, adapter: 'hci0', clock: systemClock });
  await check('pairing: nothing to compare', async () => {
    const asked = await pairAndForget(radio, { busAddress, adapter: 'hci2' }, { capability: 'NoInputNoOutput' });
    report.note(`the peripheral was asked: ${asked.join(', ')}`);
  });
  await check('pairing: the same six digits on both sides', async () => {
    let seen = '';
    const answer = async (question: PairingQuestion) => {
      seen = question.kind === 'confirm' ? `RequestConfirmation ${question.digits}` : question.kind;
      return question.kind === 'confirm';
    };
    const way = { capability: 'KeyboardDisplay', answer } as const;
    assert.deepEqual(await pairAndForget(radio, { busAddress, adapter: 'hci3' }, way), [seen]);
  });
}

/** Twice each, by turns, and the faster counts: code that runs for the first time is slow here. */
async function checkPace(bus: Bus): Promise<void> {
  const count = setting('NOTIFICATIONS', 300);
  const adapter = 'hci1';
  await setPowered(bus, adapter, true);
  const table = { name: 'Pace', advertises: [PACE_TABLE.uuid], services: [PACE_TABLE] };
  await using peripheral = await openPeripheral({ busAddress, adapter, ...table });
  const ours: Pace[] = [];
  const nodeBle: Pace[] = [];
  for (let round = 0; round < 2; round++) {
    const theirs = await nodeBlePace(peripheral, 'hci0', count);
    if (theirs) nodeBle.push(theirs);
    await using radio = await openBluezRadio({ busAddress, adapter: 'hci0', clock: systemClock });
    await using peer = await radio.connect(peripheral.address, { services: [PACE_TABLE.uuid] });
    if (round === 0)
      report.number('notificationMs', spreadOf(await notificationDelaysMs(peripheral, peer, DELAY_COUNT)));
    ours.push(await ourPace(peripheral, peer, count));
    report.number('radioCounts', radio.counts);
  }
  const fastest = (paces: readonly Pace[]) => Math.max(...paces.map(({ perSecond }) => perSecond));
  const ratio = nodeBle.length > 0 ? fastest(ours) / fastest(nodeBle) : null;
  report.number('pace', { ours, nodeBle, ratio });
}

async function main(): Promise<void> {
  const bus = await Bus.open(busAddress);
  if (isWanted('contract') || isWanted('latency')) await checkLink();
  if (isWanted('clinic')) await checkClinic(bus);
  if (isWanted('pairing')) await checkPairing();
  if (isWanted('pace')) await check('pace of notifications', () => checkPace(bus));
  bus.close();
}

await report.check('the machine and its parts', ALL_MS, main);
report.close();
process.exit(report.isGood ? 0 : 1);
