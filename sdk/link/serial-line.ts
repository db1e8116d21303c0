// One opening of one serial port, from open to the end. Never opened again: a stream object that hung up would send what waited in it.
import { SerialPortStream } from '@serialport/stream';
import { MaiboError } from '../errors.ts';
import { ByteQueue } from './byte-queue.ts';
import { settles, within } from './deadline.ts';
import type { PortSettings, SerialBindingFor } from './serial-binding.ts';

export interface SerialDeadlines {
  readonly openMs: number;
  /** Beside the time that the bytes take at the line's rate. */
  readonly writeMs: number;
  readonly modemLinesMs: number;
  /** What was written may leave for so long when the link is closed. */
  readonly drainMs: number;
  readonly closeMs: number;
}

export const SERIAL_DEADLINES: SerialDeadlines = {
  openMs: 5_000,
  writeMs: 10_000,
  modemLinesMs: 1_000,
  drainMs: 500,
  closeMs: 1_000,
};

/** Start, eight data bits, stop. */
const BITS_PER_BYTE = 10;

export class SerialLine {
  readonly name: string;
  readonly carries = 'bytes';
  readonly packetBytesMax = null;
  readonly path: string;
  readonly baudRate: number;
  readonly notes: string[] = [];
  readonly #deadlines: SerialDeadlines;
  readonly #stream: SerialPortStream;
  readonly #queue: ByteQueue;
  /** Rejects each write that has not been handed on. */
  readonly #writes = new Set<(failure: MaiboError) => void>();
  #writingBytes = 0;
  /** Settles with the latest write, however it ends: they end in order. */
  #lastWrite: Promise<void> = Promise.resolve();
  #end: MaiboError | null = null;
  #closing: Promise<void> | null = null;
  #releasing: Promise<boolean> | null = null;

  constructor(binding: SerialBindingFor, settings: PortSettings, deadlines: SerialDeadlines) {
    const { path, baudRate } = settings;
    this.name = `serial ${path} at ${baudRate} baud`;
    this.path = path;
    this.baudRate = baudRate;
    this.#deadlines = deadlines;
    const options = { ...settings, autoOpen: false, binding: binding((cause) => this.#lose(cause)) };
    const stream = new SerialPortStream(options as never);
    this.#stream = stream;
    this.#queue = new ByteQueue({ onPressure: (full) => void (full ? stream.pause() : stream.resume()) });
    // For life: who does not listen does not read. The chunk is a piece of a shared pool.
    stream.on('data', (chunk: Buffer) => this.#queue.push(new Uint8Array(chunk)));
    stream.on('error', (cause) => this.#lose(cause));
    stream.on('close', (cause: unknown) => this.#lose(cause));
  }

  get chunks(): AsyncIterable<Uint8Array> {
    return this.#queue;
  }

  /** Once. If it succeeds after the link was closed, the port is closed again. */
  open(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#stream.open((cause) => {
        if (cause) return reject(cause);
        if (this.#closing !== null) void this.#release();
        resolve();
      });
    });
  }

  /** Best effort: a pty has none. Past the stream, which would assert whatever it is not told. */
  async setModemLines(dtr: boolean, rts: boolean): Promise<void> {
    const lines = { dtr, rts, cts: false, dsr: false, brk: false, lowLatency: false };
    const setting = this.#stream.port?.set(lines) ?? Promise.reject(new Error('the port is closed'));
    try {
      await within(setting, { ms: this.#deadlines.modemLinesMs }, () => new Error('the system did not answer'));
    } catch (cause) {
      this.notes.push(`DTR and RTS were not set: ${(cause as Error).message}`);
    }
  }

  write(bytes: Uint8Array): Promise<void> {
    if (this.#end !== null || !this.#stream.isOpen) return Promise.reject(this.#end ?? this.#lost('is closed'));
    const writing = this.#write(bytes);
    this.#lastWrite = writing.catch(() => undefined);
    return writing;
  }

  #write(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#writingBytes += bytes.length;
      const wireMs = (this.#writingBytes * BITS_PER_BYTE * 1000) / this.baudRate;
      const late = () => this.#lose(new Error('no byte was taken in time'));
      const timer = setTimeout(late, this.#deadlines.writeMs + wireMs);
      const settle = (failure: MaiboError | null) => {
        clearTimeout(timer);
        if (!this.#writes.delete(settle)) return;
        this.#writingBytes -= bytes.length;
        if (failure === null) resolve();
        else reject(failure);
      };
      this.#writes.add(settle);
      this.#stream.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), undefined, (cause) => {
        // A write that fails is the first to know that the line is gone.
        if (cause) this.#lose(cause);
        settle(cause ? (this.#end ?? this.#lost('hung up', cause)) : null);
      });
    });
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const wasUp = this.#end === null && this.#stream.isOpen;
    this.#finish(null, this.#lost('is closed'));
    if (wasUp) {
      const { drainMs } = this.#deadlines;
      // A close waits for what was not sent, and a device that takes nothing would let it wait for half a minute.
      if (!(await settles(this.#drained(), drainMs))) await settles(this.#port.flush(), drainMs);
    }
    this.#rejectWrites(this.#lost('is closed'));
    await this.#release();
  }

  async #drained(): Promise<void> {
    await this.#lastWrite;
    await this.#port.drain();
  }

  get #port() {
    return this.#stream.port!;
  }

  /** The line is gone: everybody who waits is told, now. */
  #lose(cause: unknown): void {
    if (this.#end !== null) return;
    const failure = this.#lost('hung up', cause);
    this.#finish(failure, failure);
    this.#rejectWrites(failure);
    void this.#release();
  }

  #finish(forReader: MaiboError | null, forWriter: MaiboError): void {
    this.#end ??= forWriter;
    this.#queue.end(forReader);
  }

  #rejectWrites(failure: MaiboError): void {
    for (const settle of this.#writes) settle(failure);
  }

  /** Gives the descriptor back; a system that does not answer keeps it. */
  async #release(): Promise<void> {
    const stream = this.#stream;
    if (stream.isOpen)
      this.#releasing = settles(new Promise((resolve) => stream.close(resolve)), this.#deadlines.closeMs);
    await this.#releasing;
  }

  #lost(what: string, cause?: unknown): MaiboError {
    return new MaiboError('link-lost', `the serial line ${what}`, { where: this.path, cause });
  }
}
