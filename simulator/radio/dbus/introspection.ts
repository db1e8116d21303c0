// What an interface offers, and the XML by which clients ask for it.

export interface InterfaceShape {
  readonly name: string;
  /** Signatures of what goes in and what comes out. */
  readonly methods?: Readonly<Record<string, readonly [into: string, out: string]>>;
  readonly properties?: Readonly<Record<string, readonly [signature: string, access: 'read' | 'readwrite']>>;
  readonly signals?: Readonly<Record<string, string>>;
}

export const PROPERTIES: InterfaceShape = {
  name: 'org.freedesktop.DBus.Properties',
  methods: { Get: ['ss', 'v'], GetAll: ['s', 'a{sv}'], Set: ['ssv', ''] },
  signals: { PropertiesChanged: 'sa{sv}as' },
};
export const INTROSPECTABLE: InterfaceShape = {
  name: 'org.freedesktop.DBus.Introspectable',
  methods: { Introspect: ['', 's'] },
};
export const OBJECT_MANAGER: InterfaceShape = {
  name: 'org.freedesktop.DBus.ObjectManager',
  methods: { GetManagedObjects: ['', 'a{oa{sa{sv}}}'] },
  signals: { InterfacesAdded: 'oa{sa{sv}}', InterfacesRemoved: 'oas' },
};

const DOCTYPE =
  '<!DOCTYPE node PUBLIC "-//freedesktop//DTD D-BUS Object Introspection 1.0//EN" ' +
  '"http://www.freedesktop.org/standards/dbus/1.0/introspect.dtd">';

export function introspectionXml(interfaces: readonly InterfaceShape[], children: Iterable<string>): string {
  const nodes = [...children].map((child) => `<node name="${child}"/>`);
  return `${DOCTYPE}<node>${interfaces.map(interfaceXml).join('')}${nodes.join('')}</node>`;
}

function interfaceXml({ name, methods = {}, properties = {}, signals = {} }: InterfaceShape): string {
  const parts = [
    ...Object.entries(methods).map(
      ([method, [into, out]]) => `<method name="${method}">${args(into, 'in')}${args(out, 'out')}</method>`,
    ),
    ...Object.entries(properties).map(
      ([property, [type, access]]) => `<property name="${property}" type="${type}" access="${access}"/>`,
    ),
    ...Object.entries(signals).map(([signal, signature]) => `<signal name="${signal}">${args(signature)}</signal>`),
  ];
  return `<interface name="${name}">${parts.join('')}</interface>`;
}

function args(signature: string, direction?: 'in' | 'out'): string {
  const attribute = direction === undefined ? '' : ` direction="${direction}"`;
  return completeTypes(signature)
    .map((type) => `<arg type="${type}"${attribute}/>`)
    .join('');
}

/** "sa{sv}as" is "s", "a{sv}", "as". */
export function completeTypes(signature: string): string[] {
  const types: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < signature.length; at++) {
    const letter = signature[at]!;
    if (letter === '(' || letter === '{') depth++;
    if (letter === ')' || letter === '}') depth--;
    if (depth > 0 || letter === 'a') continue;
    types.push(signature.slice(start, at + 1));
    start = at + 1;
  }
  return types;
}
