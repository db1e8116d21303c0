// A visit at a Maibo device, whatever bears it: handshake, then all its logs side by side until it goes.
import { deviceIdOf, type LogInfo, nodeSuite, sameBytes } from '@maibo/protocols';
import { DeviceSession } from '../device/device-session.ts';
import { MaiboError } from '../errors.ts';
import { toHex } from '../evidence/record-types.ts';
import { closing } from '../link/closing.ts';
import { confirmedItem } from '../platform/confirmed-item.ts';
import type { Link } from '../world/world.ts';
import type { Collecting } from './collecting.ts';
import { collectLog } from './collector.ts';
import type { Visit } from './supervisor.ts';

const SESSION_ID_BYTES = 4;

/** A device whose logs have all ended has nothing until its wearer begins another one. */
const ENDED_REST_MS = 30_000;

/**
 * The link belongs to the visit: it is closed however this ends. `devices`: public keys of those that may answer. Gives for how long nothing new is
 * to be had.
 */
export async function visitMaibo(
  link: Link,
  devices: readonly Uint8Array[],
  visit: Visit,
  collecting: Collecting,
  onKnown: (publicKey: Uint8Array) => void = () => undefined,
): Promise<number> {
  const { clock, entropy, linkKeys } = collecting.world;
  visit.enter('handshake');
  await using _ = closing(link); // also when its turn never comes
  await using session = await collecting.handshakes.during(visit.signal, () =>
    DeviceSession.open(
      link,
      { clock, entropy },
      { keys: linkKeys, trust: { devices, label: null, isPairing: false }, signal: visit.signal },
    ),
  );
  const { info } = session;
  refuseStranger(session, devices);
  onKnown(session.deviceKey);
  return await collecting.claims.during(info.device, visit.signal, async (ending) => {
    const forgetSession = collecting.sessions.add(session);
    try {
      visit.log.bind({ device: pseudonym(info.device), session: toHex(entropy.bytes(SESSION_ID_BYTES)) });
      visit.enter('collecting');
      visit.log.say('info', 'session open', { logs: info.logs.length });
      const areEnded = await collectLogs(session, ending, collecting);
      visit.log.say('info', 'session over', { badFrames: session.stats.badFrames });
      return areEnded ? ENDED_REST_MS : 0;
    } finally {
      forgetSession();
      await session.close();
    }
  });
}

/** The first 8 digits of a device id: enough to tell devices apart in a log, and no name. */
export function pseudonym(device: Uint8Array): string {
  return toHex(device).slice(0, 8);
}

/** Whose key shook hands is who speaks; what it calls itself is what is stored under. */
function refuseStranger({ info, deviceKey }: DeviceSession, devices: readonly Uint8Array[]): void {
  const isAllowed = devices.some((key) => sameBytes(key, deviceKey));
  if (isAllowed && sameBytes(deviceIdOf(nodeSuite, deviceKey), info.device)) return;
  throw new MaiboError('device-unknown', 'the device is not who it says it is');
}

/** All of them or none: a log that fails ends the session, and the others commit what they have. Whether nothing will ever follow in any. */
async function collectLogs(session: DeviceSession, ending: AbortController, collecting: Collecting): Promise<boolean> {
  const outcomes = await Promise.allSettled(
    session.info.logs.map((log) =>
      collectOne(session, log, ending.signal, collecting).catch((failure: unknown) => {
        ending.abort();
        throw failure;
      }),
    ),
  );
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return outcomes.every((outcome) => outcome.status === 'fulfilled' && outcome.value);
}

async function collectOne(
  session: DeviceSession,
  log: LogInfo,
  signal: AbortSignal,
  { world, committer, forwarding }: Collecting,
): Promise<boolean> {
  const { store, clock, signer, cores } = world;
  const streamId = store.openStream({ device: session.info.device, log: log.log, epoch: log.epoch }).id;
  const confirm = (upto: number) => {
    if (upto >= 0) session.ack(log, upto, 2).catch(() => undefined); // a link that is gone hears of it in the next session
  };
  const stopListening = forwarding?.listen(streamId, confirm);
  if (forwarding !== null) confirm(confirmedItem(store, streamId));
  try {
    return (await collectLog({ session, log, store, clock, signer, signal, committer, ...(cores && { cores }) })).ended;
  } finally {
    stopListening?.();
  }
}
