// Bonds with a device. Device1.Pair asks the agent of whoever calls it, so the system's default agent is left to the desktop.
import { MaiboError } from '../../errors.ts';
import type { PairOptions } from '../../world/radio.ts';
import type { BluezAdapter } from './bluez-adapter.ts';
import { BusError, isBusError, radioError } from './bluez-error.ts';
import { AGENT_MANAGER, BLUEZ_PATH, DEVICE } from './bluez-names.ts';
import type { BluezService } from './bluez-service.ts';
import { servePairing } from './pairing-agent.ts';

const AGENT_PATH = '/io/maibo/agent';
const CLEAN_UP_MS = 5_000;

export async function pairDevice(
  adapter: BluezAdapter,
  address: string,
  options: PairOptions,
  stop: AbortSignal,
): Promise<void> {
  const giveBack = await adapter.turn.take(stop);
  try {
    const path = await adapter.find(address, stop);
    // To ask for a bond that is there fails with a word that means everything (bluetoothd 5.66: AuthenticationFailed).
    if (adapter.service.mirror.get(path, DEVICE)?.Paired === true) return;
    await adapter.quietly(() => pairAt(adapter.service, path, address, options, stop));
  } finally {
    giveBack();
  }
}

async function pairAt(
  service: BluezService,
  path: string,
  address: string,
  { answer }: PairOptions,
  stop: AbortSignal,
): Promise<void> {
  const cancel = () => service.call({ path, interface: DEVICE, member: 'CancelPairing' }, { deadlineMs: CLEAN_UP_MS });
  const endServing = servePairing(service, {
    agentPath: AGENT_PATH,
    devicePath: path,
    answer: answer ?? (async ({ kind }) => kind === 'allow'),
    onNo: () => void cancel().catch(() => undefined),
  });
  try {
    await registerAgent(service, answer === undefined ? 'NoInputNoOutput' : 'KeyboardDisplay', stop);
    const call = { path, interface: DEVICE, member: 'Pair' };
    await service.call(call, { deadlineMs: Number.POSITIVE_INFINITY, signal: stop });
  } catch (failure) {
    if (isBusError(failure, 'org.bluez.Error.AlreadyExists')) return;
    if (stop.aborted) await cancel().catch(() => undefined);
    throw pairingError(failure, address);
  } finally {
    endServing();
    await unregisterAgent(service).catch(() => undefined);
  }
}

/** One that is still registered is ours: agents are kept by connection. */
async function registerAgent(service: BluezService, capability: string, stop: AbortSignal): Promise<void> {
  const call = { path: BLUEZ_PATH, interface: AGENT_MANAGER, member: 'RegisterAgent', signature: 'os' };
  const register = () => service.call({ ...call, body: [AGENT_PATH, capability] }, { signal: stop });
  await register().catch(async (failure: unknown) => {
    if (!isBusError(failure, 'org.bluez.Error.AlreadyExists')) throw failure;
    await unregisterAgent(service);
    await register();
  });
}

async function unregisterAgent(service: BluezService): Promise<void> {
  const call = { path: BLUEZ_PATH, interface: AGENT_MANAGER, member: 'UnregisterAgent', signature: 'o' };
  await service.call({ ...call, body: [AGENT_PATH] }, { deadlineMs: CLEAN_UP_MS });
}

/** Errors of Device1.Pair (doc/org.bluez.Device.rst) that tell what a person may do. */
const PAIRING_HINTS: Readonly<Partial<Record<string, string>>> = {
  'org.bluez.Error.AuthenticationRejected': 'the device, or a person, said no',
  'org.bluez.Error.AuthenticationCanceled': 'the device, or a person, said no',
  'org.bluez.Error.AuthenticationTimeout': 'answer sooner, or bring the device closer',
  'org.bluez.Error.AuthenticationFailed':
    'is the device ready to pair, and were the digits right? forget it at both ends',
  'org.bluez.Error.ConnectionAttemptFailed': 'bring the device closer, or wake it up',
};

function pairingError(failure: unknown, address: string): unknown {
  const message = 'the devices did not pair';
  if (!(failure instanceof BusError)) return radioError(failure, 'pairing-failed', message, address);
  const hint = PAIRING_HINTS[failure.errorName];
  if (hint === undefined) return radioError(failure, 'pairing-failed', message, address);
  return new MaiboError('pairing-failed', message, { where: address, hint, cause: failure });
}
