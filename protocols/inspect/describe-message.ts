// A whole message of a link: what goes in clear is taken apart, of everything else size and channel are all there is to say.

import { decodeMessage } from '../message/message-codec.ts';
import { decodeHandshakeMessage } from '../session/handshake-codec.ts';
import { describeFields } from './describe-fields.ts';

/** `channel` is null on links without channels. */
export function describeMessage(channel: number | null, bytes: Uint8Array): string[] {
  const where = channel === null ? '' : ` on channel ${channel}`;
  const handshake = decodeHandshakeMessage(bytes);
  if (handshake.ok) {
    const { type, ...members } = handshake.value;
    return [`message ${type}${where}, ${bytes.length} bytes, in clear`, ...describeFields(members)];
  }
  const message = decodeMessage(bytes);
  if (!message.ok) return [`message${where}, ${bytes.length} bytes, sealed`];
  const { type, ...members } = message.value;
  return [`message ${type}${where}, ${bytes.length} bytes, in clear`, ...describeFields(members)];
}
