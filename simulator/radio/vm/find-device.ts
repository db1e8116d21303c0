// Scans until a device is heard that announces one of these services.
import { type Advertisement, MaiboError, type Radio } from '@maibo/sdk';

const FIND_MS = 30_000;

export async function findDevice(radio: Radio, address: string, services: readonly string[]): Promise<Advertisement> {
  const signal = AbortSignal.timeout(FIND_MS);
  for await (const heard of radio.scan({ services, signal })) if (heard.address === address) return heard;
  throw new MaiboError('link-timeout', 'the device was not heard', { where: address });
}
