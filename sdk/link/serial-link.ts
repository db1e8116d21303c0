// A serial port as a Link of bytes, on @serialport/stream. NOTES.md tells the traps this steps around.
import { access, constants } from 'node:fs/promises';
import { MaiboError } from '../errors.ts';
import type { Link } from '../world/world.ts';
import { within } from './deadline.ts';
import { type SerialBindingFor, systemSerialBinding } from './serial-binding.ts';
import { SERIAL_DEADLINES, type SerialDeadlines, SerialLine } from './serial-line.ts';
import { findSerialPort } from './serial-ports.ts';

export interface SerialOptions {
  /** "/dev/ttyUSB0", or better a name that stays: "/dev/serial/by-id/…". */
  readonly path?: string;
  /** In place of `path`: what the port's name by id or by socket contains or matches. Exactly one has to. */
  readonly match?: string | RegExp;
  /** Default 115200. */
  readonly baudRate?: number;
  /** Modem lines, both or none: drivers set them in one call. Default: they stay as the system has them. A port without them is no error: see `notes`. */
  readonly dtr?: boolean;
  readonly rts?: boolean;
  /** True: DTR falls when the port is closed. Default: as the system has it. */
  readonly hupcl?: boolean;
  /** False: others may open the port too. */
  readonly lock?: boolean;
  readonly signal?: AbortSignal;
  /** For opening; default 5 s. */
  readonly deadlineMs?: number;
  /** Where `match` looks; default /dev/serial. */
  readonly folder?: string;
}

export interface SerialLink extends Link {
  readonly path: string;
  readonly baudRate: number;
  /** What was asked for and could not be had, for people. */
  readonly notes: readonly string[];
}

const BAUD_RATE_DEFAULT = 115_200;

/**
 * Opens the port, exclusively unless told otherwise. Errors: `link-open` with the system's reason, `input-missing` when nothing matches, `usage`,
 * the signal's reason.
 */
export function openSerialLink(options: SerialOptions): Promise<SerialLink> {
  return openSerialLinkOn(systemSerialBinding, options);
}

/** As `openSerialLink`, on another binding: for tests. */
export async function openSerialLinkOn(
  binding: SerialBindingFor,
  options: SerialOptions,
  deadlines: SerialDeadlines = SERIAL_DEADLINES,
): Promise<SerialLink> {
  checkOptions(options);
  options.signal?.throwIfAborted();
  const path = options.path ?? (await findSerialPort(options.match!, options.folder));
  const { baudRate = BAUD_RATE_DEFAULT, lock = true, hupcl = false, signal } = options;
  const line = new SerialLine(binding, { path, baudRate, lock, hupcl }, deadlines);
  const deadline = { ms: options.deadlineMs ?? deadlines.openMs, signal };
  const late = () => new Error('the system did not answer');
  try {
    await within(line.open(), deadline, late);
    if (options.dtr !== undefined) await line.setModemLines(options.dtr, options.rts!);
    signal?.throwIfAborted();
    return line;
  } catch (cause) {
    await line.close();
    if (signal?.aborted) throw signal.reason;
    throw new MaiboError('link-open', 'the serial port cannot be opened', {
      where: path,
      hint: await hintFor(path),
      cause,
    });
  }
}

function checkOptions({ path, match, baudRate, dtr, rts }: SerialOptions): void {
  const usage = (message: string) => new MaiboError('usage', message);
  if ((path === undefined) === (match === undefined)) throw usage('a serial port is named by path or by match');
  if ((dtr === undefined) !== (rts === undefined)) throw usage('dtr and rts are set together: name both or none');
  if (baudRate !== undefined && !(Number.isSafeInteger(baudRate) && baudRate > 0))
    throw usage(`a baud rate is a whole number above 0, not ${baudRate}`);
}

/** The binding says why in words only; what can be known is asked of the system. */
async function hintFor(path: string): Promise<string> {
  const failure: unknown = await access(path, constants.R_OK | constants.W_OK).catch((cause: unknown) => cause);
  const code = (failure as NodeJS.ErrnoException | undefined)?.code;
  if (code === 'ENOENT') return 'is the device plugged in?';
  if (code === 'EACCES') return 'this user may not use it: on most systems the group dialout may';
  return 'does another program have it open, and is it a serial port?';
}
