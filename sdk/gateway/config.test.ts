// Wrong files are told wrong in exactly these words: they are what somebody on a ladder in front of the box reads.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { CLINIC_KINDS } from '../clinic/clinic-kinds.ts';
import { MaiboError } from '../errors.ts';
import { describeGatewayConfig, loadGatewayConfig, readGatewayConfig } from './config.ts';

const folder = mkdtempSync(join(tmpdir(), 'maibo-config-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const KEY = 'ab'.repeat(32);
const BASE = '[gateway]\ndata = "data"\n';

function mistakesOf(text: string): string[] {
  try {
    readGatewayConfig(text, 'gateway.toml');
    return [];
  } catch (failure) {
    if (!(failure instanceof MaiboError) || failure.code !== 'config-bad') throw failure;
    return failure.toLine().split('\n');
  }
}

/** What is wrong, the file, and every line that is said about it. */
const WRONG: readonly (readonly [string, string, readonly string[]])[] = [
  ['an empty file', '', ['gateway.toml: gateway.data: missing: a folder for the store and the keys']],
  [
    'a word for a number',
    `${BASE}[[serial]]\npath = "/dev/ttyACM0"\nbaudRate = "fast"`,
    ['gateway.toml, line 5: serial[0].baudRate: expected a whole number 300..4000000, got "fast"'],
  ],
  [
    'a number out of range',
    `${BASE}[store]\nretentionDays = 0`,
    ['gateway.toml, line 4: store.retentionDays: expected a whole number 1..36500, got 0'],
  ],
  [
    'a fraction',
    `${BASE}[store]\nretentionDays = 1.5`,
    ['gateway.toml, line 4: store.retentionDays: expected a whole number 1..36500, got 1.5'],
  ],
  [
    'a misspelt key',
    `${BASE}[[serial]]\npath = "/dev/ttyACM0"\nbaudrat = 9600`,
    ['gateway.toml, line 5: serial[0].baudrat: unknown key; did you mean "baudRate"?'],
  ],
  [
    'a core that nobody could allow',
    `${BASE}[[core]]\npackage = "a.mcore"`,
    ['gateway.toml: cores.trustedKeys: missing: without a key of a maker or allowedHashes, no [[core]] would run'],
  ],
  [
    'a core without a package, on an engine that there is not, for a device that there is not',
    `${BASE}[cores]\nallowedHashes = ["${KEY}"]\n[[core]]\nengine = "v9"\nsignal = "eeg"\ndevice = "x"`,
    [
      'gateway.toml, line 5: core[0].package: missing: a .mcore file',
      'gateway.toml, line 6: core[0].engine: expected one of "v8", "wasmtime", got "v9"',
      'gateway.toml, line 7: core[0].signal: expected one of "ecg", "ppg", got "eeg"',
      'gateway.toml, line 8: core[0].device: no [[device]] has the name "x"',
    ],
  ],
  [
    'keys that are none, or there twice',
    `${BASE}[cores]\ntrustedKeys = ["ab"]\nallowedHashes = ["${KEY}", "${KEY}"]`,
    [
      'gateway.toml, line 4: cores.trustedKeys: expected a list of at most 256, each 64 hexadecimal digits and there once, got ["ab"]',
      `gateway.toml, line 5: cores.allowedHashes: expected a list of at most 256, each 64 hexadecimal digits and there once, got ["${'ab'.repeat(29)}...`,
    ],
  ],
  [
    'a misspelt section',
    `${BASE}[platfrom]\nurl = "https://platform.example"`,
    ['gateway.toml, line 3: platfrom: unknown key; did you mean "platform"?'],
  ],
  [
    'a key that is like none',
    `${BASE}[log]\ncolour = "red"`,
    ['gateway.toml, line 4: log.colour: unknown key; known are level'],
  ],
  ['text that is no TOML', `${BASE}[log\nlevel = "info"`, ['gateway.toml, line 3: this is no TOML: ']],
  [
    'an address that others reach',
    `${BASE}[http]\nlisten = "0.0.0.0:9464"`,
    [
      'gateway.toml, line 4: http.listen: "0.0.0.0:9464" can be reached from other machines; say allowRemote = true if that is wanted',
    ],
  ],
  [
    'a port that is none',
    `${BASE}[http]\nlisten = "127.0.0.1:99999"`,
    ['gateway.toml, line 4: http.listen: expected an address and a port like "127.0.0.1:9464", got "127.0.0.1:99999"'],
  ],
  [
    'a platform without a key',
    `${BASE}[platform]\nurl = "https://platform.example"`,
    ['gateway.toml, line 3: platform.publicKey: missing: the key that its receipts are signed with'],
  ],
  [
    'a platform in clear text',
    `${BASE}[platform]\nurl = "http://platform.example"\npublicKey = "${KEY}"`,
    ['gateway.toml, line 4: platform.url: expected https:// for another machine, got "http://platform.example"'],
  ],
  [
    'a key that is none',
    `${BASE}[[device]]\nkey = "abcd"`,
    ['gateway.toml, line 4: device[0].key: expected a public key of 64 hexadecimal digits, got "abcd"'],
  ],
  [
    'one device twice',
    `${BASE}[[device]]\nkey = "${KEY}"\n[[device]]\nkey = "${KEY.toUpperCase()}"`,
    [`gateway.toml, line 6: device[1].key: "${KEY}" stands here twice`],
  ],
  [
    'a device on the air without an address',
    `${BASE}[[device]]\nkey = "${KEY}"\nbearer = "ble"`,
    ['gateway.toml, line 3: device[0].address: missing: a device with bearer "ble" is found by its address'],
  ],
  [
    'a bearer that there is not',
    `${BASE}[[device]]\nkey = "${KEY}"\nbearer = "usb"`,
    ['gateway.toml, line 5: device[0].bearer: expected one of "serial", "ble", "any", got "usb"'],
  ],
  [
    'a port with path and match',
    `${BASE}[[serial]]\npath = "/dev/ttyACM0"\nmatch = "chest"`,
    ['gateway.toml, line 5: serial[0].match: expected either path or match, and one of them'],
  ],
  [
    'a zone where nobody lives',
    `${BASE}[[clinic]]\naddress = "C0:FF:EE:00:00:01"\nkinds = ["glucose"]\nsetTimeUtcOffsetMinutes = 900`,
    ['gateway.toml, line 6: clinic[0].setTimeUtcOffsetMinutes: expected a whole number -720..840, got 900'],
  ],
  [
    'dtr without rts',
    `${BASE}[[serial]]\npath = "/dev/ttyACM0"\ndtr = false`,
    ['gateway.toml, line 5: serial[0].dtr: expected dtr and rts together: drivers set both in one call'],
  ],
  [
    'a kind that there is not',
    `${BASE}[[clinic]]\naddress = "C0:FF:EE:00:00:01"\nkinds = ["pulse"]`,
    [
      'gateway.toml, line 5: clinic[0].kinds: expected a list of "heart-rate", "blood-pressure", "pulse-oximeter", "glucose", ' +
        '"thermometer", "weight-scale", "body-composition", each at most once, got ["pulse"]',
    ],
  ],
  [
    'one address twice, with bluetooth switched off',
    `${BASE}[bluetooth]\nenabled = false\n[[clinic]]\naddress = "C0:FF:EE:00:00:01"\nkinds = ["glucose"]\n[[device]]\nkey = "${KEY}"\naddress = "c0:ff:ee:00:00:01"`,
    [
      'gateway.toml, line 6: clinic[0].address: C0:FF:EE:00:00:01 stands here twice',
      'gateway.toml, line 6: clinic[0].address: is on the air, and bluetooth.enabled is false',
      'gateway.toml, line 10: device[0].address: is on the air, and bluetooth.enabled is false',
    ],
  ],
  [
    'a table where a value belongs',
    `${BASE}[log.level]\nx = 1`,
    ['gateway.toml, line 3: log.level: expected one of "debug", "info", "warn", "error", got {"x":1}'],
  ],
  ['a value where a table belongs', `http = 5\n${BASE}`, ['gateway.toml, line 1: http: expected a table, got 5']],
  [
    'one table where there may be many',
    `${BASE}[serial]\npath = "/dev/ttyACM0"`,
    ['gateway.toml, line 3: serial: expected tables under [[serial]], got {"path":"/dev/ttyACM0"}'],
  ],
  [
    'many mistakes at once, in the order of the file',
    '[gateway]\ndata = 5\nnam = "x"\n[http]\nlisten = true\n[[serial]]\nbaudRate = 1\n[log]\nlevel = "loud"',
    [
      'gateway.toml, line 2: gateway.data: expected the path of a folder, got 5',
      'gateway.toml, line 3: gateway.nam: unknown key; did you mean "name"?',
      'gateway.toml, line 5: http.listen: expected an address and a port like "127.0.0.1:9464", got true',
      'gateway.toml, line 6: serial[0].path: expected either path or match, and one of them',
      'gateway.toml, line 7: serial[0].baudRate: expected a whole number 300..4000000, got 1',
      'gateway.toml, line 9: log.level: expected one of "debug", "info", "warn", "error", got "loud"',
    ],
  ],
];

describe('a configuration with', () => {
  for (const [name, text, expected] of WRONG) {
    it(`${name} is refused, with its line`, () => {
      const said = mistakesOf(text);
      // What the parser says of text that is no TOML is its own.
      if (expected[0]!.endsWith(': ')) expect(said[0]!.startsWith(expected[0]!)).toBe(true);
      else expect(said).toEqual(expected);
    });
  }

  it('too many entries names how many are possible', () => {
    const ports = Array.from({ length: 4_097 }, (_, index) => `[[serial]]\npath = "/dev/tty${index}"\n`).join('');
    expect(mistakesOf(BASE + ports)).toEqual(['gateway.toml, line 3: serial: 4097 of them, at most 4096 are possible']);
  });
});

describe('a configuration', () => {
  it('of one line has a default for everything else', () => {
    expect(readGatewayConfig(BASE, 'gateway.toml')).toEqual({
      name: null,
      dataFolder: 'data',
      http: { host: '127.0.0.1', port: 9464 },
      platform: null,
      store: { retentionDays: null, bytesMax: null },
      bluetooth: { isEnabled: true, adapter: null },
      serial: [],
      devices: [],
      clinic: [],
      cores: { trustedKeys: [], allowedHashes: [], python: null, packages: [] },
      logLevel: 'info',
    });
  });

  it('may listen to other machines when it says so, and on IPv6', () => {
    const remote = `${BASE}[http]\nlisten = "0.0.0.0:80"\nallowRemote = true`;
    expect(readGatewayConfig(remote, 'x').http).toEqual({ host: '0.0.0.0', port: 80 });
    expect(readGatewayConfig(`${BASE}[http]\nlisten = "[::1]:80"`, 'x').http).toEqual({ host: '::1', port: 80 });
  });

  it('takes every kind of standard device, and the zone of its clock', () => {
    const kinds = CLINIC_KINDS.map(({ name }) => name);
    const toml = (more: string) =>
      `${BASE}[[clinic]]\naddress = "c0:ff:ee:00:00:01"\nkinds = ${JSON.stringify(kinds)}\n${more}`;
    const [plain] = readGatewayConfig(toml(''), 'x').clinic;
    expect(plain).toMatchObject({ address: 'C0:FF:EE:00:00:01', kinds, setTimeUtcOffsetMinutes: null });
    const [set] = readGatewayConfig(toml('setTimeUtcOffsetMinutes = -210'), 'x').clinic;
    expect(set).toMatchObject({ setTimeUtcOffsetMinutes: -210 });
  });

  it('finds its data folder beside itself', () => {
    const path = join(folder, 'beside.toml');
    writeFileSync(path, BASE);
    expect(loadGatewayConfig(path).dataFolder).toBe(join(folder, 'data'));
  });

  it('finds packages of cores beside itself, and their device by its name', () => {
    const path = join(folder, 'cores.toml');
    const device = `[[device]]\nkey = "${KEY}"\nname = "one"\n`;
    const cores = `[cores]\nallowedHashes = ["${KEY.toUpperCase()}"]\n[[core]]\npackage = "a.mcore"\ndevice = "one"\n`;
    writeFileSync(path, `${BASE}${device}${cores}`);
    const config = loadGatewayConfig(path);
    expect(config.cores).toEqual({
      ...{ trustedKeys: [], allowedHashes: [new Uint8Array(32).fill(0xab)], python: null },
      packages: [{ path: join(folder, 'a.mcore'), engine: 'v8', device: config.devices[0]!.publicKey, signal: null }],
    });
  });

  it('that is not there, or far too long, is told so', () => {
    expect(() => loadGatewayConfig(join(folder, 'none.toml'))).toThrow(
      expect.objectContaining({ code: 'input-missing' }),
    );
    const long = join(folder, 'long.toml');
    writeFileSync(long, `#${'x'.repeat(1024 * 1024)}`);
    expect(() => loadGatewayConfig(long)).toThrow(expect.objectContaining({ code: 'input-format' }));
  });

  it('is refused or read, whatever the text, and never anything else', () => {
    const lines = fc.constantFrom(
      '[gateway]',
      'data = "d"',
      '[[serial]]',
      'path = "/dev/x"',
      '[http]',
      'listen = 5',
      '__proto__ = 1',
      'a.b = 2',
      "x = '''",
      '[[device]]',
      'key = 1979-05-27',
      '# x',
      'constructor = 1',
      '[toString]',
      '[[clinic]]',
      'kinds = [1, "glucose"]',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(lines, fc.string()), { maxLength: 12 }), (parts) => {
        for (const line of mistakesOf(parts.join('\n'))) expect(line).toMatch(/^gateway\.toml(, line \d+)?: /);
      }),
    );
  });
});

describe('the example that comes with it', () => {
  const path = fileURLToPath(new URL('../deploy/gateway.toml', import.meta.url));

  it('is right, and says what it would do', () => {
    const config = loadGatewayConfig(path);
    expect(config).toMatchObject({ dataFolder: '/var/lib/maibo-gateway', logLevel: 'info' });
    expect([config.serial.length, config.devices.length, config.clinic.length]).toEqual([2, 2, 2]);
    expect(describeGatewayConfig(config)).toEqual(
      expect.arrayContaining([
        'device     chest-17, key 9d61b19d, by any',
        'clinic     cuff-1, blood-pressure, bonded, its clock is set to UTC + 480 min',
        'clinic     strap-1, heart-rate',
        'cores      1 key(s) of makers, 1 hash(es) of modules',
        'core       /etc/maibo/maker-beats.mcore on v8, for ecg of chest-17',
      ]),
    );
  });

  it('shows every key that there is', () => {
    const text = readFileSync(path, 'utf8');
    const keys = [
      'data',
      'name',
      'listen',
      'allowRemote',
      'url',
      'publicKey',
      'retentionDays',
      'maxBytes',
      'enabled',
      'adapter',
    ];
    const wired = ['path', 'match', 'baudRate', 'dtr', 'rts'];
    const more = ['key', 'bearer', 'address', 'kinds', 'needsBond', 'setTimeUtcOffsetMinutes', 'level'];
    const cores = ['trustedKeys', 'allowedHashes', 'python', 'package', 'engine', 'signal', 'device'];
    for (const key of [...keys, ...wired, ...more, ...cores]) expect(text).toMatch(new RegExp(`^${key} = `, 'm'));
  });
});
