import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Message } from '../generated/types.gen.ts';
import { fromHex, toHex } from '../inspect/hex.ts';
import { generateEd25519, verifyEd25519 } from '../security/ed25519.ts';
import { fromVector, readVectors } from '../vectors/read-vectors.ts';
import { LOG_START } from './host-sync.ts';
import { decodeItem, encodeItem } from './item-codec.ts';
import { CHAIN_START, chainAfter, claimBytes } from './log-chain.ts';
import { HOST_KEY, logOf, numberItem, Talk } from './sync.testkit.ts';

function filled(count: number, options = {}) {
  const log = logOf(options);
  for (let number = 0; number < count; number++) log.append(numberItem(number));
  return log;
}

describe('vectors of items', () => {
  const { cases, laterCases, signerSeed, device, log, epoch, chain, claim, signature } = readVectors('items.json');

  it.each([...cases, ...laterCases] as { name: string; hex: string; value: unknown }[])('$name', ({ hex, value }) => {
    expect(decodeItem(fromHex(hex))).toEqual({ ok: true, value: fromVector(value) });
    expect(toHex(encodeItem(fromVector(value) as never))).toBe(hex);
  });

  it('the chain over them, and its signature', () => {
    const end = (cases as { hex: string }[]).reduce((so, { hex }) => chainAfter(so, fromHex(hex)), CHAIN_START);
    expect(toHex(end)).toBe(chain);
    const bytes = claimBytes({
      device: fromHex(device),
      log,
      epoch: fromHex(epoch),
      upto: cases.length - 1,
      chain: end,
    });
    expect(toHex(bytes)).toBe(claim);
    expect(verifyEd25519(bytes, fromHex(signature), generateEd25519(fromHex(signerSeed)).publicKey)).toBe(true);
  });
});

describe('a sync', () => {
  it('brings every item once and in order, named losses between, and a checkpoint that the chain bears out', () => {
    const plan = fc.record({
      count: fc.integer({ min: 1, max: 300 }),
      itemsMax: fc.integer({ min: 10, max: 400 }),
      spoilt: fc.array(fc.nat(299), { maxLength: 10 }),
      credit: fc.integer({ min: 1, max: 100 }),
      messageBytesMax: fc.integer({ min: 100, max: 3_000 }),
    });
    fc.assert(
      fc.property(plan, ({ count, itemsMax, spoilt, credit, messageBytesMax }) => {
        const log = filled(count, { itemsMax, freeLevel: null });
        for (const seq of spoilt) log.spoil(seq);
        const talk = new Talk(log, messageBytesMax);
        talk.pull(LOG_START, credit);
        let next = 0;
        for (let turn = 0; turn < 1_000 && talk.of('end').length === 0; turn++) {
          talk.run();
          for (const event of talk.events.splice(0)) {
            if (event.event === 'items') {
              expect(event.first).toBe(next);
              expect(event.items).toEqual(event.items.map((_, index) => numberItem(next + index)));
              next += event.items.length;
            } else if (event.event === 'lost') {
              expect(event.from).toBe(next);
              for (let seq = event.from; seq <= event.to; seq++) expect(log.read(seq)).toBeNull();
              next = event.to + 1;
            } else if (event.event === 'end') talk.events.push(event);
            else expect(['info', 'checkpoint']).toContain(event.event);
          }
          if (next > 0 && talk.of('end').length === 0)
            talk.toDevice(talk.host.ack(talk.host.info!.logs[0]!, next - 1, 1));
        }
        expect(next).toBe(count);
      }),
    );
  });

  it('stays within the credit until it is acknowledged', () => {
    const talk = new Talk(filled(500));
    talk.pull(LOG_START, 100);
    talk.run();
    expect(talk.items).toHaveLength(100);
    talk.toDevice(talk.host.ack(talk.host.info!.logs[0]!, 49, 1));
    talk.run();
    expect(talk.items).toHaveLength(150);
  });

  it('goes on with what is written later, and says when nothing will be', () => {
    const talk = new Talk(filled(10));
    talk.pull();
    talk.run();
    for (let number = 10; number < 600; number++) {
      talk.log.append(numberItem(number));
      talk.run();
    }
    talk.log.end();
    talk.run();
    expect(talk.items).toHaveLength(600);
    expect(talk.of('end').map(({ head, isFinal }) => [head, isFinal])).toEqual([
      [10, false],
      [600, true],
    ]);
    expect(talk.of('checkpoint').map(({ checkpoint }) => checkpoint.upto)).toEqual([9, 255, 511, 599]);
    expect(talk.of('checkpoint').every(({ isChecked }) => isChecked)).toBe(true);
  });

  it('starts an erased log anew under its new epoch', () => {
    const talk = new Talk(filled(100));
    talk.pull(LOG_START, 20);
    talk.run();
    talk.log.erase(Uint8Array.of(9, 9, 9, 9));
    talk.log.append(numberItem(7));
    talk.run();
    expect(talk.of('info')).toHaveLength(2);
    const info = talk.host.info!.logs[0]!;
    expect([...info.epoch]).toEqual([9, 9, 9, 9]);
    talk.pull();
    talk.run();
    expect(talk.items.at(-1)).toEqual(numberItem(7));
    expect(talk.of('violation')).toEqual([]);
  });

  it('tells a host of an erased log that it was not reading', () => {
    const talk = new Talk(filled(10));
    talk.log.erase(Uint8Array.of(9, 9, 9, 9));
    talk.run();
    expect([...talk.host.info!.logs[0]!.epoch]).toEqual([9, 9, 9, 9]);
    expect(talk.of('info')).toHaveLength(2);
  });

  it('takes what of an erased log was still on the way', () => {
    const talk = new Talk(filled(10));
    talk.pull();
    const old = talk.host.info!.logs[0]!;
    talk.log.erase(Uint8Array.of(9, 9, 9, 9));
    talk.toHost(talk.device.introduce().message);
    talk.toHost({ type: 'items', log: 1, epoch: old.epoch, first: 0, items: [numberItem(0)] });
    expect(talk.items).toEqual([numberItem(0)]);
    expect(talk.of('items')[0]!.log).toBe(old);
  });

  it('refuses what cannot be: a log, an epoch, a place, an acknowledgement of what was never sent', () => {
    const talk = new Talk(filled(3));
    const info = talk.host.info!.logs[0]!;
    talk.toDevice({ type: 'pull', log: 9, epoch: info.epoch, from: 0, credit: 1 });
    talk.toDevice({ type: 'pull', log: 1, epoch: new Uint8Array(4), from: 0, credit: 1 });
    talk.toDevice({ type: 'pull', log: 1, epoch: info.epoch, from: 4, credit: 1 });
    talk.toDevice({ type: 'ack', log: 1, epoch: info.epoch, upto: 3, level: 1 });
    talk.toDevice({ type: 'log-end', log: 1, epoch: info.epoch, head: 3, final: true });
    expect(talk.of('failure').map(({ code }) => code)).toEqual([3, 4, 5, 5, 5]);
    expect(talk.log.first).toBe(0);
  });
});

describe('freeing', () => {
  it('waits for every host of the policy, at its level', () => {
    const other = new Uint8Array(32).fill(2);
    const log = filled(50, { freeLevel: 2, hosts: [HOST_KEY, other] });
    log.acknowledged(40, 1, HOST_KEY);
    log.acknowledged(40, 2, HOST_KEY);
    expect(log.first).toBe(0);
    log.acknowledged(20, 2, other);
    expect(log.first).toBe(21);
  });

  it('is named a loss to a host that comes late', () => {
    const log = filled(50);
    log.acknowledged(29, 1, HOST_KEY);
    const talk = new Talk(log);
    talk.pull();
    talk.run();
    expect(talk.of('lost')).toMatchObject([{ from: 0, to: 29, reason: 4 }]);
    expect(talk.items).toHaveLength(20);
    expect(talk.of('checkpoint').at(-1)!.isChecked).toBe(true);
  });
});

describe('a device that lies', () => {
  const lies: [string, (talk: Talk) => Message][] = [
    ['skips an item', (talk) => ({ ...itemsOf(talk), first: 1 })],
    [
      'sends one again',
      (talk) => {
        talk.toHost(itemsOf(talk));
        return itemsOf(talk);
      },
    ],
    [
      'sends more than it was asked for',
      (talk) => ({ ...itemsOf(talk), items: Array.from({ length: 11 }, () => numberItem(0)) }),
    ],
    ['loses what is not next', (talk) => ({ ...lostOf(talk), from: 5, to: 6 })],
    ['loses backwards', (talk) => ({ ...lostOf(talk), from: 0, to: -1 })],
    ['loses everything for ever', (talk) => ({ ...lostOf(talk), to: Number.MAX_SAFE_INTEGER })],
    ['ends elsewhere', (talk) => ({ type: 'log-end', log: 1, epoch: epochOf(talk), head: 3, final: true })],
    ['names a log it does not have', (talk) => ({ ...itemsOf(talk), log: 2 })],
    ['sends a host’s message', (talk) => ({ type: 'pull', log: 1, epoch: epochOf(talk), from: 0, credit: 1 })],
    [
      'signs with another key',
      (talk) => {
        talk.toHost(itemsOf(talk));
        const chain = chainAfter(CHAIN_START, numberItem(0));
        return { type: 'checkpoint', log: 1, epoch: epochOf(talk), upto: 0, chain, signature: new Uint8Array(64) };
      },
    ],
    [
      'has two logs of one number',
      (talk) => {
        const info = talk.host.info!;
        return { ...info, logs: [info.logs[0]!, info.logs[0]!] };
      },
    ],
    [
      'has a log that ends before it begins',
      (talk) => {
        const info = talk.host.info!;
        return { ...info, logs: [{ ...info.logs[0]!, first: 9, head: 3 }] };
      },
    ],
  ];
  const epochOf = (talk: Talk) => talk.host.info!.logs[0]!.epoch;
  const itemsOf = (talk: Talk) =>
    ({ type: 'items', log: 1, epoch: epochOf(talk), first: 0, items: [numberItem(0)] }) as const;
  const lostOf = (talk: Talk) =>
    ({ type: 'lost', log: 1, epoch: epochOf(talk), from: 0, to: 3, reason: 1, chain: null }) as const;

  it.each(lies)('%s', (_, lie) => {
    const talk = new Talk(filled(20));
    talk.pull(LOG_START, 10);
    talk.toHost(lie(talk));
    expect(talk.events.at(-1)).toMatchObject({ event: 'violation' });
  });

  it('told another story before, and has signed both', () => {
    const talk = new Talk(filled(100));
    const other = numberItem(999);
    talk.pull({ next: 1, chain: chainAfter(CHAIN_START, other) });
    talk.run();
    const [forked] = talk.of('forked');
    expect(forked).toBeDefined();
    expect(forked!.ours).not.toEqual(forked!.checkpoint.chain);
  });
});

describe('time and previews', () => {
  it('answers a ping with its ticks, and refuses a worse time', () => {
    const talk = new Talk(filled(1));
    talk.toDevice({ type: 'time-ping', id: 5 });
    expect(talk.of('pong')).toEqual([{ event: 'pong', id: 5, boot: 1, ticks: 77 }]);
  });

  it('previews only what is wanted', () => {
    const talk = new Talk(filled(1));
    const item = {
      type: 'sample-item',
      boot: 1,
      ticks: 9,
      firstSample: 5,
      format: 1,
      samples: new Uint8Array(4),
    } as const;
    expect(talk.device.live(talk.log, item, 0)).toBeNull();
    talk.toDevice({ type: 'want-live', log: 1, on: true });
    const live = talk.device.live(talk.log, item, 2);
    expect(live).toMatchObject({ channel: 1, droppable: true, message: { type: 'live', dropped: 2, firstSample: 5 } });
    talk.toHost(live!.message);
    talk.toDevice({ type: 'want-live', log: 1, on: false });
    expect(talk.device.live(talk.log, item, 2)).toBeNull();
    expect(talk.of('live')).toHaveLength(1);
  });
});
