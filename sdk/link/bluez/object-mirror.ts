// What BlueZ has on the bus, kept in step: all of it once, then what it says of changes. Only what the radio asks about is kept, and only
// so many objects: adverts of whoever passes by become objects here.
import { ADAPTER, DEVICE, GATT_CHARACTERISTIC, GATT_SERVICE } from './bluez-names.ts';

const OBJECTS_MAX = 8192;
/** A device may announce as many services as it likes. */
const LIST_MAX = 64;
const TEXT_MAX = 248; // a GAP device name, in bytes (Bluetooth Core, Vol 3, Part C, 12.1)

export type Value = string | number | boolean | readonly string[];
export type Properties = Readonly<Record<string, Value | undefined>>;

/** Interface -> the properties that are kept. */
const KEPT: ReadonlyMap<string, readonly string[]> = new Map([
  [ADAPTER, ['Address', 'Powered', 'Discovering']],
  [DEVICE, ['Address', 'Name', 'RSSI', 'UUIDs', 'Paired', 'Connected', 'ServicesResolved']],
  [GATT_SERVICE, ['UUID']],
  [GATT_CHARACTERISTIC, ['UUID', 'Service', 'MTU', 'Notifying']],
]);

/** What changed of one interface at one path; `properties` null: it is gone. */
export interface MirrorChange {
  readonly path: string;
  readonly interface: string;
  readonly properties: Properties | null;
  readonly keys: readonly string[];
}

type Interfaces = Map<string, Record<string, Value | undefined>>;

export class ObjectMirror {
  readonly #objects = new Map<string, Interfaces>();
  readonly #onChange: (change: MirrorChange) => void;
  readonly #objectsMax: number;
  /** Objects there was no room for. */
  overflow = 0;

  constructor(onChange: (change: MirrorChange) => void, objectsMax: number = OBJECTS_MAX) {
    this.#onChange = onChange;
    this.#objectsMax = objectsMax;
  }

  get size(): number {
    return this.#objects.size;
  }

  get(path: string, name: string): Properties | null {
    return this.#objects.get(path)?.get(name) ?? null;
  }

  /** Everything with this interface under `prefix`, which ends in "/". */
  *under(prefix: string, name: string): Generator<[path: string, properties: Properties]> {
    for (const [path, interfaces] of this.#objects) {
      const properties = path.startsWith(prefix) ? interfaces.get(name) : undefined;
      if (properties !== undefined) yield [path, properties];
    }
  }

  /** The body of GetManagedObjects: this is all there is. */
  replace(managed: unknown): void {
    const objects = recordOf(managed);
    for (const path of [...this.#objects.keys()]) if (!Object.hasOwn(objects, path)) this.#drop(path, null);
    for (const [path, interfaces] of Object.entries(objects)) this.added(path, interfaces);
  }

  /** The arguments of InterfacesAdded. */
  added(path: unknown, interfaces: unknown): void {
    if (typeof path !== 'string') return;
    for (const [name, properties] of Object.entries(recordOf(interfaces))) {
      if (!KEPT.has(name)) continue;
      if (!this.#objects.has(path) && this.#objects.size >= this.#objectsMax) {
        this.overflow += 1;
        return;
      }
      const object: Interfaces = this.#objects.get(path) ?? new Map();
      this.#objects.set(path, object);
      object.set(name, {});
      const keys = this.#set(path, name, properties, []);
      this.#onChange({ path, interface: name, properties: this.get(path, name), keys });
    }
  }

  /** The arguments of InterfacesRemoved. */
  removed(path: unknown, names: unknown): void {
    if (typeof path === 'string' && Array.isArray(names)) this.#drop(path, names);
  }

  /** The arguments of PropertiesChanged. */
  changed(path: string, name: unknown, changed: unknown, invalidated: unknown): void {
    if (typeof name !== 'string') return;
    const keys = this.#set(path, name, changed, Array.isArray(invalidated) ? invalidated : []);
    if (keys.length > 0) this.#onChange({ path, interface: name, properties: this.get(path, name), keys });
  }

  /** Which of the kept properties were among them. */
  #set(path: string, name: string, changed: unknown, gone: readonly unknown[]): readonly string[] {
    const properties = this.#objects.get(path)?.get(name);
    if (properties === undefined) return [];
    const values = recordOf(changed);
    const keys = (KEPT.get(name) ?? []).filter((key) => Object.hasOwn(values, key) || gone.includes(key));
    for (const key of keys) properties[key] = Object.hasOwn(values, key) ? keepable(values[key]) : undefined;
    return keys;
  }

  #drop(path: string, names: readonly unknown[] | null): void {
    const interfaces = this.#objects.get(path);
    if (interfaces === undefined) return;
    for (const name of [...interfaces.keys()]) {
      if (names !== null && !names.includes(name)) continue;
      interfaces.delete(name);
      this.#onChange({ path, interface: name, properties: null, keys: [] });
    }
    if (interfaces.size === 0) this.#objects.delete(path);
  }
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

/** Out of its variant, and of no more than sensible size; undefined: not of a kind that is kept. */
function keepable(variant: unknown): Value | undefined {
  const value = recordOf(variant).value;
  if (typeof value === 'string') return value.slice(0, TEXT_MAX);
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (!Array.isArray(value)) return undefined;
  return value.slice(0, LIST_MAX).filter((item): item is string => typeof item === 'string' && item.length <= TEXT_MAX);
}

export const textOf = (value: Value | undefined): string | null => (typeof value === 'string' ? value : null);
export const numberOf = (value: Value | undefined): number | null => (typeof value === 'number' ? value : null);
export const listOf = (value: Value | undefined): readonly string[] => (Array.isArray(value) ? value : []);
