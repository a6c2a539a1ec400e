import { parseArgs } from 'node:util';

export interface Options {
  /** Names of the figures to run; empty = all. */
  figures: string[];
  /** How long each part of a round lasts. */
  seconds: number;
  /** Limit and ours take turns so often; medians are reported. */
  rounds: number;
  /** Seconds of running in before anything is counted. */
  warmUp: number;
  /** Codes that are generated into a stack. */
  stackSize: number;
  /** Members that are searched. */
  memberCount: number;
  /** Recipients of the list whose memory is measured. */
  listSize: number;
  /** Wallets that are told of a message to their card. */
  deviceCount: number;
  /** Of the bare loop: as many as PostgreSQL can use on a machine of this size; more only wait. */
  loopConnections: number;
  /** Database connections of each service; its own default by default. */
  servicePool?: number;
  /** Milliseconds that are waited at most, before each run, for the disk to be over the one before. */
  diskRestMs: number;
  /** Where to write the rows as JSON as well. */
  json?: string;
  /** Folder for V8 CPU profiles of the measured services. */
  profile?: string;
  /** Whether docs/benchmarks.md is written: when every figure is run at full length. */
  write: boolean;
}

/** `npm run bench -- [figure …] [--seconds 3] [--rounds 5] [--smoke] [--json file] [--profile folder] [--list-size 1000000] [--devices 100000]`. */
export function readOptions(args: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      seconds: { type: 'string', default: '3' },
      rounds: { type: 'string', default: '5' },
      smoke: { type: 'boolean', default: false },
      json: { type: 'string' },
      profile: { type: 'string' },
      'list-size': { type: 'string', default: '1000000' },
      devices: { type: 'string', default: '100000' },
    },
  });
  const listSize = Math.ceil(positive('--list-size', values['list-size']));
  const deviceCount = Math.ceil(positive('--devices', values.devices));
  const { json, profile } = values;
  const common = { listSize, deviceCount, figures: positionals, json, profile };
  // A smoke test runs beside other tests, which need connections too.
  const few = { loopConnections: 8, servicePool: 4 };
  const short = { seconds: 0.3, rounds: 1, warmUp: 0.1, stackSize: 2_000, memberCount: 2_000 };
  // Its disk is never at rest.
  const busy = { diskRestMs: 0, write: false };
  if (values.smoke) return { ...common, ...short, ...few, ...busy };
  const seconds = positive('--seconds', values.seconds);
  const rounds = Math.ceil(positive('--rounds', values.rounds));
  const full = positionals.length === 0 && seconds >= 3 && rounds >= 5 && !profile;
  const large = { stackSize: 1_000_000, memberCount: 1_000_000 };
  return {
    ...common,
    ...large,
    seconds,
    rounds,
    warmUp: 2,
    loopConnections: 32,
    diskRestMs: 60_000,
    write: full,
  };
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`${name} must be a number above 0`);
  return value;
}
