// The gateway as a process: keys, store, gateway; signals and the service manager; and all of it down again in the order it came up.

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { toHex } from '../evidence/record-types.ts';
import type { GatewayConfig } from '../gateway/config-types.ts';
import { scrub } from '../gateway/device-log.ts';
import { ForeignCores } from '../gateway/foreign-cores.ts';
import { Gateway, STOP_MS } from '../gateway/gateway.ts';
import type { GatewayWorld, SerialPorts } from '../gateway/gateway-world.ts';
import { openBluezRadio } from '../link/bluez/bluez-radio.ts';
import { openSerialLink } from '../link/serial-link.ts';
import { createHttpUplink } from '../world/http-uplink.ts';
import { systemClock, systemEntropy } from '../world/node-clock.ts';
import { readDiskRoom } from '../world/node-disk.ts';
import { openHttpServer } from '../world/node-http-server.ts';
import { loadOrCreateKey, loadOrCreateLinkKey } from '../world/node-keys.ts';
import { createProcessLog, type ProcessLog } from '../world/node-log.ts';
import { createProcessRegistry } from '../world/node-metrics.ts';
import { openStoreFile } from '../world/node-store.ts';
import { connectServiceManager, type ServiceManager } from '../world/node-systemd.ts';
import { readPackage } from './package-file.ts';

const EXIT_FAILED = 1;
/** Past the gateway's own deadline: for the store, which brings its side file in. */
const EXIT_MS = STOP_MS + 5_000;

/** Runs until SIGTERM or SIGINT; a second one ends the process at once. Gives the exit code. Errors: those of keys, store and HTTP server. */
export async function runGatewayProcess(config: GatewayConfig): Promise<number> {
  const log = createProcessLog(config.logLevel, config.name);
  const manager = connectServiceManager(process.env);
  const stopped = catchSignals();
  const keys = loadKeys(config.dataFolder);
  const storePath = join(config.dataFolder, 'store.sqlite');
  const file = openStoreFile(storePath);
  const cores = new ForeignCores(config.cores, { readPackage, log });
  const gateway = new Gateway(
    config,
    { ...worldOf(config, log), ...keys, cores, store: file.store, disk: () => readDiskRoom(storePath) },
    createProcessRegistry(),
  );
  // Thrown in the middle of nowhere it ends the process, as ever: systemd starts it again, and nothing acknowledged is lost.
  process.on('unhandledRejection', (failure) => gateway.noteStray(failure));
  try {
    await gateway.start();
    const fingerprint = { gatewayKey: toHex(keys.signer.publicKey), linkKey: toHex(keys.linkKeys.publicKey) };
    log.info(fingerprint, 'public keys: pair devices with linkKey, verify records with gatewayKey');
    await manager.ready(`looking after ${config.devices.length + config.clinic.length} device(s)`);
    await beatUntil(stopped, gateway, manager);
    await manager.stopping();
    endAfter(EXIT_MS, log);
    await gateway.stop();
    return 0;
  } finally {
    cores.close();
    file.close();
    log.flush();
  }
}

function loadKeys(folder: string): Pick<GatewayWorld, 'signer' | 'linkKeys' | 'pseudonymSecret'> {
  return {
    signer: loadOrCreateKey(join(folder, 'gateway.key'), systemEntropy),
    linkKeys: loadOrCreateLinkKey(join(folder, 'gateway-link.key'), systemEntropy),
    pseudonymSecret: loadOrCreateLinkKey(join(folder, 'pseudonyms.key'), systemEntropy).secretKey,
  };
}

function worldOf(config: GatewayConfig, log: ProcessLog) {
  return {
    clock: systemClock,
    entropy: systemEntropy,
    serial: serialPorts,
    openRadio: config.bluetooth.isEnabled ? radioOpener(log) : null,
    uplink: config.platform === null ? null : createHttpUplink(config.platform.url),
    openHttp: openHttpServer,
    log,
  };
}

function radioOpener(log: ProcessLog) {
  return (adapter: string | null) =>
    openBluezRadio({
      clock: systemClock,
      ...(adapter !== null && { adapter }),
      // Addresses stay out of the log: who needs them looks with `maibo scan`.
      log: (what, { address, ...details }) => log.info({ ...details, part: 'radio' }, scrub(what)),
    });
}

const serialPorts: SerialPorts = {
  list: (folder) => readdir(folder),
  open: (path, { baudRate, dtr, rts }, signal) =>
    openSerialLink({ path, baudRate, signal, ...(dtr !== null && rts !== null && { dtr, rts }) }),
};

/** Resolves at the first signal. A second one ends the process where it stands: everything acknowledged is durable at any moment. */
function catchSignals(): Promise<void> {
  return new Promise((resolve) => {
    let count = 0;
    const onSignal = () => {
      if (++count > 1) process.exit(EXIT_FAILED);
      resolve();
    };
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, onSignal);
  });
}

/** A sign of life for as long as there is life: this loop runs, and nothing that the gateway waits for hangs. */
async function beatUntil(
  stopped: Promise<void>,
  gateway: Gateway,
  { heartbeatMs, alive }: ServiceManager,
): Promise<void> {
  const stop = new AbortController();
  const isStopped = stopped.then(() => stop.abort());
  if (heartbeatMs === null) return isStopped;
  while (!stop.signal.aborted) {
    if (gateway.isAlive) await alive();
    await systemClock.sleep(heartbeatMs, stop.signal);
  }
}

function endAfter(ms: number, log: ProcessLog): void {
  const timer = setTimeout(() => {
    log.error({ code: 'internal' }, 'the gateway did not come to its end in time');
    log.flush();
    process.exit(EXIT_FAILED);
  }, ms);
  timer.unref();
}
