// How connecting to each device went, as far back as it helps the next attempt.

const DEVICES_MAX = 4096;

interface Past {
  readonly failures: number;
  readonly wasConnected: boolean;
}

export class ConnectHistory {
  readonly #past = new Map<string, Past>();
  readonly #devicesMax: number;

  constructor(devicesMax: number = DEVICES_MAX) {
    this.#devicesMax = devicesMax;
  }

  /** How many times in a row, this one included. */
  failed(address: string): number {
    const { failures, wasConnected } = this.#of(address);
    this.#set(address, { failures: failures + 1, wasConnected });
    return failures + 1;
  }

  /** Whether it was connected before. */
  connected(address: string): boolean {
    const { wasConnected } = this.#of(address);
    this.#set(address, { failures: 0, wasConnected: true });
    return wasConnected;
  }

  /** Its failures do not count any more. */
  forget(address: string): void {
    this.#set(address, { failures: 0, wasConnected: this.#of(address).wasConnected });
  }

  #of(address: string): Past {
    return this.#past.get(address) ?? { failures: 0, wasConnected: false };
  }

  /** The device that was heard of least lately makes room. */
  #set(address: string, past: Past): void {
    this.#past.delete(address);
    this.#past.set(address, past);
    const [oldest] = this.#past.keys();
    if (this.#past.size > this.#devicesMax && oldest !== undefined) this.#past.delete(oldest);
  }
}
