// Pairing over BlueZ, against the double: what a person is asked, what the answers do, and that nothing hangs.
import type { PairingQuestion } from '@maibo/sdk';
import { describe, expect, it } from 'vitest';
import { eventually, openScene, type Scene, SERVICE, skips } from './bluez-scene.testkit.ts';

const DIGITS = '123456';

describe.skipIf(skips)('pairing', () => {
  it('bonds without a person where the device wants none, and forgets', async () => {
    await using scene = await openScene();
    const { radio, strap } = scene;
    await radio.pair(strap.address);
    expect(await advertOf(scene)).toMatchObject({ isPaired: true });
    await radio.pair(strap.address); // paired already: fine
    await radio.forget(strap.address);
    expect(await advertOf(scene)).toMatchObject({ isPaired: false });
    await radio.forget('00:00:00:00:00:99'); // never heard of
  });

  it('asks to compare digits, and takes yes', async () => {
    await using scene = await openScene();
    expect(await pairedWith(scene, 'confirm', true)).toEqual([{ kind: 'confirm', digits: DIGITS }]);
  });

  it('shows digits to type at the device', async () => {
    await using scene = await openScene();
    expect(await pairedWith(scene, 'show', true)).toEqual([{ kind: 'show', digits: DIGITS }]);
  });

  it('asks for the digits that the device shows', async () => {
    await using scene = await openScene();
    expect(await pairedWith(scene, 'enter', DIGITS)).toEqual([{ kind: 'enter' }]);
  });

  it('asks whether a device may pair at all', async () => {
    await using scene = await openScene();
    expect(await pairedWith(scene, 'allow', true)).toEqual([{ kind: 'allow' }]);
  });

  it.each([
    ['confirm', false],
    ['allow', null],
    ['enter', '000000'],
    ['enter', null],
    ['enter', 'not digits'],
    ['refuse', true],
  ] as const)('does not pair: %s, answered with %s', async (pairing, said) => {
    await using scene = await openScene();
    await expect(pairedWith(scene, pairing, said)).rejects.toMatchObject({ code: 'pairing-failed' });
    expect(await advertOf(scene)).toMatchObject({ isPaired: false });
  });

  it('gives up when a person takes too long, and can be tried again', async () => {
    await using scene = await openScene();
    const { radio, strap, double } = scene;
    await double.setFaults({ pairing: 'confirm' }, 'hci1');
    const answer = () => new Promise<boolean>(() => {});
    const pairing = radio.pair(strap.address, { answer, deadlineMs: 400 });
    await expect(pairing).rejects.toMatchObject({ code: 'link-timeout' });
    await eventually(() => expect(radio.counts.callsInFlight).toBe(0));
    expect(await pairedWith(scene, 'confirm', true)).toHaveLength(1);
  });

  it('stops when nobody wants it any more', async () => {
    await using scene = await openScene();
    const { radio, strap, double } = scene;
    await double.setFaults({ pairing: 'confirm' }, 'hci1');
    const stop = new AbortController();
    const answer = async () => {
      stop.abort(new Error('never mind'));
      return new Promise<boolean>(() => {});
    };
    await expect(radio.pair(strap.address, { answer, signal: stop.signal })).rejects.toThrow('never mind');
  });

  it('keeps a bond through a failing connect: it is not ours to throw away', async () => {
    await using scene = await openScene();
    const { radio, strap, double } = scene;
    await radio.pair(strap.address);
    await double.drop('hci1');
    await double.setFaults({ resolve: 'never' }, 'hci1');
    for (let attempt = 0; attempt < 4; attempt++) {
      await expect(radio.connect(strap.address, { deadlineMs: 200 })).rejects.toMatchObject({ code: 'link-timeout' });
    }
    expect(await advertOf(scene)).toMatchObject({ isPaired: true });
  });
});

/** What was asked on the way. */
async function pairedWith(
  { radio, strap, double }: Scene,
  pairing: 'confirm' | 'show' | 'enter' | 'allow' | 'refuse',
  said: boolean | string | null,
): Promise<PairingQuestion[]> {
  await double.setFaults({ pairing }, 'hci1');
  const asked: PairingQuestion[] = [];
  const answer = async (question: PairingQuestion) => {
    asked.push(question);
    return said;
  };
  await radio.pair(strap.address, { answer });
  return asked;
}

async function advertOf({ radio, strap, double }: Scene) {
  await double.drop('hci1');
  for await (const advert of radio.scan({ services: [SERVICE] })) if (advert.address === strap.address) return advert;
  return null;
}
