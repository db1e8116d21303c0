// What the edits begin with: every run of hexadecimal digits in the golden vectors, and the packets of a conversation.

import { readFileSync } from 'node:fs';
import { CaptureWriter, DeviceGate, nodeSuite, PacketLink, SecureSession } from '@maibo/protocols';
import { Random } from './random.ts';

const PROTOCOLS = new URL(
  import.meta.url.includes('/dist/') ? '../../../protocols/' : '../../protocols/',
  import.meta.url,
);
/** Longer ones cost time and find nothing more. */
const BYTES_MAX = 2_048;

export function vectorBytes(...files: readonly string[]): Uint8Array[] {
  const found = new Map<string, Uint8Array>();
  for (const file of files) collect(JSON.parse(readFileSync(new URL(file, PROTOCOLS), 'utf8')), found);
  return [...found.values()];
}

function collect(json: unknown, found: Map<string, Uint8Array>): void {
  if (typeof json === 'string') {
    if (json.length <= 2 * BYTES_MAX && /^(?:[0-9a-f]{2})+$/.test(json))
      found.set(json, new Uint8Array(Buffer.from(json, 'hex')));
  } else if (typeof json === 'object' && json !== null) {
    for (const one of Object.values(json)) collect(one, found);
  }
}

/** What both ends of a packet link send while they open, exchange messages of many sizes, and lose some. */
export function packetBytes(): Uint8Array[] {
  return conversation(6_000).packets;
}

/** The first moments of such a conversation as the host would write them down. */
export function captureBytes(): Uint8Array[] {
  return [100, 400, 800].map((untilMs) => new TextEncoder().encode(conversation(untilMs).capture));
}

function conversation(untilMs: number): { packets: Uint8Array[]; capture: string } {
  const random = new Random(1, 1);
  const entropy = (count: number) => random.bytes(count);
  const ends = [
    { side: 'host', link: new PacketLink({ packetBytesMax: 20, entropy }) },
    { side: 'device', link: new PacketLink({ packetBytesMax: 64, entropy }) },
  ] as const;
  const packets: Uint8Array[] = [];
  let capture = '';
  const writer = new CaptureWriter((line) => (capture += line), { side: 'host', bearer: 'fuzz' });
  for (let nowMs = 0; nowMs < untilMs; nowMs += 20) {
    for (const [index, { side, link }] of ends.entries()) {
      if (link.isOpen && nowMs % 200 === 0) link.send(random.below(16), random.bytes(1 + random.below(200)));
      for (let packet = link.next(nowMs); packet !== null; packet = link.next(nowMs)) {
        packets.push(packet);
        writer.packet(nowMs * 1000, side, packet);
        if (random.below(5) > 0) ends[1 - index]!.link.receive(packet, nowMs);
      }
      link.take();
    }
  }
  return { packets, capture };
}

const PATTERNS = ['XX', 'IKpsk2', 'KK'] as const;
const MESSAGES_MAX = 12;

/** The messages of handshakes that succeed, by each way there is. */
export function handshakeBytes(): Uint8Array[] {
  return PATTERNS.flatMap((pattern) => meet(pattern, MESSAGES_MAX).messages);
}

/** One end after some of the messages of a handshake that goes well. */
export function sessionOnItsWay(random: Random): SecureSession {
  const { host, device } = meet(random.pick(PATTERNS), random.below(4));
  return random.below(2) === 0 ? host : device;
}

/** Both ends after up to `count` messages; the same chance every time, so the same messages. */
function meet(pattern: (typeof PATTERNS)[number], count: number) {
  const random = new Random(2, PATTERNS.indexOf(pattern));
  const { host, device } = sessionPair(pattern, (size) => random.bytes(size));
  const messages: Uint8Array[] = [];
  let from: 'host' | 'device' = 'host';
  let { sends } = host.output;
  while (messages.length < count && sends.length > 0) {
    const { channel, bytes } = sends[0]!;
    messages.push(bytes);
    const to = from === 'host' ? device : host.session;
    sends = to.receive(channel, bytes, messages.length).sends;
    from = from === 'host' ? 'device' : 'host';
  }
  return { host: host.session, device, messages };
}

const hostKeys = nodeSuite.keyPair(new Uint8Array(32).fill(1));
const deviceKeys = nodeSuite.keyPair(new Uint8Array(32).fill(2));
const psk = new Uint8Array(32).fill(3);

function sessionPair(pattern: (typeof PATTERNS)[number], random: (count: number) => Uint8Array) {
  const gate = new DeviceGate();
  if (pattern === 'XX') gate.openPairing(0);
  const both = { suite: nodeSuite, random, versions: [2], capabilities: [1, 2] };
  const host = SecureSession.host(
    {
      ...both,
      own: hostKeys,
      trust: {
        devices: pattern === 'KK' ? [deviceKeys.publicKey] : [],
        label: pattern === 'IKpsk2' ? { publicKey: deviceKeys.publicKey, psk } : null,
        isPairing: pattern === 'XX',
      },
    },
    0,
  );
  const trust = { hosts: pattern === 'KK' ? [hostKeys.publicKey] : [], psk: pattern === 'IKpsk2' ? psk : null };
  const device = SecureSession.device({ ...both, own: deviceKeys, trust, gate });
  return { host, device };
}
