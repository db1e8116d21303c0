// What the Bluetooth service of Linux offers on D-Bus (BlueZ 5.66, doc/*-api), as far as a central, a peripheral or a person pairing uses it.
import type { InterfaceShape } from '../dbus/introspection.ts';

export const SERVICE = 'org.bluez';

export const AGENT_MANAGER: InterfaceShape = {
  name: 'org.bluez.AgentManager1',
  methods: { RegisterAgent: ['os', ''], UnregisterAgent: ['o', ''], RequestDefaultAgent: ['o', ''] },
};

export const ADAPTER: InterfaceShape = {
  name: 'org.bluez.Adapter1',
  methods: {
    StartDiscovery: ['', ''],
    StopDiscovery: ['', ''],
    SetDiscoveryFilter: ['a{sv}', ''],
    GetDiscoveryFilters: ['', 'as'],
    RemoveDevice: ['o', ''],
  },
  properties: {
    Address: ['s', 'read'],
    AddressType: ['s', 'read'],
    Name: ['s', 'read'],
    Alias: ['s', 'readwrite'],
    Class: ['u', 'read'],
    Powered: ['b', 'readwrite'],
    PowerState: ['s', 'read'],
    Discoverable: ['b', 'readwrite'],
    Pairable: ['b', 'readwrite'],
    Discovering: ['b', 'read'],
    UUIDs: ['as', 'read'],
    Roles: ['as', 'read'],
  },
};

export const GATT_MANAGER: InterfaceShape = {
  name: 'org.bluez.GattManager1',
  methods: { RegisterApplication: ['oa{sv}', ''], UnregisterApplication: ['o', ''] },
};

export const ADVERTISING_MANAGER: InterfaceShape = {
  name: 'org.bluez.LEAdvertisingManager1',
  methods: { RegisterAdvertisement: ['oa{sv}', ''], UnregisterAdvertisement: ['o', ''] },
  properties: {
    ActiveInstances: ['y', 'read'],
    SupportedInstances: ['y', 'read'],
    SupportedIncludes: ['as', 'read'],
  },
};

export const DEVICE: InterfaceShape = {
  name: 'org.bluez.Device1',
  methods: { Connect: ['', ''], Disconnect: ['', ''], Pair: ['', ''], CancelPairing: ['', ''] },
  properties: {
    Address: ['s', 'read'],
    AddressType: ['s', 'read'],
    Name: ['s', 'read'],
    Alias: ['s', 'readwrite'],
    Paired: ['b', 'read'],
    Bonded: ['b', 'read'],
    Trusted: ['b', 'readwrite'],
    Blocked: ['b', 'readwrite'],
    LegacyPairing: ['b', 'read'],
    Connected: ['b', 'read'],
    ServicesResolved: ['b', 'read'],
    RSSI: ['n', 'read'],
    UUIDs: ['as', 'read'],
    Adapter: ['o', 'read'],
  },
};

export const GATT_SERVICE: InterfaceShape = {
  name: 'org.bluez.GattService1',
  properties: { UUID: ['s', 'read'], Device: ['o', 'read'], Primary: ['b', 'read'], Includes: ['ao', 'read'] },
};

export const GATT_CHARACTERISTIC: InterfaceShape = {
  name: 'org.bluez.GattCharacteristic1',
  methods: { ReadValue: ['a{sv}', 'ay'], WriteValue: ['aya{sv}', ''], StartNotify: ['', ''], StopNotify: ['', ''] },
  properties: {
    UUID: ['s', 'read'],
    Service: ['o', 'read'],
    Value: ['ay', 'read'],
    Notifying: ['b', 'read'],
    Flags: ['as', 'read'],
    MTU: ['q', 'read'],
  },
};
