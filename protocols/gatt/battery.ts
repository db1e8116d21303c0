// Battery Service: the level alone.

import { characteristic } from './characteristic.ts';

export interface BatteryLevelFields {
  /** The byte as sent. */
  readonly level: number;
}

export interface BatteryLevel extends BatteryLevelFields {
  /** 0..100; null for a reserved number, which is no level at all. */
  readonly percent: number | null;
}

export const batteryLevel = characteristic<BatteryLevel, BatteryLevelFields>({
  uuid: 0x2a19,
  name: 'Battery Level',
  services: [0x180f],
  bytesMax: 1,
  read(reader) {
    const level = reader.u8('level');
    return { level, percent: level <= 100 ? level : null };
  },
  write: ({ level }, writer) => writer.u8(level, 'level'),
});
