// Tells systemd how the service is (sd_notify(3)): ready, stopping, and a heartbeat for its watchdog.
//
// The messages go to a datagram socket, which Node cannot open. `systemd-notify` can; it comes with systemd, so where somebody listens it is
// there. It costs a process of 6 ms a heartbeat, one in ten seconds or fewer. Roads not taken: a native module for three messages, and
// WATCHDOG_USEC with a script around the gateway, which would beat for a gateway that hangs.
import { spawn } from 'node:child_process';

export interface ServiceManager {
  /** How often a sign of life is due; null: nobody waits for one. */
  readonly heartbeatMs: number | null;
  /** Resolves when it was handed over, or could not be. Never rejects. */
  ready(status: string): Promise<void>;
  alive(): Promise<void>;
  stopping(): Promise<void>;
}

const NOTIFY_MS = 5_000;
/** Twice before the watchdog bites, as sd_watchdog_enabled(3) asks for. */
const BEATS_PER_WATCHDOG = 2;

/** Does nothing where no service manager listens. */
export function connectServiceManager(environment: Readonly<Record<string, string | undefined>>): ServiceManager {
  const isThere = (environment.NOTIFY_SOCKET ?? '') !== '';
  const say = (...lines: string[]) => (isThere ? notify(lines, environment) : Promise.resolve());
  return {
    heartbeatMs: isThere ? heartbeatOf(environment) : null,
    ready: (status) => say('READY=1', `STATUS=${status}`),
    alive: () => say('WATCHDOG=1'),
    stopping: () => say('STOPPING=1'),
  };
}

function heartbeatOf(environment: Readonly<Record<string, string | undefined>>): number | null {
  const periodUs = Number(environment.WATCHDOG_USEC);
  const isForUs = environment.WATCHDOG_PID === undefined || Number(environment.WATCHDOG_PID) === process.pid;
  return Number.isFinite(periodUs) && periodUs > 0 && isForUs ? periodUs / 1_000 / BEATS_PER_WATCHDOG : null;
}

function notify(lines: readonly string[], environment: Readonly<Record<string, string | undefined>>): Promise<void> {
  return new Promise((resolve) => {
    const { NOTIFY_SOCKET, PATH } = environment;
    const child = spawn('systemd-notify', lines, { stdio: 'ignore', env: { NOTIFY_SOCKET, PATH }, timeout: NOTIFY_MS });
    child.once('error', () => resolve());
    child.once('exit', () => resolve());
  });
}
