// The user a cuff or a scale believes it measured. 255 is the one it does not know.

import type { ValueReader } from './value-reader.ts';
import type { ValueWriter } from './value-writer.ts';

/** 0..254 as the device numbers its users. */
export type UserId = number | 'unknown';

export function readUserId(reader: ValueReader): UserId {
  const id = reader.u8('user id');
  return id === 0xff ? 'unknown' : id;
}

export function writeUserId(id: UserId, writer: ValueWriter): void {
  if (id === 0xff) throw new TypeError("user id 255 is written 'unknown'");
  writer.u8(id === 'unknown' ? 0xff : id, 'user id');
}
