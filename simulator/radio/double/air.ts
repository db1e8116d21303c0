// The air between the virtual adapters: who is there, and whose programs' values go where.
import type { Variant } from '@jellybrick/dbus-next';
import { PROPERTIES } from '../dbus/introspection.ts';
import type { Application } from './application.ts';
import type { Ground } from './ground.ts';
import { GATT_CHARACTERISTIC } from './shapes.ts';
import { VirtualAdapter } from './virtual-adapter.ts';

export class Air {
  readonly adapters: readonly VirtualAdapter[];
  readonly #ground: Ground;
  /** How many applications of one program are registered; its signals are wanted as long as there is one. */
  readonly #heard = new Map<string, number>();

  constructor(ground: Ground, adapterCount: number) {
    this.#ground = ground;
    this.adapters = Array.from({ length: adapterCount }, (_, index) => new VirtualAdapter(ground, this, index));
    ground.bus.onSignal(({ sender, path, member, body }) => {
      if (member !== 'PropertiesChanged' || !this.#heard.has(sender) || body[0] !== GATT_CHARACTERISTIC.name) return;
      const value = (body[1] as Record<string, Variant>).Value?.value;
      if (value) this.#notify(sender, path, value as Uint8Array);
    });
  }

  adapter(name: string): VirtualAdapter | undefined {
    return this.adapters.find((one) => one.name === name);
  }

  async hear({ owner }: Application): Promise<void> {
    const count = this.#heard.get(owner) ?? 0;
    this.#heard.set(owner, count + 1);
    if (count === 0) await this.#ground.bus.addMatch(ruleOf(owner));
  }

  async unhear({ owner }: Application): Promise<void> {
    const count = this.#heard.get(owner) ?? 0;
    if (count > 1) this.#heard.set(owner, count - 1);
    else this.#heard.delete(owner);
    // Gone already when the program has left the bus.
    if (count === 1) await this.#ground.bus.removeMatch(ruleOf(owner)).catch(() => undefined);
  }

  #notify(owner: string, path: string, value: Uint8Array): void {
    for (const adapter of this.adapters)
      for (const connection of adapter.connections) connection.gatt?.characteristicOf(owner, path)?.notify(value);
  }
}

function ruleOf(owner: string): string {
  return `type='signal',sender='${owner}',interface='${PROPERTIES.name}',member='PropertiesChanged'`;
}
