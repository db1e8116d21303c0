// The double of the Bluetooth service as a process of its own: owns org.bluez on the bus it is given, and leaves when its parent does.
import { createRng } from '../../world/rng.ts';
import { Bus } from '../dbus/bus.ts';
import { ObjectTree } from '../dbus/object-tree.ts';
import { Agents } from './agents.ts';
import { Air } from './air.ts';
import { CallQueue } from './call-queue.ts';
import { Clients } from './clients.ts';
import { type Answer, answer, type DoubleJob, type News, type Question } from './control.ts';
import { SETTINGS } from './ground.ts';
import { SERVICE } from './shapes.ts';

process.on('disconnect', () => process.exit(0));

async function serve(job: DoubleJob): Promise<void> {
  const bus = await Bus.open(job.address);
  // The real service is started anew by systemd when the bus is back; here that is the parent's business.
  void bus.ended.then(() => process.exit(0));
  const clients = await Clients.watch(bus);
  const tree = new ObjectTree(bus, '/');
  const agents = new Agents(bus, clients);
  const settings = { ...SETTINGS, ...job.settings };
  const ground = { bus, tree, clients, agents, calls: new CallQueue(), rng: createRng(job.seed), settings };
  if (settings.areObjectsLate) await bus.ownName(SERVICE);
  tree.add('/org/bluez', [agents.serve()]);
  const air = new Air(ground, job.adapterCount);
  if (!settings.areObjectsLate) await bus.ownName(SERVICE);
  process.on('message', ({ id, ask }: Question) => {
    answer(air, ask, () => bus.backlogBytes).then(
      (value) => tell({ id, ok: true, value }),
      (failure: unknown) => tell({ id, ok: false, detail: String(failure) }),
    );
  });
  tell({ type: 'ready' });
}

function tell(news: News | Answer): void {
  process.send?.(news);
}

serve(JSON.parse(process.argv[2] ?? '{}') as DoubleJob).catch((failure: unknown) => {
  tell({ type: 'failed', detail: String(failure) });
  process.exitCode = 1;
  process.disconnect?.();
});
