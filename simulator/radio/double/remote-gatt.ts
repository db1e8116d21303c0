// The services of a peripheral as a central's side sees them: what its programs offer, behind what the host itself adds. They stay when the
// link is lost and serve the next one. Paths carry attribute handles; what is offered later gets handles of its own.
import { fullUuid, type OfferedCharacteristic, type OfferedService } from './application.ts';
import type { Connection } from './connection.ts';
import type { Ground } from './ground.ts';
import { RemoteCharacteristic } from './remote-characteristic.ts';
import { GATT_SERVICE } from './shapes.ts';

/** Handles 1 to 5 are the Generic Access service, which is never shown. */
const FIRST_HANDLE = 6;
/** USB vendor 0x1D6B, product 0x0246: what the real service says of itself by default (main.conf, DeviceID). */
const PNP_ID = Buffer.from('026b1d46024205', 'hex');

/** What the host offers by itself (seen at bluetoothd 5.66): Generic Attribute and Device Information. */
const OF_THE_HOST: readonly {
  readonly uuid: string;
  readonly characteristics: readonly [string, string[], Buffer][];
}[] = [
  {
    uuid: '1801',
    characteristics: [
      ['2a05', ['indicate'], Buffer.alloc(0)],
      ['2b29', ['read', 'write'], Buffer.alloc(1)],
      ['2b2a', ['read'], Buffer.alloc(16)],
      ['2b3a', ['read'], Buffer.alloc(1)],
    ],
  },
  { uuid: '180a', characteristics: [['2a50', ['read'], PNP_ID]] },
];

interface ShownService {
  readonly uuid: string;
  readonly paths: readonly string[];
  readonly characteristics: readonly RemoteCharacteristic[];
}

interface Source {
  readonly uuid: string;
  readonly primary: boolean;
  readonly owner: string | null;
  readonly characteristics: readonly (OfferedCharacteristic & { readonly value?: Buffer })[];
}

export class RemoteGatt {
  readonly #ground: Ground;
  readonly #devicePath: string;
  /** By owner and path of the program's object. */
  readonly #services = new Map<string, ShownService>();
  #connection: Connection | null = null;
  #handle = FIRST_HANDLE;

  constructor(ground: Ground, devicePath: string) {
    this.#ground = ground;
    this.#devicePath = devicePath;
  }

  get serviceUuids(): readonly string[] {
    return [...new Set([...this.#services.values()].map(({ uuid }) => uuid))];
  }

  /** Shows what the peripheral at the other end of this link offers now, and serves it. */
  attach(connection: Connection): void {
    this.#connection = connection;
    for (const { uuid, characteristics } of OF_THE_HOST) this.#show(`host ${uuid}`, hostSource(uuid, characteristics));
    const offered = new Map<string, Source>();
    for (const { owner, service } of connection.peripheral.offered)
      offered.set(keyOf(owner, service), { ...service, owner });
    for (const key of [...this.#services.keys()]) if (!key.startsWith('host ') && !offered.has(key)) this.#hide(key);
    for (const [key, source] of offered) this.#show(key, source);
    for (const { characteristics } of this.#services.values())
      for (const one of characteristics) one.attach(connection);
  }

  /** The link is lost; everything stays to be seen. */
  detach(): void {
    this.#connection = null;
    for (const { characteristics } of this.#services.values()) for (const one of characteristics) one.detach();
  }

  remove(): void {
    this.detach();
    for (const key of [...this.#services.keys()].reverse()) this.#hide(key);
  }

  characteristicOf(owner: string, path: string): RemoteCharacteristic | undefined {
    return this.#find((one) => one.isOf(owner, path));
  }

  /** The first one with this UUID. */
  characteristicWith(uuid: string): RemoteCharacteristic | undefined {
    return this.#find((one) => one.uuid === uuid);
  }

  #find(isWanted: (one: RemoteCharacteristic) => boolean): RemoteCharacteristic | undefined {
    for (const { characteristics } of this.#services.values()) {
      const found = characteristics.find(isWanted);
      if (found) return found;
    }
    return undefined;
  }

  #show(key: string, { uuid, primary, owner, characteristics }: Source): void {
    if (this.#services.has(key)) return;
    const service = `${this.#devicePath}/service${hex(this.#handle++)}`;
    const values = { UUID: uuid, Device: this.#devicePath, Primary: primary, Includes: [] };
    this.#ground.tree.add(service, [{ shape: GATT_SERVICE, values }]);
    const paths = [service];
    const shown = characteristics.map((offered) => {
      const path = `${service}/char${hex(this.#handle)}`;
      const one = new RemoteCharacteristic(this.#ground, path, service, { ...offered, owner });
      this.#ground.tree.add(path, [one.serve()]);
      paths.push(path);
      // Declaration, value, and the configuration where there is something to subscribe to.
      this.#handle += one.canNotify ? 3 : 2;
      return one;
    });
    this.#services.set(key, { uuid, paths, characteristics: shown });
    if (this.#connection) for (const one of shown) one.attach(this.#connection);
  }

  #hide(key: string): void {
    const shown = this.#services.get(key);
    this.#services.delete(key);
    for (const one of shown?.characteristics ?? []) one.detach();
    for (const path of [...(shown?.paths ?? [])].reverse()) this.#ground.tree.remove(path);
  }
}

function hostSource(uuid: string, characteristics: (typeof OF_THE_HOST)[number]['characteristics']): Source {
  const own = characteristics.map(([number, flags, value]) => ({ path: '', uuid: fullUuid(number), flags, value }));
  return { uuid: fullUuid(uuid), primary: true, owner: null, characteristics: own };
}

function keyOf(owner: string, { path }: OfferedService): string {
  return `${owner} ${path}`;
}

function hex(handle: number): string {
  return handle.toString(16).padStart(4, '0');
}
