// maibo scan [--seconds 10] [--all] [--json]: who is there, on the air and on the wires.
import type { Command } from 'commander';
import { MaiboError } from '../errors.ts';
import type { SerialPortInfo } from '../link/serial-ports.ts';
import type { Advertisement } from '../world/radio.ts';
import { isMaibo, titleOf, WAKE_HINTS } from './known-services.ts';
import { nodeSurroundings } from './node-surroundings.ts';
import { parseSeconds } from './seconds.ts';
import type { Surroundings } from './surroundings.ts';
import { tableLines } from './text-columns.ts';
import { towardsDoctor } from './towards-doctor.ts';
import { Voice } from './voice.ts';

interface Options {
  readonly seconds: number;
  readonly all?: boolean;
  readonly json?: boolean;
}

interface Found {
  readonly devices: readonly Advertisement[];
  readonly ports: readonly SerialPortInfo[];
  /** Why the radio could not be asked; null when it could. */
  readonly radioFailure: MaiboError | null;
}

/** More are not kept: a scan in a crowd. */
const DEVICES_MAX = 1_000;

export function addScan(
  program: Command,
  finish: (code: number) => void,
  surroundings: Surroundings = nodeSurroundings,
): void {
  program
    .command('scan')
    .description('list straps, clinic devices and Maibo devices in reach, and serial ports')
    .option('--seconds <n>', 'how long to listen', parseSeconds, 10)
    .option('--all', 'list every Bluetooth device, also what this SDK does not speak with')
    .option('--json', 'print what was found as JSON')
    .action(async ({ seconds, all, json }: Options) => {
      const voice = new Voice();
      const found = await look(seconds, surroundings, voice);
      voice.done();
      if (json) voice.line(JSON.stringify(jsonOf(found)));
      else for (const line of linesOf(found, all === true)) voice.line(line);
      if (found.radioFailure !== null) voice.remark(`maibo: ${found.radioFailure.toLine()}`);
      finish(found.radioFailure !== null && found.ports.length === 0 ? 1 : 0);
    });
}

async function look(seconds: number, surroundings: Surroundings, voice: Voice): Promise<Found> {
  const { signal, forget } = surroundings.interrupts();
  try {
    const ports = await surroundings.listPorts();
    return { ports, ...(await listen(seconds, surroundings, voice, signal)) };
  } finally {
    forget();
  }
}

async function listen(seconds: number, surroundings: Surroundings, voice: Voice, interrupt: AbortSignal) {
  const heard = new Map<string, Advertisement>();
  const stop = new AbortController();
  const onInterrupt = () => stop.abort();
  interrupt.addEventListener('abort', onInterrupt, { once: true });
  if (interrupt.aborted) onInterrupt();
  voice.progress(`listening for ${seconds} s …`);
  try {
    await using radio = await surroundings.openRadio(interrupt);
    void surroundings.clock.sleep(seconds * 1000, stop.signal).then(() => stop.abort());
    for await (const device of radio.scan({ signal: stop.signal })) {
      if (heard.size < DEVICES_MAX || heard.has(device.address)) heard.set(device.address, device);
      const known = [...heard.values()].filter(({ services }) => titleOf(services) !== null).length;
      voice.tick(`listening: ${heard.size} Bluetooth devices, ${known} of them known kinds`);
    }
    return { devices: [...heard.values()], radioFailure: null };
  } catch (failure) {
    if (interrupt.aborted) return { devices: [...heard.values()], radioFailure: null };
    const told = towardsDoctor(failure);
    if (!(told instanceof MaiboError)) throw failure;
    return { devices: [...heard.values()], radioFailure: told };
  } finally {
    stop.abort();
    interrupt.removeEventListener('abort', onInterrupt);
  }
}

function jsonOf({ devices, ports, radioFailure }: Found) {
  return {
    devices: devices.map(({ address, name, rssiDbm, services, isPaired }) => ({
      ...{ address, name, rssiDbm, kind: titleOf(services), services, isPaired },
    })),
    ports,
    radio: radioFailure === null ? null : { code: radioFailure.code, message: radioFailure.message },
  };
}

function linesOf({ devices, ports, radioFailure }: Found, isAll: boolean): string[] {
  const known = devices.filter(({ services }) => titleOf(services) !== null);
  const others = devices.length - known.length;
  const shown = [...(isAll ? devices : known)].sort((a, b) => (b.rssiDbm ?? -999) - (a.rssiDbm ?? -999));
  const rows = [
    ...shown.map(({ address, name, rssiDbm, services }) => [
      ...[titleOf(services) ?? 'other', address, name ?? '(no name)', rssiDbm === null ? '-' : `${rssiDbm} dBm`],
    ]),
    ...ports.map((port) => ['serial port', port.stablePath, port.manufacturer ?? '', port.path]),
  ];
  const lines = tableLines(rows);
  if (others > 0 && !isAll) lines.push(`and ${others} other Bluetooth devices (--all lists them)`);
  if (rows.length === 0) lines.push('Nothing was found that this SDK speaks with.');
  if (known.length === 0 && radioFailure === null) lines.push(...WAKE_HINTS.map((hint) => `try: ${hint}`));
  const next = known[0] ?? null;
  if (next !== null) lines.push('', `next: maibo ${isMaibo(next.services) ? 'pair' : 'live'} ${next.address}`);
  else if (ports.length > 0) {
    const port = ports[0]!.stablePath;
    lines.push('', `next: maibo pair ${port}`, `  or, where it prints numbers: maibo live ${port} --lines ecg`);
  }
  return lines;
}
