// A capture as a trace for people: one line per packet, and below the packet that completed it, the message.

import type { CaptureEntry, CaptureSide } from '../capture/capture.ts';
import type { Capture } from '../capture/read-capture.ts';
import type { Replay } from '../capture/replay-capture.ts';
import { decodePacket, MESSAGE_BYTES_MAX, type Packet, WINDOW_MAX } from '../packet/packet-codec.ts';
import { Reassembly } from '../packet/reassembly.ts';
import { Receiver } from '../packet/receiver.ts';
import { describeMessage } from './describe-message.ts';
import { describePacket } from './describe-packet.ts';

export interface TraceLine {
  readonly tUs: number;
  readonly from: CaptureSide | null;
  /** The first says what it is; the others belong to it. */
  readonly lines: readonly string[];
}

export function traceCapture({ entries }: Capture): TraceLine[] {
  const assembly = new Assembly();
  return entries.map((entry) => {
    const { tUs } = entry;
    const lines = linesOf(entry, assembly);
    return { tUs, from: entry.kind === 'event' ? null : entry.from, lines };
  });
}

export function captureLines(capture: Capture): string[] {
  const { header, entries, faults, unknownCount, isCut } = capture;
  const head = `capture taken by the ${header.side}, over ${header.bearer}: ${entries.length} entries`;
  return [
    head,
    ...traceCapture(capture).flatMap(textOf),
    ...faults.map(({ line, detail }) => `line ${line} left out: ${detail}`),
    ...(unknownCount > 0 ? [`${unknownCount} entries of a kind that is not known here`] : []),
    ...(isCut ? ['the last line is cut short: whoever wrote it was stopped'] : []),
  ];
}

export function replayLines({ side, fedCount, events, stats }: Replay): string[] {
  const said = events.flatMap(({ tUs, event }) => {
    if (event.event === 'open') return textOf({ tUs, from: null, lines: ['open'] });
    if (event.event === 'dead') return textOf({ tUs, from: null, lines: [`dead, ${event.why}: ${event.detail}`] });
    return textOf({ tUs, from: null, lines: describeMessage(event.channel, event.bytes) });
  });
  const { received, duplicates, refused } = stats;
  return [
    `a fresh link of the ${side} was given ${fedCount} packets:`,
    ...said,
    `${received} with data, ${duplicates} of them not for the first time; ${refused} refused (acknowledgements of what this link never sent are among them)`,
  ];
}

function textOf({ tUs, from, lines }: TraceLine): string[] {
  const [first, ...rest] = lines;
  const time = (tUs / 1e6).toFixed(6).padStart(12);
  return [`${time}  ${(from ?? '').padEnd(6)}  ${first}`, ...rest.map((line) => `${' '.repeat(22)}${line}`)];
}

function linesOf(entry: CaptureEntry, assembly: Assembly): string[] {
  if (entry.kind === 'event') return [`-- ${entry.text}`];
  if (entry.kind === 'message') {
    const { channel, size, bytes } = entry;
    return bytes === null ? [`message on channel ${channel ?? '-'}, ${size} bytes`] : describeMessage(channel, bytes);
  }
  const packet = decodePacket(entry.bytes);
  const messages = packet.ok ? assembly.take(entry.from, packet.value, entry.tUs / 1000) : [];
  return [describePacket(entry.bytes), ...messages];
}

/** Both directions, as far as they can be followed from outside. */
class Assembly {
  #ends = new Map<CaptureSide, { receiver: Receiver; reassembly: Reassembly }>();
  #beginning = '';

  take(from: CaptureSide, packet: Packet, nowMs: number): string[] {
    if (packet.kind === 'reset') this.#mayBegin(packet.nonce, packet.peerNonce);
    if (packet.kind !== 'data') return [];
    const end = this.#endOf(from);
    return end.receiver.take(packet, nowMs).flatMap((ready) => {
      const found = end.reassembly.take(ready);
      if (found === 'more') return [];
      return found instanceof Uint8Array ? describeMessage(ready.channel, found) : [`violation: ${found.violation}`];
    });
  }

  /** Both nonces in one RESET name a beginning, whoever says it; when it is a new one, packets count from 0 again. */
  #mayBegin(nonce: Uint8Array, peerNonce: Uint8Array): void {
    if (peerNonce.every((byte) => byte === 0)) return;
    const beginning = [nonce.join(), peerNonce.join()].sort().join('/');
    if (beginning !== this.#beginning) this.#ends.clear();
    this.#beginning = beginning;
  }

  #endOf(from: CaptureSide): { receiver: Receiver; reassembly: Reassembly } {
    let end = this.#ends.get(from);
    if (end === undefined) {
      end = { receiver: new Receiver(WINDOW_MAX), reassembly: new Reassembly(MESSAGE_BYTES_MAX) };
      this.#ends.set(from, end);
    }
    return end;
  }
}
