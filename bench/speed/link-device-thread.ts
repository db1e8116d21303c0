// The device of `link` on a thread of its own, as it is on a wrist of its own: a full log behind the production peer.
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { PeerDriver, systemClock } from '@maibo/sdk';
import { Random } from '../fuzz/random.ts';
import { newDevice, newLog } from './link-pair.ts';
import { openPortLink } from './link-port.ts';

export interface DeviceWork {
  readonly port: MessagePort;
  readonly signal: 'ecg' | 'rr';
  readonly items: readonly Uint8Array[];
}

const { port, signal, items } = workerData as DeviceWork;
const log = newLog(signal, items);
log.end();
const peer = newDevice(log, new Random(1, 4), { packetBytesMax: 1_024, window: 32 });
const driver = new PeerDriver(peer, openPortLink(port), systemClock, () => undefined);
parentPort?.postMessage('ready');
await driver.run();
