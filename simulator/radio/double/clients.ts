// Who on the bus has gone: what a client began (a discovery, a subscription, an application) ends with it.
import type { Bus } from '../dbus/bus.ts';

export class Clients {
  readonly #watches = new Map<string, Set<() => void>>();

  static async watch(bus: Bus): Promise<Clients> {
    const clients = new Clients();
    bus.onSignal(({ sender, member, body }) => {
      if (sender !== 'org.freedesktop.DBus' || member !== 'NameOwnerChanged') return;
      const [name, , owner] = body as [string, string, string];
      if (owner === '') clients.#left(name);
    });
    await bus.addMatch("type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged'");
    return clients;
  }

  /** The returned function takes it back. */
  whenGone(client: string, act: () => void): () => void {
    const watches = this.#watches.get(client) ?? new Set();
    this.#watches.set(client, watches.add(act));
    return () => {
      watches.delete(act);
      if (watches.size === 0) this.#watches.delete(client);
    };
  }

  #left(client: string): void {
    const watches = this.#watches.get(client);
    this.#watches.delete(client);
    for (const act of watches ?? []) act();
  }
}
