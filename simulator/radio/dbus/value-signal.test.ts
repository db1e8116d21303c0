import { type Message, MessageType, type Variant } from '@jellybrick/dbus-next';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../air.testkit.ts';
import { hasDbusDaemon, openPrivateBus, type PrivateBus } from '../private-bus.ts';
import { Bus } from './bus.ts';
import { valueChangedMessage } from './value-signal.ts';

const mustRun = hasDbusDaemon() || process.env.MAIBO_REQUIRE_ALL === '1';
const CHARACTERISTIC = 'org.bluez.GattCharacteristic1';

describe.skipIf(!mustRun)(`a value marshalled by hand${mustRun ? '' : ' (no dbus-daemon here)'}`, () => {
  let daemon: PrivateBus;
  let sender: Bus;
  let reader: Bus;
  const heard: Message[] = [];

  beforeAll(async () => {
    daemon = await openPrivateBus();
    sender = await Bus.open(daemon.address);
    reader = await Bus.open(daemon.address);
    reader.onSignal((message) => heard.push(message));
    await reader.addMatch(`type='signal',sender='${sender.name}'`);
  });
  afterAll(async () => {
    sender?.close();
    reader?.close();
    await daemon?.close();
  });

  it('is read by the daemon and by the library as what it is', async () => {
    const name = fc.stringMatching(/^[a-z0-9_]{1,12}$/);
    const paths = fc.array(name, { minLength: 1, maxLength: 6 }).map((parts) => `/${parts.join('/')}`);
    await fc.assert(
      fc.asyncProperty(paths, fc.uint8Array({ maxLength: 600 }), async (path, value) => {
        heard.length = 0;
        sender.sendRaw((serial) => valueChangedMessage(serial, path, CHARACTERISTIC, value));
        await until(() => heard.length === 1);
        const [message] = heard;
        expect(message).toMatchObject({ type: MessageType.SIGNAL, path, member: 'PropertiesChanged' });
        const [iface, changed, gone] = message!.body as [string, Record<string, Variant>, string[]];
        expect([iface, Object.keys(changed), gone]).toEqual([CHARACTERISTIC, ['Value'], []]);
        expect(new Uint8Array(changed.Value!.value as Uint8Array)).toEqual(value);
      }),
    );
  });
});
