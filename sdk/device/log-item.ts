// What reading a log gives: its items in order, and by name what is gone. Made from what the sync says; a device that lies is refused here.
import {
  type Checkpoint,
  decodeItem,
  type GapReason,
  type HostEvent,
  type Info,
  type LogInfo,
  sameBytes,
} from '@maibo/protocols';
import { blockOfItem } from '../stream/item-block.ts';
import type { SampleBlock } from '../stream/sample-block.ts';

export type LogItem =
  | { readonly kind: 'item'; readonly seq: number; readonly bytes: Uint8Array; readonly block: SampleBlock | null }
  | {
      readonly kind: 'gap';
      readonly from: number;
      readonly to: number;
      readonly reason: GapReason;
      readonly chain: Uint8Array | null;
    }
  | {
      readonly kind: 'checkpoint';
      readonly checkpoint: Checkpoint;
      readonly signer: Uint8Array;
      readonly agrees: boolean | null;
    }
  | { readonly kind: 'end'; readonly head: number; readonly final: boolean };

/** What to do with it: hand on items, or end the session because no honest device says this. */
export type Understood = { readonly items: readonly LogItem[] } | { readonly refused: string; readonly hint?: string };

/** `about`: who the device is. */
export function itemsOfEvent(event: HostEvent, log: LogInfo, about: Info): Understood {
  switch (event.event) {
    case 'violation':
      return { refused: `the device broke the rules: ${event.detail}` };
    case 'failure':
      return { refused: `the device refused: ${event.code} ${event.detail}` };
    case 'info':
      if (event.info.logs.some((known) => sameBytes(known.epoch, log.epoch))) return { items: [] };
      return { refused: 'the log was erased on the device', hint: 'open the session again: it is another log now' };
    case 'items':
      return itemsOf(event.first, event.items);
    case 'lost': {
      const { from, to, reason, chain } = event;
      return { items: [{ kind: 'gap', from, to, reason, chain }] };
    }
    case 'checkpoint':
      return { items: [checkpointOf(event.checkpoint, about, event.isChecked ? true : null)] };
    case 'forked':
      return { items: [checkpointOf(event.checkpoint, about, false)] };
    case 'end':
      return { items: [{ kind: 'end', head: event.head, final: event.isFinal }] };
    default:
      return { items: [] };
  }
}

function checkpointOf(checkpoint: Checkpoint, about: Info, agrees: boolean | null): LogItem {
  return { kind: 'checkpoint', checkpoint, signer: about.signer, agrees };
}

function itemsOf(first: number, all: readonly Uint8Array[]): Understood {
  const items: LogItem[] = [];
  for (const [index, bytes] of all.entries()) {
    const seq = first + index;
    const item = decodeItem(bytes);
    if (!item.ok) return { refused: `item ${seq} of the device is none: ${item.fault.detail}` };
    const block = blockOfItem(seq, item.value);
    if (typeof block === 'string') return { refused: `item ${seq} of the device: ${block}` };
    items.push({ kind: 'item', seq, bytes, block });
  }
  return { items };
}
