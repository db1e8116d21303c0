// A service manager's socket as systemd has it: datagrams, each kept as one line. Node cannot open one; python3 can.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** systemd-notify waits at a barrier, a message with a descriptor, until that is closed. */
const LISTENER = `
import os, socket, sys
listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
listener.bind(sys.argv[1])
open(sys.argv[1] + '.ready', 'w').close()
while True:
    data, descriptors, _, _ = socket.recv_fds(listener, 4096, 8)
    for descriptor in descriptors: os.close(descriptor)
    with open(sys.argv[2], 'a') as heard: heard.write(data.decode().replace('\\n', ' ').strip() + '\\n')
`;

/** Programs that are missing here for it. */
export function missingForNotify(): string[] {
  return ['python3', 'systemd-notify'].filter(
    (name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status !== 0,
  );
}

export async function listenForNotify(folder: string) {
  const [path, heard] = [join(folder, 'notify'), join(folder, 'notify.txt')];
  writeFileSync(heard, '');
  const child = spawn('python3', ['-c', LISTENER, path, heard], { stdio: 'ignore' });
  while (!existsSync(`${path}.ready`)) await new Promise((resolve) => setTimeout(resolve, 20));
  return {
    path,
    lines: () =>
      readFileSync(heard, 'utf8')
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('BARRIER')),
    close: () => child.kill('SIGKILL'),
  };
}
