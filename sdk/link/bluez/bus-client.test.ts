import { describe, expect, it } from 'vitest';
import { systemClock } from '../../world/node-clock.ts';
import { BusError } from './bluez-error.ts';
import { BusClient } from './bus-client.ts';
import { type Answering, busFailure, MadeBus } from './made-bus.testkit.ts';

const CALL = { destination: 'org.bluez', path: '/', interface: 'a.b', member: 'Ask' };

async function opened(answering: Answering): Promise<[BusClient, MadeBus]> {
  const bus = new MadeBus(answering);
  return [await BusClient.open(bus.openWire, 'unix:path=/made', systemClock), bus];
}

describe('calls over the bus', () => {
  it('get their answers, whatever order those come in', async () => {
    let first: (() => void) | null = null;
    const [client] = await opened(async ({ body }) => {
      if (body[0] === 1) await new Promise<void>((resolve) => (first = resolve));
      else first?.();
      return ['u', [body[0]]];
    });
    const ask = (number: number) => client.call({ ...CALL, signature: 'u', body: [number] });
    expect(await Promise.all([ask(1), ask(2)])).toEqual([[1], [2]]);
    expect(client.callsInFlight).toBe(0);
  });

  it('fail with the name of the error', async () => {
    const [client] = await opened(() => busFailure('org.bluez.Error.NotReady', 'Resource Not Ready'));
    const failure = await client.call(CALL).catch((thrown: unknown) => thrown);
    expect(failure).toBeInstanceOf(BusError);
    expect(failure).toMatchObject({ errorName: 'org.bluez.Error.NotReady' });
  });

  it('are 64 in flight at most, and all of 300 come through', async () => {
    const [client, bus] = await opened(async ({ body }) => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      return ['u', [body[0]]];
    });
    const numbers = Array.from({ length: 300 }, (_, index) => index);
    const answers = await Promise.all(
      numbers.map((number) => client.call({ ...CALL, signature: 'u', body: [number] })),
    );
    expect(answers.flat()).toEqual(numbers);
    expect(bus.inFlightMost).toBe(64);
  });

  it('end by their deadline, and by their signal', async () => {
    const [client] = await opened(() => null);
    await expect(client.call(CALL, { deadlineMs: 10 })).rejects.toMatchObject({ code: 'link-timeout', where: '/' });
    const stop = new AbortController();
    const asking = client.call(CALL, { signal: stop.signal });
    stop.abort(new Error('enough'));
    await expect(asking).rejects.toThrow('enough');
    await expect(client.call(CALL, { signal: stop.signal })).rejects.toThrow('enough');
    expect(client.callsInFlight).toBe(0);
  });

  it('fail at once when the bus dies, those that wait their turn as well, and ever after', async () => {
    const [client, bus] = await opened(() => null);
    const asking = Array.from({ length: 100 }, () => client.call(CALL, { deadlineMs: 600_000 }));
    const settled = Promise.allSettled(asking);
    await new Promise((resolve) => setTimeout(resolve, 1));
    bus.die();
    for (const { status } of await settled) expect(status).toBe('rejected');
    expect(client.ended.reason).toMatchObject({ code: 'radio-absent' });
    await expect(client.call(CALL)).rejects.toMatchObject({ code: 'radio-absent' });
    expect(client.callsInFlight).toBe(0);
  });

  it('end the connection when too many were given up: the daemon counts those still', async () => {
    const [client] = await opened(() => null);
    for (let round = 0; round < 2; round++) {
      await Promise.allSettled(Array.from({ length: 60 }, () => client.call(CALL, { deadlineMs: 5 })));
      expect(client.ended.aborted).toBe(round === 1);
    }
  });

  it('say radio-absent when there is no bus', async () => {
    const bus = new MadeBus(() => null);
    bus.isThere = false;
    const opening = BusClient.open(bus.openWire, 'unix:path=/none', systemClock);
    await expect(opening).rejects.toMatchObject({ code: 'radio-absent', where: 'unix:path=/none' });
  });
});
