// Bonds with a peripheral on another controller, in the two ways a person may meet: nothing to compare, and six digits on both sides.
import assert from 'node:assert/strict';
import { type PairingQuestion, type Radio, systemClock } from '@maibo/sdk';
import { createThermometer } from '../clinic-devices/thermometer.ts';
import { Bus } from '../dbus/bus.ts';
import { serveDevice } from '../peripheral/serve-device.ts';
import { findDevice } from './find-device.ts';
import { type AgentCapability, openPeripheralAgent } from './peripheral-agent.ts';
import { setPairable, setPowered } from './virtual-adapters.ts';

export interface PairingWay {
  readonly capability: AgentCapability;
  /** Answers at the gateway; absent: nobody is there to ask. */
  readonly answer?: (question: PairingQuestion) => Promise<boolean | string | null>;
}

/** Pairs, connects, forgets; gives what the peripheral's agent was asked. */
export async function pairAndForget(
  radio: Radio,
  where: { readonly busAddress: string; readonly adapter: string },
  way: PairingWay,
): Promise<readonly string[]> {
  const { busAddress, adapter } = where;
  const bus = await Bus.open(busAddress);
  try {
    await setPowered(bus, adapter, true);
    await setPairable(bus, adapter);
    const agent = await openPeripheralAgent(bus, way.capability);
    const device = createThermometer();
    await using served = await serveDevice({ busAddress, adapter, device, clock: systemClock });
    const { address, isPaired } = await findDevice(radio, served.address, device.advertises);
    assert.equal(isPaired, false, 'it starts as a stranger');
    await radio.pair(address, way.answer ? { answer: way.answer } : {});
    await using peer = await radio.connect(address, { services: device.advertises });
    await peer.close();
    assert.equal((await findDevice(radio, address, device.advertises)).isPaired, true, 'it is bonded');
    await radio.forget(address);
    assert.equal((await findDevice(radio, address, device.advertises)).isPaired, false, 'it is forgotten');
    const { asked } = agent;
    await agent.close();
    return asked;
  } finally {
    bus.close();
  }
}
