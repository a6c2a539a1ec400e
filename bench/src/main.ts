import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brokerAvailable } from '@tearoff/testing';
import { Bench } from './bench';
import type { Figure, Row } from './figure';
import { isReached } from './figure';
import { figures } from './figures/figures';
import { readOptions, type Options } from './options';
import { writeDocument } from './report/document';
import { machineLine } from './report/machine';
import { figureTable, processTable } from './report/table';

try {
  const options = readOptions(process.argv.slice(2));
  checkNames(options);
  void run(options);
} catch (error) {
  // What was asked for was not understood: that needs no stack.
  process.stderr.write(`bench: ${(error as Error).message}\n`);
  process.exitCode = 2;
}

async function run(options: Options): Promise<void> {
  const bench = new Bench(options);
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void bench.close().finally(() => process.exit(130)));
  const rows: Row[] = [];
  try {
    for (const figure of chosen(options, bench)) {
      bench.tell(`${figure.name} …`);
      rows.push(...(await figure.run(bench)));
    }
    const machine = await machineLine(bench);
    await bench.close();
    report(options, rows, machine, bench);
    process.exitCode = rows.every(isReached) ? 0 : 1;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    await bench.close();
    process.exitCode = 1;
  }
}

function checkNames({ figures: names }: Options): void {
  const unknown = names.find((name) => !figures.some((figure) => figure.name === name));
  if (unknown)
    throw new Error(`there is no figure ${unknown}, but ${figures.map(({ name }) => name).join(', ')}`);
}

function chosen({ figures: names }: Options, bench: Bench): Figure[] {
  const wanted = figures.filter(({ name, onDemand }) =>
    names.length === 0 ? !onDemand : names.includes(name),
  );
  const missing = wanted.filter(({ needsBroker }) => needsBroker && !brokerAvailable);
  if (missing.length > 0)
    bench.tell(`NOT MEASURED, no RabbitMQ: ${missing.map(({ name }) => name).join(', ')}`);
  return wanted.filter((figure) => !missing.includes(figure));
}

function report(options: Options, rows: readonly Row[], machine: string, bench: Bench): void {
  const parts = [machine, figureTable(rows)];
  if (bench.reports.length > 0) parts.push(processTable(bench.reports));
  const text = parts.join('\n\n');
  process.stdout.write(`\n${text}\n`);
  if (options.json) writeFileSync(options.json, JSON.stringify({ machine, rows, processes: bench.reports }));
  if (options.write && brokerAvailable) writeDocument(join(__dirname, '../../../docs/benchmarks.md'), text);
}
