import { createTestDatabase, testServerUrl, type TestDatabase } from '@tearoff/testing';
import { Client } from 'pg';
import { startCluster, startStandalone, type Deployment } from './deployment/deployment';
import type { ProcessReport } from './deployment/service-process';
import { settle } from './deployment/settle';
import { Disk } from './disk';
import { meter } from './deployment/process-usage';
import { loop, loopWorker, type LoopOrder } from './limits/statement-loop';
import { load, loadWorker, type LoadOrder } from './load/load';
import type { Options } from './options';
import { StandIn } from './stand-ins/stand-in';
import type { Worker } from './workers/worker';

/** What the figures share: servers, deployments and workers, begun when first asked for and ended by `close`. */
export class Bench {
  readonly reports: ProcessReport[] = [];
  private readonly shared = new Map<string, unknown>();
  private readonly closing: (() => Promise<unknown>)[] = [];
  private running?: { deployment: Deployment; database: TestDatabase; settings: string };

  private readonly disk: Disk;

  constructor(readonly options: Options) {
    this.disk = new Disk(options.diskRestMs);
  }

  tell(line: string): void {
    process.stderr.write(`${line}\n`);
  }

  readonly smtpSink = (): Promise<StandIn> => this.once('smtp', () => this.standIn('smtp-sink'));
  readonly smsProvider = (): Promise<StandIn> => this.once('sms', () => this.standIn('sms-provider'));

  /** `more`: settings besides the usual ones, for a deployment with its own database. */
  standalone(more: Record<string, string> = {}): Promise<Deployment> {
    return this.deployment('standalone', startStandalone, more);
  }

  cluster(): Promise<Deployment> {
    return this.deployment('cluster', startCluster, {});
  }

  /** Nothing of Tearoff running but what the figure starts itself. */
  async idle(): Promise<void> {
    await this.endDeployment();
  }

  /** A database that nothing runs on, for a limit; the same one for the same name. */
  database(name: string): Promise<TestDatabase> {
    return this.once(name, async () => {
      const database = await createTestDatabase();
      this.closing.push(database.drop);
      return database;
    });
  }

  /** Waits until what earlier runs set off is done, and starts the next from an even place. */
  async calm(deployment?: Deployment): Promise<void> {
    if (deployment) await settle(deployment);
    await this.onServer((client) => this.disk.settle(client));
  }

  /** HTTP load, once the deployment is calm; says what an answer cost each of its processes. */
  async hit(deployment: Deployment, order: LoadOrder): Promise<Awaited<ReturnType<typeof load>>> {
    await this.calm(deployment);
    const worker = this.once('load', () => this.worker(loadWorker()));
    const processes = [...deployment.processes, { name: 'load', pid: worker.pid }];
    const costs = meter(processes);
    const result = await load(worker, order);
    this.tell(costs(result.answered));
    return result;
  }

  /** Starts counting processor time; call the result for the words on what each of `count` things took. */
  async meter(deployment: Deployment): Promise<(count: number) => string> {
    const backends = await this.onServer(
      (client) =>
        client.query<{ pid: number }>(
          `select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
        ),
      deployment.databaseUrl,
    );
    const database = backends.rows.map(({ pid }) => ({ name: 'database', pid }));
    return meter([...deployment.processes, ...database]);
  }

  /** The bare loop, once the deployment is calm. */
  async loop(
    deployment: Deployment,
    order: Omit<LoopOrder, 'connections'> & { connections?: number },
  ): Promise<Awaited<ReturnType<typeof loop>>> {
    await this.calm(deployment);
    return loop(
      this.once('loop', () => this.worker(loopWorker())),
      { connections: this.options.loopConnections, ...order },
    );
  }

  async onServer<T>(work: (client: Client) => Promise<T>, url = testServerUrl()): Promise<T> {
    const client = new Client({ connectionString: url });
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  }

  /** A worker that ends with the benchmark. */
  worker(worker: Worker): Worker {
    this.closing.push(() => worker.stop());
    return worker;
  }

  async close(): Promise<void> {
    await this.endDeployment();
    for (const close of this.closing.splice(0).reverse())
      await close().catch((error: unknown) => this.tell(`  closing: ${String(error)}`));
  }

  /** One at a time: an idle service still takes memory and some turns of the processor. */
  private async deployment(
    kind: Deployment['kind'],
    start: typeof startStandalone,
    more: Record<string, string>,
  ): Promise<Deployment> {
    const settings = JSON.stringify({ kind, more });
    if (this.running?.settings === settings) return this.running.deployment;
    await this.endDeployment();
    const [smtp, sms] = await Promise.all([this.smtpSink(), this.smsProvider()]);
    const database = await createTestDatabase();
    const { profile, servicePool: pool } = this.options;
    try {
      const ports = { smtpPort: smtp.port, smsPort: sms.port };
      const deployment = await start({ database, ...ports, pool, profile, more });
      this.running = { deployment, database, settings };
      return deployment;
    } catch (error) {
      await database.drop();
      throw error;
    }
  }

  private async endDeployment(): Promise<void> {
    if (!this.running) return;
    const { deployment, database } = this.running;
    this.running = undefined;
    this.reports.push(...deployment.reports());
    await deployment.stop();
    await database.drop();
  }

  private async standIn(kind: 'smtp-sink' | 'sms-provider'): Promise<StandIn> {
    const standIn = await StandIn.start(kind);
    this.closing.push(() => standIn.stop());
    return standIn;
  }

  private once<T>(name: string, begin: () => T): T {
    if (!this.shared.has(name)) this.shared.set(name, begin());
    return this.shared.get(name) as T;
  }
}
