// What is fed: each decoder of bytes from outside. A target with state is made anew for every episode of inputs, so that any input can be
// had again by replaying its episode.

import {
  captureLines,
  decodeCbor,
  decodeFrame,
  decodeItem,
  decodeMessage,
  decodeReceipt,
  decodeRecord,
  decodeSegment,
  decodeSegmentHeader,
  describeBytes,
  encodeFrame,
  gatt,
  openCose,
  PacketLink,
  RECORD_LIMITS,
  readCapture,
  replayCapture,
  replayLines,
  SerialFramer,
} from '@maibo/protocols';
import { captureBytes, handshakeBytes, packetBytes, sessionOnItsWay, vectorBytes } from './corpus.ts';
import type { Random } from './random.ts';

export interface Fed {
  /** Gives whether the input was let in: a run in which next to nothing is has only tried the door. */
  feed(bytes: Uint8Array, random: Random): boolean;
  /** Between two inputs, and not part of their time. */
  mend?(random: Random): void;
}

export interface Target {
  readonly name: string;
  /** Share of a run over all targets: heavy ones get less. */
  readonly weight: number;
  readonly isCbor: boolean;
  readonly corpus: () => readonly Uint8Array[];
  /** Put around half of the inputs: what lets them in to where it matters. */
  readonly wrap?: (bytes: Uint8Array) => Uint8Array;
  /** A fresh one; `random` belongs to the episode. */
  readonly open: (random: Random) => Fed;
}

const CBOR = ['vectors/rfc8949-appendix-a.json', 'vectors/malformed-cbor.json'];
const MESSAGES = ['vectors/messages.json', 'vectors/malformed-messages.json'];
const EVIDENCE = ['vectors/evidence.json', 'vectors/malformed-sealed.json'];
const FRAMES = ['vectors/messages.json', 'vectors/streams.json'];
const GATT = ['gatt/vectors/values.json', 'gatt/vectors/med-floats.json'];

interface Verdict {
  readonly ok: boolean;
}

/** A decoder without state. */
function decoder(
  name: string,
  weight: number,
  files: readonly string[],
  decode: (bytes: Uint8Array) => Verdict,
): Target {
  return {
    name,
    weight,
    isCbor: true,
    corpus: () => vectorBytes(...files),
    open: () => ({ feed: (bytes) => decode(bytes).ok }),
  };
}

export const TARGETS: readonly Target[] = [
  decoder('cbor', 20, [...CBOR, ...MESSAGES], (bytes) => decodeCbor(bytes, RECORD_LIMITS)),
  decoder('message', 16, MESSAGES, decodeMessage),
  decoder('item', 8, ['vectors/items.json'], decodeItem),
  decoder('record', 8, EVIDENCE, decodeRecord),
  decoder('segment', 6, EVIDENCE, decodeOfSegment),
  decoder('cose', 6, EVIDENCE, openCose),
  decoder('describe', 1, [...MESSAGES, ...EVIDENCE], describeBytes),
  { ...decoder('frame', 8, MESSAGES, decodeFrame), wrap: (bytes) => frameOf(bytes).subarray(0, -1) },
  { name: 'framer', weight: 6, isCbor: true, corpus: () => vectorBytes(...FRAMES), wrap: frameOf, open: openFramer },
  { name: 'gatt', weight: 8, isCbor: false, corpus: () => vectorBytes(...GATT), open: () => ({ feed: feedGatt }) },
  { name: 'capture', weight: 1, isCbor: false, corpus: captureBytes, open: () => ({ feed: feedCapture }) },
  { name: 'packet-link', weight: 12, isCbor: false, corpus: packetBytes, open: openPacketLink },
  { name: 'session', weight: 1, isCbor: true, corpus: handshakeBytes, open: openSession },
];

function decodeOfSegment(bytes: Uint8Array): Verdict {
  const found = [decodeSegment(bytes), decodeSegmentHeader(bytes), decodeReceipt(bytes)];
  return { ok: found.some(({ ok }) => ok) };
}

const utf8 = new TextDecoder();

function feedCapture(bytes: Uint8Array): boolean {
  const capture = readCapture(utf8.decode(bytes));
  if (!capture.ok) return false;
  captureLines(capture.value);
  replayLines(replayCapture(capture.value));
  return true;
}

const CHARACTERISTICS = [...gatt.gattCharacteristics.values()];

function feedGatt(bytes: Uint8Array, random: Random): boolean {
  return random.pick(CHARACTERISTICS).decode(bytes).ok;
}

function frameOf(bytes: Uint8Array): Uint8Array {
  return bytes.length === 0 ? bytes : encodeFrame(bytes);
}

function openFramer(): Fed {
  const framer = new SerialFramer();
  return { feed: (bytes) => framer.push(bytes).some(({ ok }) => ok) };
}

/** An open link with another end that answers, into which packets of somebody else's making are mixed. */
function openPacketLink(random: Random): Fed {
  const entropy = (count: number) => random.bytes(count);
  const link = new PacketLink({ packetBytesMax: 64, entropy });
  const other = new PacketLink({ packetBytesMax: 64, entropy });
  let nowMs = 0;
  const exchange = () => {
    for (const [from, to] of [[link, other] as const, [other, link] as const]) {
      for (let packet = from.next(nowMs); packet !== null; packet = from.next(nowMs)) to.receive(packet, nowMs);
    }
    link.take();
    other.take();
  };
  for (let turn = 0; turn < 4; turn++) exchange();
  const feed = (bytes: Uint8Array, inputRandom: Random) => {
    nowMs += inputRandom.below(50);
    if (inputRandom.below(8) === 0) other.send(inputRandom.below(16), bytes.length > 0 ? bytes : Uint8Array.of(0));
    const { refused } = link.stats;
    link.receive(bytes, nowMs);
    const isLetIn = link.stats.refused === refused;
    if (inputRandom.below(4) === 0) exchange();
    else link.take();
    return isLetIn;
  };
  return { feed };
}

/** A host or a device somewhere on the way to its session, with the chance that the corpus was made with: its messages fit. */
function openSession(random: Random): Fed {
  let session = sessionOnItsWay(random);
  return {
    feed(bytes) {
      session.receive(0, bytes, 1);
      return session.state !== 'closed';
    },
    mend(inputRandom) {
      if (session.state === 'closed') session = sessionOnItsWay(inputRandom);
    },
  };
}
