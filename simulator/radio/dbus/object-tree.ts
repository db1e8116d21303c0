// Objects that a process shows on the bus: methods, properties, introspection and the ObjectManager, answered from one table.
import { DBusError, type Message, Variant } from '@jellybrick/dbus-next';
import type { Bus } from './bus.ts';
import { INTROSPECTABLE, type InterfaceShape, introspectionXml, OBJECT_MANAGER, PROPERTIES } from './introspection.ts';
import { valueChangedMessage } from './value-signal.ts';

const UNKNOWN_METHOD = 'org.freedesktop.DBus.Error.UnknownMethod';
const UNKNOWN_OBJECT = 'org.freedesktop.DBus.Error.UnknownObject';
const INVALID_ARGS = 'org.freedesktop.DBus.Error.InvalidArgs';

export interface CallContext {
  /** Unique name of who calls. */
  readonly sender: string;
}

/** Gives the values of the reply. Throws a DBusError to refuse. */
export type Method = (
  args: readonly unknown[],
  context: CallContext,
) => readonly unknown[] | undefined | Promise<readonly unknown[] | undefined>;

export interface ServedInterface {
  readonly shape: InterfaceShape;
  /** As they are now; a property that is not there is absent. */
  readonly values: Record<string, unknown>;
  readonly methods?: Readonly<Record<string, Method>>;
  /** A client sets a property. Whoever serves it calls `change`. */
  readonly set?: (property: string, value: unknown) => void;
}

interface Result {
  readonly signature: string;
  readonly body: ReturnType<Method>;
}

type Interfaces = Map<string, ServedInterface>;

export class ObjectTree {
  readonly #bus: Bus;
  readonly #root: string;
  readonly #objects = new Map<string, Interfaces>();

  /** `root`: where the ObjectManager stands; it tells of what lies below. */
  constructor(bus: Bus, root: string) {
    this.#bus = bus;
    this.#root = root;
    bus.onCall((message) => this.#take(message));
  }

  has(path: string): boolean {
    return this.#objects.has(path);
  }

  add(path: string, served: readonly ServedInterface[]): void {
    this.#objects.set(path, new Map(served.map((one) => [one.shape.name, one])));
    const shown = Object.fromEntries(served.map((one) => [one.shape.name, variantsOf(one)]));
    this.#bus.signal(this.#root, OBJECT_MANAGER.name, 'InterfacesAdded', 'oa{sa{sv}}', [path, shown]);
  }

  remove(path: string): void {
    const interfaces = this.#objects.get(path);
    if (!interfaces) return;
    this.#objects.delete(path);
    this.#bus.signal(this.#root, OBJECT_MANAGER.name, 'InterfacesRemoved', 'oas', [path, [...interfaces.keys()]]);
  }

  /** Undefined takes a property away. Nothing is said about what stays as it is. */
  change(path: string, iface: string, values: Readonly<Record<string, unknown>>): void {
    const served = this.#objects.get(path)?.get(iface);
    if (!served) return;
    const changed: Record<string, Variant> = {};
    const gone: string[] = [];
    for (const [property, value] of Object.entries(values)) {
      if (served.values[property] === value) continue;
      served.values[property] = value;
      if (value === undefined) gone.push(property);
      else changed[property] = variantOf(served, property);
    }
    if (Object.keys(changed).length === 0 && gone.length === 0) return;
    this.#bus.signal(path, PROPERTIES.name, 'PropertiesChanged', 'sa{sv}as', [iface, changed, gone]);
  }

  /** The property `Value`, bytes: said each time, changed or not. */
  changeValue(path: string, iface: string, bytes: Uint8Array): void {
    const served = this.#objects.get(path)?.get(iface);
    if (!served) return;
    served.values.Value = Buffer.from(bytes);
    this.#bus.sendRaw((serial) => valueChangedMessage(serial, path, iface, bytes));
  }

  #take(message: Message): boolean {
    if (message.interface === 'org.freedesktop.DBus.Peer') return false;
    this.#answer(message);
    return true;
  }

  /** At once where it can be: what is read here and a signal about it must not change places. */
  #answer(message: Message): void {
    const refuse = (failure: unknown) => this.#bus.refuse(message, failure);
    try {
      const { signature, body } = this.#resultOf(message);
      if (body instanceof Promise)
        body.then((values) => this.#bus.reply(message, signature, values ?? []), refuse).catch(refuse);
      else this.#bus.reply(message, signature, body ?? []);
    } catch (failure) {
      refuse(failure);
    }
  }

  #resultOf(message: Message): Result {
    const { path, member } = message;
    if (message.interface === INTROSPECTABLE.name) return { signature: 's', body: [this.#introspect(path)] };
    if (message.interface === OBJECT_MANAGER.name && path === this.#root)
      return { signature: 'a{oa{sa{sv}}}', body: [this.#managed()] };
    const interfaces = this.#objects.get(path);
    if (interfaces && message.interface === PROPERTIES.name) return property(interfaces, message);
    const served = interfaces?.get(message.interface);
    const method = served?.methods?.[member];
    const shape = served?.shape.methods?.[member];
    if (!method || !shape) {
      const text = `Method "${member}" with signature "${message.signature}" on interface "${message.interface}" doesn't exist`;
      throw new DBusError(interfaces ? UNKNOWN_METHOD : UNKNOWN_OBJECT, text);
    }
    if (message.signature !== shape[0]) throw new DBusError(INVALID_ARGS, `${member} takes "${shape[0]}"`);
    return { signature: shape[1], body: method(message.body, { sender: message.sender }) };
  }

  #introspect(path: string): string {
    const interfaces = this.#objects.get(path);
    const shapes = [...(interfaces?.values() ?? [])].map(({ shape }) => shape);
    const standard = shapes.length > 0 ? [INTROSPECTABLE, PROPERTIES] : [INTROSPECTABLE];
    const manager = path === this.#root ? [OBJECT_MANAGER] : [];
    const prefix = path === '/' ? '/' : `${path}/`;
    const children = new Set<string>();
    for (const other of this.#objects.keys())
      if (other.startsWith(prefix) && other !== path) children.add(other.slice(prefix.length).split('/')[0]!);
    return introspectionXml([...standard, ...manager, ...shapes], children);
  }

  #managed(): Record<string, Record<string, Record<string, Variant>>> {
    const shown: Record<string, Record<string, Record<string, Variant>>> = {};
    for (const [path, interfaces] of this.#objects)
      if (this.#root === '/' || path.startsWith(`${this.#root}/`))
        shown[path] = Object.fromEntries([...interfaces].map(([name, served]) => [name, variantsOf(served)]));
    return shown;
  }
}

function property(interfaces: Interfaces, message: Message): Result {
  const [iface, name, value] = message.body as [string, string, Variant | undefined];
  const served = interfaces.get(iface);
  if (!served) throw new DBusError(INVALID_ARGS, `No such interface '${iface}'`);
  if (message.member === 'GetAll') return { signature: 'a{sv}', body: [variantsOf(served)] };
  const shape = served.shape.properties?.[name];
  if (!shape || served.values[name] === undefined) throw new DBusError(INVALID_ARGS, `No such property '${name}'`);
  if (message.member === 'Get') return { signature: 'v', body: [variantOf(served, name)] };
  if (shape[1] !== 'readwrite' || !served.set || !value)
    throw new DBusError('org.freedesktop.DBus.Error.PropertyReadOnly', `Property '${name}' is not writable`);
  served.set(name, value.value);
  return { signature: '', body: [] };
}

function variantOf({ shape, values }: ServedInterface, property: string): Variant {
  return new Variant(shape.properties![property]![0], values[property]);
}

function variantsOf(served: ServedInterface): Record<string, Variant> {
  const known = Object.keys(served.shape.properties ?? {}).filter((name) => served.values[name] !== undefined);
  return Object.fromEntries(known.map((name) => [name, variantOf(served, name)]));
}
