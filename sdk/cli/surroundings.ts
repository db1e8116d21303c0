// What the first-contact commands reach for: radio, ports, a person at the keyboard. `node-surroundings.ts` has the real ones.
import type { SerialPortInfo } from '../link/serial-ports.ts';
import type { Radio } from '../world/radio.ts';
import type { Clock, Entropy, Link } from '../world/world.ts';

export interface Surroundings {
  readonly clock: Clock;
  readonly entropy: Entropy;
  /** Errors: `radio-absent`. */
  openRadio(signal: AbortSignal): Promise<Radio>;
  listPorts(): Promise<readonly SerialPortInfo[]>;
  /** 115200 baud unless told otherwise. */
  openPort(path: string, signal: AbortSignal, baudRate?: number): Promise<Link>;
  /** What a person types; null when there is nobody to ask, or nobody answers before `signal` aborts. */
  ask(question: string, signal: AbortSignal): Promise<string | null>;
  /** A signal that aborts when somebody presses Ctrl-C; `forget` gives Ctrl-C back. */
  interrupts(): { readonly signal: AbortSignal; forget(): void };
}
