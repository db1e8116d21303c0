// Where time, chance, disk and network may be touched directly. Everywhere else in run-time code they come in through `World`, so
// that the simulator runs the production code unchanged.

/** Folders whose business is the outside. */
export const OUTSIDE: readonly { readonly under: string; readonly why: string }[] = [
  { under: 'sdk/world/', why: 'the real world itself' },
  { under: 'sdk/link/', why: 'ports and radios' },
  { under: 'sdk/engine/', why: 'threads for modules that are not ours, and the time they may take' },
  { under: 'sdk/formats/', why: 'reads recordings from files' },
  { under: 'sdk/cli/', why: 'reads and writes the files it is told to' },
  { under: 'sdk/examples/', why: 'shows an application, which has a world of its own' },
  { under: 'sdk/bin/', why: 'starts the command line' },
  { under: 'simulator/radio/vm/', why: 'runs inside a guest, as its only program' },
];

/** Code that builds or tests and never runs at a user's. */
export const WORKSHOP: readonly RegExp[] = [
  /\/codegen\//,
  /\/vectors\//,
  /^firmware-wasm\/(train|embed)\//,
  /^bench\//,
];

export interface Exception {
  readonly path: string;
  /** The names that are used, as the test reports them. */
  readonly uses: readonly string[];
  readonly reason: string;
}

/** Single files outside those folders. */
export const EXCEPTIONS: readonly Exception[] = [
  {
    path: 'simulator/lab/main.ts',
    uses: ['node:fs'],
    reason: 'the main of the lab: makes its output folder and writes the report',
  },
  {
    path: 'simulator/lab/child.ts',
    uses: ['node:child_process', 'setTimeout()'],
    reason: 'starts and ends real processes, and those end in real time',
  },
  {
    path: 'simulator/device/freed-state.ts',
    uses: ['node:fs'],
    reason: 'the flash of a virtual wearable, which must outlive its process',
  },
  {
    path: 'simulator/platform/segment-store.ts',
    uses: ['node:fs/promises'],
    reason: 'the disk of the reference platform, which must outlive its process',
  },
  {
    path: 'simulator/platform/platform.ts',
    uses: ['node:http', 'node:net'],
    reason: 'the HTTP server of the reference platform',
  },
  {
    path: 'simulator/storm/main.ts',
    uses: ['node:fs'],
    reason: 'the main of the storm: keeps the seeds that failed',
  },
  {
    path: 'simulator/device/pty.ts',
    uses: ['node:fs'],
    reason: 'reads and writes the master of a pty, which no stream of Node does without blocking',
  },
  {
    path: 'simulator/testing/process-counts.ts',
    uses: ['node:fs'],
    reason: 'counts the descriptors of this process, which only /proc knows',
  },
  {
    path: 'simulator/radio/private-bus.ts',
    uses: ['node:child_process', 'node:fs', 'node:net', 'node:os'],
    reason: 'starts and ends a real message bus',
  },
  {
    path: 'simulator/radio/double/double.ts',
    uses: ['node:child_process'],
    reason: 'starts and kills the double, a process of its own',
  },
  {
    path: 'simulator/radio/timing.ts',
    uses: ['setTimeout()', 'setImmediate()'],
    reason: "the double is a service beside others on a real bus: its time is the bus's",
  },
  {
    path: 'simulator/radio/main.ts',
    uses: ['process.env'],
    reason: 'the main of the simulated devices on the air',
  },
  { path: 'simulator/platform/http-body.ts', uses: ['node:http'], reason: 'types of the same server' },
];

/** A ratchet: lower it when an exception goes. Raising it needs a sentence in the commit. */
export const EXCEPTION_COUNT_MAX = 13;
