// A link between two threads: what one end writes the other reads, in order, nothing lost.
import type { MessagePort } from 'node:worker_threads';
import { ByteQueue, type Link } from '@maibo/sdk';

export function openPortLink(port: MessagePort): Link {
  const incoming = new ByteQueue();
  port.on('message', (chunk: Uint8Array) => incoming.push(chunk));
  port.on('close', () => incoming.end());
  return {
    name: 'port',
    carries: 'bytes',
    packetBytesMax: null,
    chunks: incoming,
    write: async (bytes) => port.postMessage(bytes),
    close: async () => port.close(),
  };
}
