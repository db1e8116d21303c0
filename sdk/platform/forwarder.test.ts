import { CONTENT_RECEIPT, encodeReceipt, sealCose } from '@maibo/protocols';
import { describe, expect, it } from 'vitest';
import { hurriedClock } from '../device/scripted-device.testkit.ts';
import { MaiboError } from '../errors.ts';
import { toHex } from '../evidence/record-types.ts';
import {
  fill,
  gatewayKey,
  IDENTITY,
  minuteOfBlocks,
  platformKey,
  receiptFor,
  useFolder,
} from '../gateway/made-store.testkit.ts';
import type { Store } from '../store/store.ts';
import { openStoreFile } from '../world/node-store.ts';
import type { Uplink, UplinkAnswer } from '../world/world.ts';
import { forwardSegments } from './forwarder.ts';

const path = useFolder('forwarder');
const blocks = minuteOfBlocks();
const unreachable = () => new MaiboError('platform-unreachable', 'no answer came');

/** A platform whose answer to the n-th request (from 0) the test gives; null is silence. */
function createUplink(
  store: Store,
  answer: (request: number, honest: UplinkAnswer) => UplinkAnswer | null,
): Uplink & { names: string[] } {
  const names: string[] = [];
  return {
    names,
    putSegment: async (sha256Hex) => {
      const segment = store.segments(1).find((one) => toHex(one.hash) === sha256Hex)!;
      const given = answer(names.length, { outcome: 'stored', receipt: receiptFor(segment) });
      names.push(sha256Hex);
      if (given === null) throw unreachable();
      return given;
    },
  };
}

let stores = 0;
async function forward(answer: (request: number, honest: UplinkAnswer) => UplinkAnswer | null, signal?: AbortSignal) {
  const { store, close } = openStoreFile(path(`${stores++}.sqlite`));
  await fill(store, blocks);
  const uplink = createUplink(store, answer);
  const run = () =>
    forwardSegments({
      store,
      streamId: 1,
      uplink,
      clock: hurriedClock,
      platformKey,
      ...(signal === undefined ? {} : { signal }),
    });
  const outcome = await run().then(
    (confirmed) => ({ confirmed, code: null }),
    (failure: MaiboError) => ({ confirmed: null, code: failure.code }),
  );
  const open = [...store.unconfirmedSegments(1)].length;
  const all = store.segments(1).map((segment) => toHex(segment.hash));
  return { ...outcome, open, all, names: uplink.names, run, close };
}

describe('forwarding segments', () => {
  it('sends each once, oldest first, and a second time nothing', async () => {
    const { confirmed, open, all, names, run, close } = await forward((_, honest) => honest);
    expect({ confirmed, open, names }).toEqual({ confirmed: all.length, open: 0, names: all });
    expect(await run()).toBe(0);
    close();
  });

  it('tries again after silence, and gives up after a few times as platform-unreachable', async () => {
    const slow = await forward((request, honest) => (request < 2 ? null : honest));
    expect(slow).toMatchObject({ code: null, open: 0 });
    slow.close();
    const dead = await forward(() => null);
    expect(dead).toMatchObject({ code: 'platform-unreachable', open: dead.all.length });
    expect(dead.names).toHaveLength(5);
    dead.close();
  });

  it('ends without an error when it is aborted in the middle of an upload', async () => {
    const stop = new AbortController();
    const result = await forward((request, honest) => {
      if (request === 0) return honest;
      stop.abort();
      return null;
    }, stop.signal);
    expect(result).toMatchObject({ confirmed: 1, code: null });
    result.close();
  });

  const refusals: Record<string, (honest: Extract<UplinkAnswer, { receipt: Uint8Array }>) => UplinkAnswer> = {
    'a conflict': () => ({ outcome: 'conflict', detail: 'taken' }),
    'a refusal': () => ({ outcome: 'refused', detail: '400' }),
    'bytes that are no receipt': () => ({ outcome: 'stored', receipt: new Uint8Array(20) }),
    'a receipt with a flipped byte': (honest) => ({
      ...honest,
      receipt: honest.receipt.map((byte, at) => (at === 90 ? byte ^ 1 : byte)),
    }),
    'a receipt signed by another key': (honest) => ({ ...honest, receipt: otherReceipt(gatewayKey) }),
    'the receipt of another segment': (honest) => ({ ...honest, receipt: otherReceipt(platformKey) }),
  };
  for (const [name, answer] of Object.entries(refusals)) {
    it(`takes ${name} as platform-rejected, and the segment stays open`, async () => {
      const result = await forward((_, honest) => ('receipt' in honest ? answer(honest) : honest));
      expect(result).toMatchObject({ code: 'platform-rejected', open: result.all.length });
      result.close();
    });
  }

  function otherReceipt(signer: typeof platformKey): Uint8Array {
    const receipt = {
      v: 1 as const,
      segment: new Uint8Array(32),
      ...IDENTITY,
      index: 0,
      first: 0,
      last: 63,
      receivedUtcUs: 1,
    };
    return sealCose(encodeReceipt(receipt), { contentType: CONTENT_RECEIPT, signer });
  }
});
