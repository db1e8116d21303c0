// maibo live DEVICE [--seconds n] [--store folder] [--data folder] [--lines ecg|ppg|rr]: heart beats as they come, of a strap, a paired Maibo
// device, or a board that prints numbers.
import { join } from 'node:path';
import type { LogInfo } from '@maibo/protocols';
import type { Command } from 'commander';
import { DeviceSession } from '../device/device-session.ts';
import { MaiboError } from '../errors.ts';
import { collectLog } from '../gateway/collector.ts';
import { openBleLink } from '../link/ble-link.ts';
import { loadOrCreateKey, loadOrCreateLinkKey } from '../world/node-keys.ts';
import { openStoreFile } from '../world/node-store.ts';
import type { Link } from '../world/world.ts';
import { hear, targetOf } from './find-device.ts';
import { followBoard } from './follow-board.ts';
import { followStrap } from './follow-strap.ts';
import { isMaibo, titleOf, WAKE_HINTS } from './known-services.ts';
import { type LineOptions, lineSettings } from './line-options.ts';
import { liveMaibo } from './live-maibo.ts';
import { nodeSurroundings } from './node-surroundings.ts';
import { pairedKeys } from './paired-devices.ts';
import { parseSeconds } from './seconds.ts';
import { sideBySide } from './side-by-side.ts';
import type { Surroundings } from './surroundings.ts';
import { Voice } from './voice.ts';

interface Options extends LineOptions {
  readonly seconds?: number;
  readonly store?: string;
  readonly data: string;
}

interface Running {
  readonly surroundings: Surroundings;
  readonly voice: Voice;
  readonly options: Options;
  readonly signal: AbortSignal;
}

export function addLive(
  program: Command,
  finish: (code: number) => void,
  surroundings: Surroundings = nodeSurroundings,
): void {
  program
    .command('live')
    .description('show heart beats of a strap or a paired Maibo device as they come; Ctrl-C ends it')
    .argument('<device>', 'its address or name on the air, or a serial port')
    .option('--seconds <n>', 'end after so long', parseSeconds)
    .option('--store <folder>', 'keep what comes there as signed records')
    .option('--data <folder>', 'where `maibo pair` has put the keys', 'maibo-data')
    .option('--lines <signal>', 'a board that prints one whole number a line: ecg, ppg, or rr (ms)')
    .option('--rate <hz>', 'numbers a second (with --lines; 250)')
    .option('--baud <rate>', 'of the port (with --lines; 115200)')
    .option('--gain <counts>', 'counts per mV (with --lines ecg; without it the unit is counts)')
    .action(async (wanted: string, options: Options) => {
      const voice = new Voice();
      const { signal, forget } = surroundings.interrupts();
      const stop = new AbortController();
      const onInterrupt = () => stop.abort();
      signal.addEventListener('abort', onInterrupt, { once: true });
      if (signal.aborted) onInterrupt();
      try {
        const beatCount = await live(wanted, { surroundings, voice, options, signal: stop.signal }, stop);
        const hint = options.lines === undefined ? WAKE_HINTS[0] : LINES_HINT;
        voice.remark(beatCount === 0 ? `No heart beat came. Try: ${hint}` : `${beatCount} heart beats.`);
        finish(beatCount > 0 || signal.aborted ? 0 : 1);
      } catch (failure) {
        if (!signal.aborted) throw failure;
        finish(0);
      } finally {
        stop.abort();
        signal.removeEventListener('abort', onInterrupt);
        forget();
        voice.done();
      }
    });
}

const LINES_HINT = 'is it worn, does it print a number a line, and are --lines, --rate and --baud as in the sketch?';

/** `stop` ends it; the time of `--seconds` begins when the device is connected. */
async function live(wanted: string, running: Running, stop: AbortController): Promise<number> {
  const { surroundings, voice, options, signal } = running;
  const startTime = () => {
    if (options.seconds === undefined) return;
    void surroundings.clock.sleep(options.seconds * 1000, signal).then(() => stop.abort());
  };
  const settings = lineSettings(options);
  const target = await targetOf(wanted, surroundings);
  if (settings !== null) {
    if (target.kind === 'air') throw noPort(wanted);
    const wish = { settings, surroundings, voice, signal, folder: options.store, onOpen: startTime };
    return followBoard(target.path, wish);
  }
  if (target.kind === 'port') {
    voice.progress(`opening ${target.path} …`);
    return runMaibo(await surroundings.openPort(target.path, signal), running, startTime);
  }
  await using radio = await surroundings.openRadio(signal);
  const heard = await hear(target.wanted, radio, surroundings, voice, signal);
  const title = titleOf(heard.services) ?? 'device';
  voice.progress(`connecting to the ${title} ${heard.name ?? heard.address} …`);
  if (!isMaibo(heard.services)) {
    const peer = await radio.connect(heard.address, { signal });
    if (!isMaibo(peer.services)) {
      startTime();
      return await followStrap(peer, { radio, surroundings, voice, signal, folder: options.store });
    }
    await peer.close();
  }
  return await runMaibo(await openBleLink(radio, heard.address, { signal }), running, startTime);
}

function noPort(wanted: string): MaiboError {
  const hint = 'is it plugged in? `maibo scan` lists the ports';
  return new MaiboError('usage', `no serial port is called "${wanted}"`, { hint });
}

async function runMaibo(link: Link, running: Running, startTime: () => void): Promise<number> {
  const { surroundings, voice, options, signal } = running;
  const devices = pairedKeys(options.data);
  if (devices.length === 0) {
    await link.close();
    const hint = 'first: maibo pair, with the same device; for a board that prints numbers say --lines';
    throw new MaiboError('device-unknown', `no device was paired in ${options.data}`, { hint });
  }
  const keys = loadOrCreateLinkKey(join(options.data, 'gateway-link.key'), surroundings.entropy);
  voice.progress('shaking hands …');
  await using session = await DeviceSession.open(link, surroundings, {
    keys,
    trust: { devices, label: null, isPairing: false },
    signal,
  });
  startTime();
  return await (options.store === undefined
    ? liveMaibo(session, surroundings, voice, signal)
    : storeMaibo(session, options.store, running));
}

/** Every log into the store, acknowledged; what is shown is what has reached the disk. */
async function storeMaibo(session: DeviceSession, folder: string, running: Running): Promise<number> {
  const { surroundings, voice, signal } = running;
  const { store, close } = openStoreFile(join(folder, 'store.sqlite'));
  let beatCount = 0;
  try {
    const signer = loadOrCreateKey(join(folder, 'gateway.key'), surroundings.entropy);
    store.addKey(signer.keyId, signer.publicKey, 'gateway');
    const collect = (log: LogInfo) => (stop: AbortSignal) =>
      collectLog({
        ...{ session, log, store, signer, signal: stop, clock: surroundings.clock },
        onCommit: ({ results, blocksDone }) => {
          for (const { values } of results) if (Array.isArray(values.beatS)) beatCount += values.beatS.length;
          voice.progress(`${log.stream.signal}: ${blocksDone} blocks stored, ${beatCount} heart beats in all`);
        },
      });
    await sideBySide(signal, session.info.logs.map(collect));
  } finally {
    close();
  }
  voice.remark(`stored in ${folder}; maibo verify ${folder}/store.sqlite`);
  return beatCount;
}
