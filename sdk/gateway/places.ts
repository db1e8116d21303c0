// Where devices may be: a port, or an address on the air.
import { deviceIdOf, gatt, nodeSuite, sameBytes } from '@maibo/protocols';
import { CLINIC_KINDS } from '../clinic/clinic-kinds.ts';
import { pseudonymOf } from '../clinic/pseudonym.ts';
import { MaiboError } from '../errors.ts';
import { openBleLink } from '../link/ble-link.ts';
import { collectClinicDevice } from './clinic-collector.ts';
import type { Collecting } from './collecting.ts';
import type { ClinicConfig, DeviceConfig, SerialConfig } from './config-types.ts';
import { pseudonym, visitMaibo } from './maibo-visit.ts';
import type { PortWatch } from './port-watch.ts';
import { type RadioHub, refuseUnbonded } from './radio-hub.ts';
import type { Place } from './supervisor.ts';

/** A meter that has told all it had is let sleep: every connect costs its battery. */
const FETCHED_REST_MS = 10 * 60_000;

/** Any of the devices that may come by wire. */
export function serialPlace(
  index: number,
  port: SerialConfig,
  devices: readonly Uint8Array[],
  watch: PortWatch,
  collecting: Collecting,
): Place {
  // Each costs a hash in the handshake until the right one is found: the one that was there last is asked first.
  let byLikelihood = devices;
  const onKnown = (publicKey: Uint8Array) => {
    byLikelihood = [publicKey, ...devices.filter((key) => !sameBytes(key, publicKey))];
  };
  return {
    name: `serial[${index}]`,
    fields: {},
    changed: (signal) => watch.gone(port, signal),
    async visit(visit) {
      const path = await watch.there(port, visit.signal);
      if (path === null) return 0;
      visit.enter('connecting');
      const link = await collecting.world.serial.open(path, port, visit.signal);
      return await visitMaibo(link, byLikelihood, visit, collecting, onKnown);
    },
  };
}

/** One Maibo device, at its address. */
export function radioPlace(
  index: number,
  device: DeviceConfig,
  address: string,
  hub: RadioHub,
  collecting: Collecting,
): Place {
  const id = deviceIdOf(nodeSuite, device.publicKey);
  return {
    name: `device[${index}]`,
    fields: labelled(device.label, id),
    async visit(visit) {
      if (collecting.claims.isHeld(id))
        throw new MaiboError('link-open', 'this device is connected another way already');
      const link = await hub.meet({
        address,
        check: () => undefined, // whom it shakes hands with is proven there
        connect: (radio, patience) => {
          visit.enter('connecting');
          return openBleLink(radio, address, patience);
        },
        signal: visit.signal,
      });
      return link === null ? 0 : await visitMaibo(link, [device.publicKey], visit, collecting);
    },
  };
}

/** One device with standard health services, at its address. */
export function clinicPlace(index: number, clinic: ClinicConfig, hub: RadioHub, collecting: Collecting): Place {
  const { committer, world } = collecting;
  const { store, clock, entropy, signer, pseudonymSecret } = world;
  const device = pseudonymOf(pseudonymSecret, clinic.address);
  const { setTimeUtcOffsetMinutes, kinds } = clinic;
  const services = CLINIC_KINDS.filter(({ name }) => kinds.includes(name)).map(({ service }) =>
    gatt.gattUuidText(service),
  );
  return {
    name: `clinic[${index}]`,
    fields: labelled(clinic.label, device),
    async visit(visit) {
      const peer = await hub.meet({
        address: clinic.address,
        check: clinic.needsBond ? refuseUnbonded : () => undefined,
        connect: (radio, patience) => {
          visit.enter('connecting');
          return radio.connect(clinic.address, { ...patience, services });
        },
        signal: visit.signal,
      });
      if (peer === null) return 0;
      await using _ = peer;
      visit.enter('collecting');
      visit.log.say('info', 'device connected', { kinds: kinds.join(' ') });
      const { end } = await collecting.claims.during(device, visit.signal, ({ signal }) =>
        collectClinicDevice({
          ...{ peer, device, store, committer, clock, entropy, signer, signal, kinds },
          ...(setTimeUtcOffsetMinutes !== null && { setTimeUtcOffsetMinutes }),
        }),
      );
      return end === 'done' ? FETCHED_REST_MS : 0;
    },
  };
}

function labelled(label: string | null, device: Uint8Array) {
  return { device: pseudonym(device), ...(label === null ? {} : { label }) };
}
