// A D-Bus daemon of our own: one unix socket in a temp folder, open to everybody who reaches it. Gone with its parent.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pause } from './timing.ts';

const START_MS = 5_000;
const LOOK_MS = 2;

// The defaults of a system bus, so the same limits hold: 128 calls in flight and 512 match rules per connection.
const CONFIG = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path=/nonexistent</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/>
    <allow own="*"/>
    <allow send_destination="*" eavesdrop="false"/>
    <allow send_type="method_call"/>
    <allow receive_sender="*"/>
  </policy>
</busconfig>
`;

export interface PrivateBus extends AsyncDisposable {
  /** As DBUS_SYSTEM_BUS_ADDRESS takes it. */
  readonly address: string;
  /** SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>;
  /** A new daemon at the same address. Kills the old one when it still runs. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** Whether a private bus can be had here at all. */
export function hasDbusDaemon(): boolean {
  return spawnSync('dbus-daemon', ['--version'], { stdio: 'ignore' }).status === 0;
}

export async function openPrivateBus(): Promise<PrivateBus> {
  const folder = mkdtempSync(join(tmpdir(), 'maibo-bus-'));
  const socket = join(folder, 'bus.sock');
  const config = join(folder, 'bus.conf');
  writeFileSync(config, CONFIG);
  let daemon = await startDaemon(config, socket);
  const removeFolder = () => rmSync(folder, { recursive: true, force: true });
  const onExit = () => {
    daemon.shell.stdin?.end();
    removeFolder();
  };
  process.once('exit', onExit);
  const kill = () => endDaemon(daemon);
  const close = async () => {
    process.off('exit', onExit);
    await kill();
    removeFolder();
  };
  return {
    address: `unix:path=${socket}`,
    kill,
    restart: async () => {
      await kill();
      rmSync(socket, { force: true });
      daemon = await startDaemon(config, socket);
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** A running daemon, under a shell that ends it when its own input ends: so it goes with us even when we are killed. */
interface Daemon {
  readonly pid: number;
  readonly shell: ChildProcess;
}

/** Told "keep", it leaves the folder; at a bare end, its owner has died and the folder goes too. */
const SHELL = `folder=$1; shift; dbus-daemon "$@" >/dev/null 2>&1 & echo $!
read -r word; kill -9 $!; wait; [ "$word" = keep ] || rm -rf "$folder"`;

async function startDaemon(config: string, socket: string): Promise<Daemon> {
  const options = ['--nofork', '--nopidfile', `--config-file=${config}`, `--address=unix:path=${socket}`];
  const shell = spawn('sh', ['-c', SHELL, 'sh', dirname(socket), ...options], {
    stdio: ['pipe', 'pipe', 'ignore'],
    detached: true, // Ctrl-C is for us, and what stands on the bus is taken down first
  });
  shell.stdin.on('error', () => undefined);
  let said = '';
  shell.stdout.on('data', (text: Buffer) => {
    said += text.toString();
  });
  for (let waitedMs = 0; !said.includes('\n') || !(await isAnswered(socket)); waitedMs += LOOK_MS) {
    if (waitedMs > START_MS) {
      shell.stdin.end();
      throw new Error('dbus-daemon did not start (install the package dbus-daemon)');
    }
    await pause(LOOK_MS);
  }
  // Neither keeps this process alive.
  shell.unref();
  (shell.stdin as Socket).unref();
  (shell.stdout as Socket).unref();
  return { pid: Number(said), shell };
}

/** The daemon's socket has a name before it takes anybody. */
function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

async function endDaemon({ pid, shell }: Daemon): Promise<void> {
  if (shell.exitCode !== null) return;
  shell.ref();
  // The shell has not waited for it yet, so the number is still its own.
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // somebody else was faster
  }
  shell.stdin?.end('keep\n');
  await once(shell, 'exit');
}
