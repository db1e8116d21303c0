// Runs a first-contact command in surroundings that a test makes, and keeps what it says.
import { Command } from 'commander';
import { vi } from 'vitest';
import { fixedEntropy, hurriedClock } from '../device/scripted-device.testkit.ts';
import { MadeRadio } from '../link/made-radio.testkit.ts';
import type { SerialPortInfo } from '../link/serial-ports.ts';
import type { Clock, Link } from '../world/world.ts';
import type { Surroundings } from './surroundings.ts';

export interface Scene {
  readonly radio?: MadeRadio;
  readonly ports?: readonly SerialPortInfo[];
  readonly openPort?: (path: string, baudRate?: number) => Promise<Link>;
  /** What the person at the keyboard types. */
  readonly types?: string | null;
  readonly interrupt?: AbortController;
  /** In place of one that hurries. */
  readonly clock?: Clock;
}

export interface Told {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  /** What the person was asked. */
  readonly asked: readonly string[];
}

type Add = (program: Command, finish: (code: number) => void, surroundings: Surroundings) => void;

export async function tell(add: Add, scene: Scene, ...argv: string[]): Promise<Told> {
  let [code, out, err]: [number | null, string, string] = [null, '', ''];
  const asked: string[] = [];
  const program = new Command('maibo').exitOverride();
  const finish = (exitCode: number) => {
    code = exitCode;
  };
  const radio = scene.radio ?? new MadeRadio(hurriedClock);
  add(program, finish, {
    clock: scene.clock ?? hurriedClock,
    entropy: fixedEntropy,
    openRadio: async () => radio,
    listPorts: async () => scene.ports ?? [],
    openPort: async (path, _signal, baudRate) => scene.openPort!(path, baudRate),
    ask: async (question) => {
      asked.push(question);
      return scene.types ?? null;
    },
    interrupts: () => ({ signal: (scene.interrupt ?? new AbortController()).signal, forget: () => undefined }),
  });
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text);
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    err += String(text);
    return true;
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
  } finally {
    vi.restoreAllMocks();
  }
  return { code, out, err, asked };
}

export function port(path: string, byId: string): SerialPortInfo {
  const stablePath = `/dev/serial/by-id/${byId}`;
  return {
    path,
    byId,
    byPath: null,
    stablePath,
    vendorId: null,
    productId: null,
    manufacturer: 'Maker',
    serialNumber: null,
  };
}
