// Who answers when the peripheral's side of a pairing is asked: yes to everything, and it remembers the digits.
import type { Bus } from '../dbus/bus.ts';
import { ObjectTree, type ServedInterface } from '../dbus/object-tree.ts';

/** What it can show and enter: decides how the two pair (Bluetooth Core, Vol 3, Part H, 2.3.5.1). */
export type AgentCapability = 'NoInputNoOutput' | 'KeyboardDisplay' | 'DisplayOnly';

export interface PeripheralAgent {
  /** What it was asked, in order: "RequestConfirmation 123456". */
  readonly asked: readonly string[];
  /** The last six digits it saw. */
  readonly digits: string | null;
  close(): Promise<void>;
}

const MANAGER = { destination: 'org.bluez', path: '/org/bluez', interface: 'org.bluez.AgentManager1' };
const PATH = '/org/maibo/agent';
const DIGITS = 6;

/** The default agent of the whole service: incoming pairings ask it. */
export async function openPeripheralAgent(bus: Bus, capability: AgentCapability): Promise<PeripheralAgent> {
  const asked: string[] = [];
  let digits: string | null = null;
  const answer = (question: string, passkey?: unknown) => {
    if (passkey !== undefined) digits = String(passkey).padStart(DIGITS, '0');
    asked.push(passkey === undefined ? question : `${question} ${digits}`);
    return undefined;
  };
  const served: ServedInterface = {
    shape: {
      name: 'org.bluez.Agent1',
      methods: {
        Release: ['', ''],
        Cancel: ['', ''],
        RequestAuthorization: ['o', ''],
        RequestConfirmation: ['ou', ''],
        DisplayPasskey: ['ouq', ''],
        AuthorizeService: ['os', ''],
      },
    },
    values: {},
    methods: {
      Release: () => undefined,
      Cancel: () => answer('Cancel'),
      RequestAuthorization: () => answer('RequestAuthorization'),
      RequestConfirmation: ([, passkey]) => answer('RequestConfirmation', passkey),
      DisplayPasskey: ([, passkey]) => answer('DisplayPasskey', passkey),
      AuthorizeService: () => answer('AuthorizeService'),
    },
  };
  new ObjectTree(bus, '/org/maibo').add(PATH, [served]);
  await bus.call({ ...MANAGER, member: 'RegisterAgent', signature: 'os', body: [PATH, capability] });
  await bus.call({ ...MANAGER, member: 'RequestDefaultAgent', signature: 'o', body: [PATH] });
  return {
    asked,
    get digits() {
      return digits;
    },
    close: async () => {
      await bus.call({ ...MANAGER, member: 'UnregisterAgent', signature: 'o', body: [PATH] });
    },
  };
}
