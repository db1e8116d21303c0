import { describe, expect, it } from 'vitest';
import { MadeRadio } from '../link/made-radio.testkit.ts';
import { systemClock } from '../world/node-clock.ts';
import type { Advertisement } from '../world/radio.ts';
import { highEntropy, settle } from './manual-clock.testkit.ts';
import { Overdue } from './overdue.ts';
import { RadioHub, refuseUnbonded } from './radio-hub.ts';

const HEART_RATE = '0000180d-0000-1000-8000-00805f9b34fb';
const services = { [HEART_RATE]: {} };
const address = (index: number) => `C0:FF:EE:00:00:${index.toString(16).padStart(2, '0').toUpperCase()}`;

function hubOver(radio: MadeRadio) {
  const stop = new AbortController();
  const overdue = new Overdue(systemClock);
  const hub = new RadioHub({
    open: async () => radio,
    clock: systemClock,
    entropy: highEntropy,
    overdue,
    signal: stop.signal,
  });
  const running = hub.run();
  const seek = (at: string, check: (heard: Advertisement) => void = () => undefined, signal = stop.signal) =>
    hub.meet({ address: at, check, connect: (from, patience) => from.connect(at, patience), signal });
  return {
    ...{ hub, seek, stop },
    end: async () => {
      stop.abort();
      await running;
      await hub.close();
    },
  };
}

describe('a radio for everybody', () => {
  it('connects who was asked for as soon as it is heard, and nobody else', async () => {
    const radio = new MadeRadio();
    const stranger = radio.add({ address: address(9), services, isPaired: true });
    const { seek, end } = hubOver(radio);
    const found = seek(address(1));
    await settle();
    const wanted = radio.add({ address: address(1), services });
    expect((await found)?.address).toBe(address(1));
    expect([wanted.connects, stranger.connects]).toEqual([1, 0]);
    await end();
  });

  it('finds a hundred in one scan, one connect at a time', async () => {
    const radio = new MadeRadio();
    let connecting = 0;
    let mostAtOnce = 0;
    const connect = radio.connect.bind(radio);
    radio.connect = async (...given) => {
      mostAtOnce = Math.max(mostAtOnce, ++connecting);
      await settle();
      return connect(...given).finally(() => connecting--);
    };
    const { seek, end } = hubOver(radio);
    const found = Array.from({ length: 100 }, (_, index) => seek(address(index)));
    for (let index = 0; index < 100; index++) radio.add({ address: address(index), services });
    expect((await Promise.all(found)).map((peer) => peer?.address)).toEqual(
      Array.from({ length: 100 }, (_, index) => address(index)),
    );
    expect(mostAtOnce).toBe(1);
    await end();
  });

  it('finds within a second who is asked for in the middle of a scan that has told of it already', async () => {
    const radio = new MadeRadio();
    radio.add({ address: address(2), services });
    const { seek, end } = hubOver(radio);
    void seek(address(1));
    await settle();
    expect((await seek(address(2)))?.address).toBe(address(2));
    await end();
  });

  it('refuses who is not bonded, where that is asked, without a connection', async () => {
    const radio = new MadeRadio();
    const cuff = radio.add({ address: address(1), services });
    const { seek, end } = hubOver(radio);
    await expect(seek(address(1), refuseUnbonded)).rejects.toMatchObject({ code: 'device-unknown' });
    expect(cuff.connects).toBe(0);
    cuff.isPaired = true;
    expect((await seek(address(1), refuseUnbonded))?.address).toBe(address(1));
    await end();
  });

  it('goes on when the radio was away, without waiting out its pause', async () => {
    const radio = new MadeRadio();
    radio.setState('absent');
    const { hub, seek, end } = hubOver(radio);
    const found = seek(address(1));
    await settle();
    expect(hub.state).toBe('absent');
    radio.add({ address: address(1), services });
    radio.setState('ready');
    expect((await found)?.address).toBe(address(1));
    await end();
  });

  it('gives up a device that nobody looks for any more, and everything when it is stopped', async () => {
    const radio = new MadeRadio();
    const { seek, end } = hubOver(radio);
    const abort = new AbortController();
    const given = seek(address(1), undefined, abort.signal);
    const left = seek(address(2));
    abort.abort();
    expect(await given).toBeNull();
    await end();
    expect(await left).toBeNull();
  });
});
