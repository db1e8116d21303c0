// A serial port that does what a test tells it to, in place of the system's.
import type { OpenPort, PortSettings, SerialBinding, SerialBindingFor } from './serial-binding.ts';

/** A call that never settles. */
export const NEVER: Promise<never> = new Promise(() => {});

export class MadePort implements OpenPort {
  isOpen = true;
  /** What was called, with what mattered: "set dtr rts", "write 3". */
  readonly calls: string[] = [];
  readonly written: number[] = [];
  /** Answers in place of success. */
  answers: Partial<Record<'write' | 'set' | 'drain' | 'flush' | 'close', () => Promise<void>>> = {};
  #reading: ((result: { buffer: Buffer; bytesRead: number }) => void) | null = null;

  read(buffer: Buffer, offset: number): Promise<{ buffer: Buffer; bytesRead: number }> {
    return new Promise((resolve) => {
      this.#reading = ({ buffer: bytes }) => {
        bytes.copy(buffer, offset);
        resolve({ buffer, bytesRead: bytes.length });
      };
    });
  }

  get isReading(): boolean {
    return this.#reading !== null;
  }

  arrive(...bytes: number[]): void {
    this.#reading?.({ buffer: Buffer.from(bytes), bytesRead: bytes.length });
  }

  write(bytes: Buffer): Promise<void> {
    this.written.push(...bytes);
    return this.#answer('write', String(bytes.length));
  }

  set(lines: Readonly<Record<string, unknown>>): Promise<void> {
    return this.#answer('set', JSON.stringify(lines));
  }

  drain(): Promise<void> {
    return this.#answer('drain');
  }

  flush(): Promise<void> {
    return this.#answer('flush');
  }

  async close(): Promise<void> {
    await this.#answer('close');
    this.isOpen = false;
  }

  #answer(call: keyof MadePort['answers'], what = ''): Promise<void> {
    this.calls.push(`${call} ${what}`.trim());
    return this.answers[call]?.() ?? Promise.resolve();
  }
}

export class MadeBinding {
  readonly port = new MadePort();
  readonly asked: PortSettings[] = [];
  hangUp: (cause: unknown) => void = () => {};
  opening: (port: MadePort) => Promise<OpenPort> = (port) => Promise.resolve(port);

  /** As openSerialLinkOn wants it. */
  get binding(): SerialBindingFor {
    return (onHangUp): SerialBinding => {
      this.hangUp = onHangUp;
      return {
        open: (settings) => {
          this.asked.push(settings);
          return this.opening(this.port);
        },
      };
    };
  }
}
