// Where the time of this thread went: the sampling profiler of V8, each sample given to the innermost function that belongs to a stage.
import { type Profiler, Session } from 'node:inspector';

export interface Stage {
  readonly name: string;
  /** Of the file, or of the name of a function that V8 gives no file. */
  readonly of: RegExp;
}

export interface StageShare {
  readonly name: string;
  readonly ms: number;
}

const INTERVAL_US = 250;
const REST = 'the rest';

/** Milliseconds by stage, the largest first; what waits is not counted. */
export async function profile(stages: readonly Stage[], work: () => Promise<void>): Promise<StageShare[]> {
  const session = new Session();
  session.connect();
  try {
    await post(session, 'Profiler.enable');
    await post(session, 'Profiler.setSamplingInterval', { interval: INTERVAL_US });
    await post(session, 'Profiler.start');
    await work();
    const { profile: taken } = (await post(session, 'Profiler.stop')) as Profiler.StopReturnType;
    return sharesOf(taken, stages);
  } finally {
    session.disconnect();
  }
}

function post(session: Session, method: string, parameters: object = {}): Promise<unknown> {
  return new Promise((resolve, reject) => {
    session.post(method, parameters, (failure, result) => (failure ? reject(failure) : resolve(result)));
  });
}

function sharesOf({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile, stages: readonly Stage[]): StageShare[] {
  const stageOf = new Map<number, string | null>();
  const visit = (node: Profiler.ProfileNode, inherited: string | null) => {
    const { functionName, url } = node.callFrame;
    const own = functionName === '(idle)' ? null : stages.find(({ of }) => of.test(url || functionName))?.name;
    const stage = own === undefined ? inherited : own;
    stageOf.set(node.id, stage);
    for (const child of node.children ?? []) visit(byId.get(child)!, stage);
  };
  const byId = new Map(nodes.map((node) => [node.id, node]));
  visit(nodes[0]!, REST);
  const sums = new Map<string, number>();
  samples.forEach((id, index) => {
    const stage = stageOf.get(id);
    if (stage != null) sums.set(stage, (sums.get(stage) ?? 0) + (timeDeltas[index] ?? 0) / 1_000);
  });
  return [...sums].map(([name, ms]) => ({ name, ms })).toSorted((one, other) => other.ms - one.ms);
}
