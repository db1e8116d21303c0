// Device Information Service: names and numbers of the maker, all fixed and all readable by anybody.

import { fromHex, toHex } from '../inspect/hex.ts';
import { characteristic, GATT_VALUE_BYTES_MAX } from './characteristic.ts';
import { type Coded, codes } from './coded.ts';

const DEVICE_INFORMATION_SERVICE = 0x180a;
const SYSTEM_ID_BYTES = 8;

export interface InformationTextFields {
  /** As sent, with the zeros and blanks some devices fill up with. */
  readonly text: string;
}

export interface InformationText extends InformationTextFields {
  /** Up to the first NUL, without blanks around it; null when nothing is left. */
  readonly trimmed: string | null;
}

function information(uuid: number, name: string) {
  return characteristic<InformationText, InformationTextFields>({
    uuid,
    name,
    services: [DEVICE_INFORMATION_SERVICE],
    bytesMax: GATT_VALUE_BYTES_MAX,
    read(reader) {
      const text = reader.text(name);
      return { text, trimmed: text.split('\0', 1)[0]!.trim() || null };
    },
    write: ({ text }, writer) => writer.text(text),
  });
}

export const manufacturerName = information(0x2a29, 'Manufacturer Name String');
export const modelNumber = information(0x2a24, 'Model Number String');
export const serialNumber = information(0x2a25, 'Serial Number String');
export const hardwareRevision = information(0x2a27, 'Hardware Revision String');
export const firmwareRevision = information(0x2a26, 'Firmware Revision String');
export const softwareRevision = information(0x2a28, 'Software Revision String');

export interface SystemIdFields {
  /** 16 hex digits, the way an EUI-64 is printed: the maker's number first. On the air it runs backwards. */
  readonly eui64: string;
}

export interface SystemId extends SystemIdFields {
  /** The first 24 bits: IEEE's number for the maker. */
  readonly oui: string;
}

export const systemId = characteristic<SystemId, SystemIdFields>({
  uuid: 0x2a23,
  name: 'System ID',
  services: [DEVICE_INFORMATION_SERVICE],
  bytesMax: SYSTEM_ID_BYTES,
  read(reader) {
    const low = reader.u32('system id');
    const high = reader.u32('system id');
    const eui64 = hex32(high) + hex32(low);
    return { eui64, oui: eui64.slice(0, 6) };
  },
  write({ eui64 }, writer) {
    const bytes = fromHex(eui64);
    if (bytes.length !== SYSTEM_ID_BYTES) throw new TypeError(`${eui64} is not 16 hex digits`);
    writer.raw(bytes.reverse());
  },
});

export const vendorIdSources = codes({ 1: 'bluetooth', 2: 'usb' });
export type VendorIdSource = 'bluetooth' | 'usb';

export interface PnpId {
  /** Who gave out the vendor number. */
  readonly source: Coded<VendorIdSource>;
  readonly vendor: number;
  readonly product: number;
  /** Written JJMN in hex for version JJ.M.N, where the maker keeps to it. */
  readonly version: number;
}

export const pnpId = characteristic<PnpId>({
  uuid: 0x2a50,
  name: 'PnP ID',
  services: [DEVICE_INFORMATION_SERVICE],
  bytesMax: 7,
  read: (reader) => ({
    source: vendorIdSources.of(reader.u8('vendor id source')),
    vendor: reader.u16('vendor id'),
    product: reader.u16('product id'),
    version: reader.u16('product version'),
  }),
  write({ source, vendor, product, version }, writer) {
    writer.u8(source.code, 'vendor id source');
    writer.u16(vendor, 'vendor id');
    writer.u16(product, 'product id');
    writer.u16(version, 'product version');
  },
});

/** A list in the encoding of IEEE 11073-20601 (MDER), handed on as it is. */
export const regulatoryCertification = characteristic<{ readonly bytes: Uint8Array }>({
  uuid: 0x2a2a,
  name: 'IEEE 11073-20601 Regulatory Certification Data List',
  services: [DEVICE_INFORMATION_SERVICE],
  bytesMax: GATT_VALUE_BYTES_MAX,
  read: (reader) => ({ bytes: reader.rest() }),
  write: ({ bytes }, writer) => writer.raw(bytes),
});

function hex32(value: number): string {
  return toHex(Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value));
}
