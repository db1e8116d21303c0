// maibo inspect HEX | FILE: says what a frame, message, record, segment or receipt holds, or where it stops making sense; a capture file
// becomes a trace. Exit code 1 when anything in it is broken.
import { existsSync, readFileSync, statSync } from 'node:fs';
import {
  type Capture,
  captureLines,
  describeBytes,
  isCaptureText,
  type Replay,
  readCapture,
  replayCapture,
  replayLines,
  traceCapture,
} from '@maibo/protocols';
import { type Command, Option } from 'commander';
import { MaiboError } from '../errors.ts';

interface Options {
  readonly json?: boolean;
  readonly replay?: boolean;
  readonly as?: 'host' | 'device';
}

const HEX_DIGITS_MAX = 1 << 21;
/** A million entries of 244-byte packets; also well below the longest string there is. */
const FILE_BYTES_MAX = 256 * 1024 * 1024;

export function addInspect(program: Command, finish: (code: number) => void): void {
  program
    .command('inspect')
    .description('take apart a frame, message, record, segment or receipt, or print a capture of a link as a trace')
    .argument('<what>', 'hexadecimal digits, with spaces and colons if you like, or the name of a file')
    .option('--replay', 'of a capture: feed what one side sent into a fresh link of the other')
    .addOption(new Option('--as <side>', 'with --replay: the side that is fed').choices(['host', 'device']))
    .option('--json', 'print what was found as JSON')
    .action((what: string, options: Options) => finish(inspect(what, options)));
}

function inspect(what: string, options: Options): number {
  const bytes = bytesOf(what) ?? readInput(what);
  if (bytes[0] === OPENING_BRACE) {
    const text = new TextDecoder().decode(bytes);
    if (isCaptureText(text)) return inspectCapture(what, text, options);
  }
  if (options.replay) throw new MaiboError('usage', 'only a capture can be replayed', { where: what });
  const { ok, lines } = describeBytes(bytes);
  say(options, { ok, lines }, lines);
  return ok ? 0 : 1;
}

const OPENING_BRACE = 0x7b;

function inspectCapture(where: string, text: string, options: Options): number {
  const found = readCapture(text);
  if (!found.ok) throw new MaiboError('input-format', found.fault.detail, { where });
  const capture = found.value;
  const replay = options.replay ? replayCapture(capture, options.as) : null;
  say(options, jsonOf(capture, replay), replay === null ? captureLines(capture) : replayLines(replay));
  const isDead = replay?.events.some(({ event }) => event.event === 'dead') ?? false;
  return capture.faults.length > 0 || isDead ? 1 : 0;
}

function jsonOf(capture: Capture, replay: Replay | null): object {
  const { header, faults, unknownCount, isCut } = capture;
  return { capture: { ...header, isCut, unknownCount, faults }, trace: traceCapture(capture), ...replayJson(replay) };
}

function replayJson(replay: Replay | null): object {
  if (replay === null) return {};
  const { side, fedCount, stats } = replay;
  const events = replay.events.map(({ tUs, event }) => {
    return event.event === 'message'
      ? { tUs, event: 'message', channel: event.channel, size: event.bytes.length }
      : { tUs, ...event };
  });
  return { replay: { side, fedCount, events, stats } };
}

function say({ json }: Options, value: object, lines: readonly string[]): void {
  process.stdout.write(json ? `${JSON.stringify(value)}\n` : `${lines.join('\n')}\n`);
}

/** Null for text that is no hexadecimal digits: it may be the name of a file. */
function bytesOf(text: string): Uint8Array | null {
  const digits = text.replace(/[\s:]/g, '').replace(/^0x/i, '');
  const isHex = digits.length > 0 && digits.length <= HEX_DIGITS_MAX && /^(?:[0-9a-f]{2})*$/i.test(digits);
  return isHex ? new Uint8Array(Buffer.from(digits, 'hex')) : null;
}

function readInput(path: string): Uint8Array {
  if (path.trim() === '' || !existsSync(path)) {
    const hint = 'give pairs of hexadecimal digits, such as 04 0a ff, or a file that is there';
    throw new MaiboError('usage', 'these are no bytes, and no file', { hint });
  }
  if (statSync(path).size > FILE_BYTES_MAX) {
    throw new MaiboError('input-format', `longer than ${FILE_BYTES_MAX} bytes`, { where: path });
  }
  return readFileSync(path);
}
