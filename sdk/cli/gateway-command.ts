// maibo gateway --config gateway.toml: the long-running box, until it is told to stop.
import type { Command } from 'commander';
import { describeGatewayConfig, loadGatewayConfig } from '../gateway/config.ts';
import type { GatewayConfig } from '../gateway/config-types.ts';
import { ForeignCores } from '../gateway/foreign-cores.ts';
import { runGatewayProcess } from './gateway-process.ts';
import { readPackage } from './package-file.ts';

interface Options {
  readonly config: string;
  readonly check?: boolean;
}

export function addGateway(program: Command, finish: (code: number) => void): void {
  program
    .command('gateway')
    .description('collect from every device that is allowed, store, verify, forward: until it is stopped')
    .requiredOption('--config <file>', 'gateway.toml')
    .option('--check', 'check the configuration, say what it would do, and end')
    .action(async (options: Options) => {
      const config = loadGatewayConfig(options.config);
      if (options.check)
        process.stdout.write(`${[...describeGatewayConfig(config), ...tryCores(config)].join('\n')}\n`);
      else finish(await runGatewayProcess(config));
    });
}

/** Starts the cores of other makers, and says of each whether it would run. */
function tryCores({ cores: config }: GatewayConfig): string[] {
  const quiet = () => undefined;
  const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
  const cores = new ForeignCores(config, { readPackage, log });
  try {
    return cores.all.map(({ config: { path }, core, state }) => {
      const who = core === null ? path : `${core.manifest.name} ${core.manifest.version}`;
      return state.is === 'running'
        ? `core       ${who} starts, allowed by its ${state.allowedBy}`
        : `warning    core ${who} is not run: ${state.why}`;
    });
  } finally {
    cores.close();
  }
}
