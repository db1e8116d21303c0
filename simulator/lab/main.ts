// `npm start`: the whole data path once, from a heartbeat to a receipt and a report.
//
//   wearable process ══pty══▶ session ▶ cores ▶ records ▶ store ──PUT──▶ platform process
//                                                          └──▶ summary, report.html
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { LogInfo } from '@maibo/protocols';
import {
  type CollectionSummary,
  collectLog,
  confirmedItem,
  createLabClock,
  createLabKey,
  createLabLinkKey,
  DeviceSession,
  forwardSegments,
  isMaiboError,
  type Link,
  loadOrCreateKey,
  MAIBO_VERSION,
  MaiboError,
  openStoreFile,
  type ReportModel,
  renderReport,
  reportModelOf,
  type SessionOptions,
  type Signer,
  type Store,
  systemClock,
  systemEntropy,
  toHex,
} from '@maibo/sdk';
import { describePlan, planDevice } from './device-plan.ts';
import { openLabLink } from './lab-link.ts';
import { startLabPlatform } from './lab-platform.ts';
import { type LabOptions, parseLabOptions } from './options.ts';
import { ProgressLine } from './progress.ts';
import { summaryLines } from './summary.ts';

const EXIT_FAILED = 1;
const EXIT_BAD_INPUT = 2;
const EXIT_INTERRUPTED = 130;

interface Paths {
  readonly folder: string;
  readonly store: string;
  readonly report: string;
  readonly platform: string;
  readonly device: string;
  readonly key: string;
}

async function run(options: LabOptions, stop: AbortSignal): Promise<number> {
  const paths = pathsOf(options);
  const plan = planDevice(options);
  say(`Maibo ${MAIBO_VERSION} lab. For wellness and research: no diagnosis.`);
  say(`wearer    ${describePlan(plan)}`);
  const speed = Number.isFinite(options.speed) ? options.speed : null;
  // The virtual wearable's keys are derived from what it plays, so its host's may be derived as well.
  const keys = createLabLinkKey('gateway', options.seed);
  const host = toHex(keys.publicKey);
  const device = await openLabLink({ plan, speed, stateFolder: paths.device, host }, options.link);
  try {
    say(`link      ${device.description}`);
    return await runWithDevice(options, paths, { link: device.link, deviceKey: device.deviceKey, keys }, stop);
  } finally {
    await device.link.close();
    await device.stop();
  }
}

interface Line {
  readonly link: Link;
  readonly deviceKey: Uint8Array;
  readonly keys: SessionOptions['keys'];
}

async function runWithDevice(options: LabOptions, paths: Paths, line: Line, stop: AbortSignal): Promise<number> {
  const isLab = options.clock === 'lab';
  const clock = isLab ? createLabClock() : systemClock;
  mkdirSync(paths.folder, { recursive: true, mode: 0o700 });
  const signer = isLab ? createLabKey('gateway', options.seed) : loadOrCreateKey(paths.key, systemEntropy);
  const file = openStoreFile(paths.store);
  const lab = isLab ? { seed: options.seed, utcUs: clock.nowUtcUs() } : null;
  const platform = await startLabPlatform({ folder: paths.platform, trust: signer, lab }).catch((failure: unknown) => {
    file.close();
    throw failure;
  });
  try {
    say(`platform  ${platform.url} (a process of its own)`);
    file.store.addKey(signer.keyId, signer.publicKey, isLab ? 'gateway-lab' : 'gateway');
    file.store.addKey(platform.key.keyId, platform.key.publicKey, isLab ? 'platform-lab' : 'platform');
    const trust = { devices: [line.deviceKey], label: null, isPairing: false };
    const session = await DeviceSession.open(line.link, { clock, entropy: systemEntropy }, { keys: line.keys, trust });
    say(`device    ${toHex(session.info.device).slice(0, 16)}, ${session.info.firmware}`);
    const summary = await collect({ session, store: file.store, clock, signer, platform, stop });
    await session.close();
    const title = options.input === undefined ? 'Simulated wearer' : basename(options.input);
    const model = reportModelOf(file.store, { title, createdUtcUs: clock.nowUtcUs() });
    if (!stop.aborted) writeReport(paths, model, options.language);
    return conclude(model, paths, summary, stop.aborted);
  } finally {
    await platform.stop();
    file.close();
  }
}

interface Path {
  readonly session: DeviceSession;
  readonly store: Store;
  readonly clock: typeof systemClock;
  readonly signer: Signer;
  readonly platform: Awaited<ReturnType<typeof startLabPlatform>>;
  readonly stop: AbortSignal;
}

/** Collects and forwards side by side: a segment is on its way while the next blocks arrive. */
async function collect({ session, store, clock, signer, platform, stop }: Path): Promise<CollectionSummary> {
  const log = session.info.logs[0];
  if (log === undefined) throw new MaiboError('device-refused', 'the device keeps no log');
  const streamId = store.openStream({ device: session.info.device, log: log.log, epoch: log.epoch }).id;
  const progress = new ProgressLine(process.stdout, clock.nowMonotonicMs);
  let forwarding: Promise<unknown> = Promise.resolve();
  const forward = () => {
    forwarding = forwarding
      .then(() =>
        forwardSegments({ store, streamId, uplink: platform.uplink, clock, platformKey: platform.key, signal: stop }),
      )
      .then(() => confirm(session, log, confirmedItem(store, streamId)));
    forwarding.catch(() => undefined); // told where it is awaited
  };
  const summary = await collectLog({
    session,
    log,
    store,
    clock,
    signer,
    signal: stop,
    onCommit: (news) => {
      progress.update(news);
      if (news.segmentCount > 0) forward();
    },
  }).finally(() => progress.finish());
  forward();
  await forwarding;
  return summary;
}

/** Tells the device what the platform has; a link that is gone by now hears of it in the next session. */
async function confirm(session: DeviceSession, log: LogInfo, upto: number): Promise<void> {
  if (upto >= 0) await session.ack(log, upto, 2).catch(() => undefined);
}

function writeReport(paths: Paths, model: ReportModel, language: LabOptions['language']): void {
  // Whole or not at all: a reader never sees half a report.
  writeFileSync(`${paths.report}.new`, renderReport(model, language), { mode: 0o600 });
  renameSync(`${paths.report}.new`, paths.report);
}

function conclude(model: ReportModel, paths: Paths, summary: CollectionSummary, stopped: boolean): number {
  for (const line of summaryLines(model, summary)) say(line);
  if (stopped) {
    say('Stopped. Run the same command again to continue: what was acknowledged is kept.');
    return EXIT_INTERRUPTED;
  }
  say(`report    ${paths.report}`);
  say(`re-check  npx maibo verify ${paths.store}`);
  return 0;
}

function pathsOf(options: LabOptions): Paths {
  const name =
    options.input === undefined ? `simulated-seed${options.seed}` : basename(options.input).replace(/[^\w.-]+/g, '_');
  const folder = options.out ?? join('maibo-out', name);
  return {
    folder,
    store: join(folder, 'store.sqlite'),
    report: join(folder, 'report.html'),
    platform: join(folder, 'platform'),
    device: join(folder, 'device'),
    key: join(folder, 'gateway.key'),
  };
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function exitCodeOf(failure: unknown): number {
  return isMaiboError(failure, 'input-missing', 'input-format', 'input-range', 'input-empty', 'usage')
    ? EXIT_BAD_INPUT
    : EXIT_FAILED;
}

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort());

run(parseLabOptions(process.argv.slice(2)), interrupted.signal).then(
  (code) => {
    process.exitCode = code;
  },
  (failure: unknown) => {
    process.stderr.write(
      `${failure instanceof MaiboError ? failure.toLine() : String((failure as Error)?.stack ?? failure)}\n`,
    );
    process.exitCode = exitCodeOf(failure);
  },
);
