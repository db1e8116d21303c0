// Pairing agents: whom to ask, and the asking (doc/agent-api).
import { DBusError } from '@jellybrick/dbus-next';
import type { Bus } from '../dbus/bus.ts';
import type { Method, ServedInterface } from '../dbus/object-tree.ts';
import { refused } from './bluez-error.ts';
import type { Clients } from './clients.ts';
import type { Faults } from './faults.ts';
import { AGENT_MANAGER } from './shapes.ts';

interface Agent {
  readonly owner: string;
  readonly path: string;
  readonly capability: string;
}

/** A person needs time. */
const PERSON_MS = 60_000;
const AGENT = 'org.bluez.Agent1';

export class Agents {
  readonly #bus: Bus;
  readonly #clients: Clients;
  readonly #agents = new Map<string, Agent>();
  #default: string | null = null;

  constructor(bus: Bus, clients: Clients) {
    this.#bus = bus;
    this.#clients = clients;
  }

  serve(): ServedInterface {
    const register: Method = ([path, capability], { sender }) => {
      if (this.#agents.has(sender)) throw refused('AlreadyExists');
      this.#agents.set(sender, { owner: sender, path: String(path), capability: String(capability) });
      this.#clients.whenGone(sender, () => this.#forget(sender));
      return undefined;
    };
    const unregister: Method = (_, { sender }) => {
      if (!this.#agents.has(sender)) throw refused('DoesNotExist');
      this.#forget(sender);
      return undefined;
    };
    const makeDefault: Method = (_, { sender }) => {
      if (!this.#agents.has(sender)) throw refused('DoesNotExist');
      this.#default = sender;
      return undefined;
    };
    const methods = { RegisterAgent: register, UnregisterAgent: unregister, RequestDefaultAgent: makeDefault };
    return { shape: AGENT_MANAGER, values: {}, methods };
  }

  /** Asks on behalf of whoever began the pairing. Throws what Pair shall answer. */
  async ask(client: string, device: string, how: Faults['pairing'], passkey: number): Promise<void> {
    if (how === 'refuse') throw refused('AuthenticationFailed');
    const agent = this.#agents.get(client) ?? this.#agents.get(this.#default ?? '');
    // Without an agent, or with one that can neither show nor ask, both sides fall back to "just works".
    if (how === 'just-works' || !agent || agent.capability === 'NoInputNoOutput') return;
    try {
      const answer = await this.#question(agent, device, how, passkey);
      if (how === 'enter' && answer !== passkey) throw refused('AuthenticationFailed');
    } catch (failure) {
      throw failureOf(failure);
    }
  }

  cancel(client: string): void {
    const agent = this.#agents.get(client) ?? this.#agents.get(this.#default ?? '');
    if (agent) this.#bus.tell({ destination: agent.owner, path: agent.path, interface: AGENT, member: 'Cancel' });
  }

  async #question(agent: Agent, device: string, how: Faults['pairing'], passkey: number): Promise<unknown> {
    const to = { destination: agent.owner, path: agent.path, interface: AGENT };
    const [member, signature, body] = questionOf(how, device, passkey);
    return (await this.#bus.call({ ...to, member, signature, body }, PERSON_MS))[0];
  }

  #forget(sender: string): void {
    this.#agents.delete(sender);
    if (this.#default === sender) this.#default = null;
  }
}

function questionOf(how: Faults['pairing'], device: string, passkey: number): [string, string, unknown[]] {
  if (how === 'confirm') return ['RequestConfirmation', 'ou', [device, passkey]];
  if (how === 'show') return ['DisplayPasskey', 'ouq', [device, passkey, 0]];
  return how === 'enter' ? ['RequestPasskey', 'o', [device]] : ['RequestAuthorization', 'o', [device]];
}

function failureOf(failure: unknown): DBusError {
  if (!(failure instanceof DBusError)) return refused('AuthenticationFailed');
  if (failure.type === 'org.bluez.Error.AuthenticationFailed') return failure;
  if (failure.type === 'org.bluez.Error.Rejected') return refused('AuthenticationRejected');
  if (failure.type === 'org.bluez.Error.Canceled') return refused('AuthenticationCanceled');
  return refused(failure.type.endsWith('NoReply') ? 'AuthenticationTimeout' : 'AuthenticationFailed');
}
