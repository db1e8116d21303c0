// node-ble's `gatt()` asks whether the services are resolved and begins to listen behind the answer: what changes in between, it waits for
// without end. So it is called when they are.
import { pause, within } from './timing.ts';

/** As much of node-ble's device as is called here. */
export interface NodeBlePeer<Server> {
  gatt(): Promise<Server>;
  readonly helper: { prop(name: string): Promise<unknown> };
}

const RESOLVED_MS = 20_000;
const LOOK_MS = 5;

export async function serverOf<Server>(device: NodeBlePeer<Server>): Promise<Server> {
  let isLate = false;
  const resolved = (async () => {
    while (!isLate && (await device.helper.prop('ServicesResolved')) !== true) await pause(LOOK_MS);
  })();
  await within(RESOLVED_MS, resolved, () => new Error('the services were not resolved')).finally(() => {
    isLate = true;
  });
  return device.gatt();
}
