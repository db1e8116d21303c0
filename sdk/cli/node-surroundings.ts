// The real surroundings of the first-contact commands: BlueZ, serial ports, and whoever sits at this terminal.
import { createInterface } from 'node:readline/promises';
import { openBluezRadio } from '../link/bluez/bluez-radio.ts';
import { openSerialLink } from '../link/serial-link.ts';
import { listSerialPorts } from '../link/serial-ports.ts';
import { systemClock, systemEntropy } from '../world/node-clock.ts';
import type { Surroundings } from './surroundings.ts';

export const nodeSurroundings: Surroundings = {
  clock: systemClock,
  entropy: systemEntropy,
  openRadio: () => openBluezRadio({ clock: systemClock }),
  listPorts: () => listSerialPorts(),
  openPort: (path, signal, baudRate) => openSerialLink({ path, signal, ...(baudRate && { baudRate }) }),
  ask,
  interrupts,
};

async function ask(question: string, signal: AbortSignal): Promise<string | null> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  // A closed stdin has no answer, and readline would wait for one.
  const ended = new Promise<null>((resolve) => lines.once('close', () => resolve(null)));
  try {
    return await Promise.race([lines.question(question, { signal }).catch(() => null), ended]);
  } finally {
    lines.close();
  }
}

function interrupts(): { signal: AbortSignal; forget(): void } {
  const controller = new AbortController();
  // The second one is the system's again, for whom the first takes too long.
  const onInterrupt = () => controller.abort();
  process.once('SIGINT', onInterrupt);
  return { signal: controller.signal, forget: () => void process.off('SIGINT', onInterrupt) };
}
