import { describe, expect, it } from 'vitest';
import type { LogInfo } from '../generated/types.gen.ts';
import { LOG_START } from '../sync/host-sync.ts';
import { logOf, numberItem } from '../sync/sync.testkit.ts';
import { Pair } from './peer.testkit.ts';

function filled(count: number) {
  const log = logOf({ freeLevel: null });
  for (let number = 0; number < count; number++) log.append(numberItem(number));
  return log;
}

function infoOf(pair: Pair): LogInfo {
  const infos = pair.events.flatMap((event) =>
    event.kind === 'device' && event.event.event === 'info' ? [event.event.info] : [],
  );
  return infos.at(-1)!.logs[0]!;
}

const isInfo = (pair: Pair) => () => pair.has('info');

describe('two peers that know each other', () => {
  it('bring a log over a wire that loses a tenth', () => {
    const pair = new Pair(1, filled(500), { drop: 0.1 });
    pair.until(isInfo(pair));
    expect(pair.host.pull(infoOf(pair), LOG_START, 1024)).toBe(true);
    pair.until(() => pair.has('end'));
    expect(pair.items()).toEqual(Array.from({ length: 500 }, (_, number) => numberItem(number)));
    expect(pair.has('violation') || pair.has('forked')).toBe(false);
  });

  it.each([20, 244])('have the first new item two round trips after the keys are agreed, in packets of %i', (size) => {
    const pair = new Pair(2, filled(500));
    pair.host.packetBytesMax = size;
    pair.device.packetBytesMax = size;
    let agreedMs = 0;
    pair.until(() => {
      if (agreedMs === 0 && pair.has('handshake')) agreedMs = pair.nowMs;
      if (pair.has('info') && !pair.has('items')) pair.host.pull(infoOf(pair), { next: 400, chain: null }, 1024);
      return pair.has('items');
    });
    expect(pair.nowMs - agreedMs).toBeLessThanOrEqual(2 * 20);
  });

  it('begin anew when the device restarts, and the host goes on from where it was', () => {
    const pair = new Pair(3, filled(300));
    pair.until(isInfo(pair));
    pair.host.pull(infoOf(pair), LOG_START, 1024);
    pair.until(() => pair.items().length > 50);
    const got = pair.items().length;
    pair.device = pair.newDevice();
    pair.events.length = 0;
    pair.until(isInfo(pair));
    expect(pair.has('restarted')).toBe(true);
    pair.host.pull(infoOf(pair), { next: got, chain: null }, 1024);
    pair.until(() => pair.has('end'));
    expect(pair.items().at(-1)).toEqual(numberItem(299));
  });

  it('end a session in which a byte was changed, and have another', () => {
    const pair = new Pair(4, filled(300));
    pair.until(isInfo(pair));
    pair.host.pull(infoOf(pair), LOG_START, 1024);
    Object.assign(pair.harm, { corrupt: 0.2 });
    pair.until(() => pair.host.isOver);
    Object.assign(pair.harm, { corrupt: 0 });
    pair.events.length = 0;
    pair.host = pair.newHost();
    pair.until(isInfo(pair));
    pair.host.pull(infoOf(pair), LOG_START, 1024);
    pair.until(() => pair.has('end'));
    expect(pair.items()).toHaveLength(300);
  });
});

describe('a stranger', () => {
  it('gets nothing from a device that is not pairing', () => {
    const pair = new Pair(5, filled(10));
    pair.host = pair.newHost(false);
    pair.until(() => pair.host.isOver);
    expect(pair.has('ready') || pair.has('info') || pair.has('items')).toBe(false);
  });
});

describe('pairing', () => {
  it('shows six digits on both sides and delivers only when both people agree', () => {
    const pair = new Pair(6, filled(10));
    pair.host = pair.newHost(false);
    pair.device = pair.newDevice(false);
    let shown: string | null = null;
    pair.until(() => {
      for (const event of pair.device.take()) if (event.kind === 'sas') shown = event.digits;
      return shown !== null && pair.has('sas');
    });
    const digits = pair.events.flatMap((event) => (event.kind === 'sas' ? [event.digits] : []));
    expect(digits).toEqual([shown]);
    expect(pair.has('info')).toBe(false);
    pair.host.decideSas(true, pair.nowMs);
    pair.device.decideSas(true, pair.nowMs);
    pair.until(isInfo(pair));
  });
});
