import { join } from 'node:path';
import { issueByMail, queueCopies } from '../data/deliveries';
import { meter } from '../deployment/process-usage';
import type { Figure } from '../figure';
import type { MailOrder } from '../limits/mailer.worker';
import { errorsOf, interleave, medianRate } from '../rounds';
import { steadyRate } from '../stand-ins/stand-in';
import { Worker } from '../workers/worker';

/** What the service's own provider opens. */
const connections = 5;

/** Rendered deliveries that wait in the queue, sent by a notification worker. */
export const email: Figure = {
  name: 'email',
  needsBroker: true,
  async run(bench) {
    const { seconds, rounds, warmUp } = bench.options;
    const deployment = await bench.cluster();
    const sink = await bench.smtpSink();
    const issued = await issueByMail(bench, deployment);
    const mailer = bench.worker(new Worker(join(__dirname, '../limits/mailer.worker')));
    const { subject, text, html } = issued.message;
    const mail = { from: 'Tearoff <coupons@tearoff.example>', subject, text, html };

    const arrivalsOf = async (count: number) => {
      const arrivals = await sink.arrivals(count);
      return { value: steadyRate(arrivals), errors: Math.abs(count - arrivals.length) };
    };
    const limit = async (count: number) => {
      await bench.calm(deployment);
      await sink.reset();
      const order: MailOrder = { port: sink.port, connections, count, mail };
      await mailer.ask('send', order);
      return arrivalsOf(count);
    };
    const ours = async (count: number) => {
      await bench.calm(deployment);
      await sink.reset();
      await queueCopies(bench, deployment, issued, count);
      return arrivalsOf(count);
    };
    await limit(50);
    const { value: rate } = await limit(Math.ceil(200 * warmUp) + 50);
    // The one that was issued goes out now.
    await sink.reset();
    const sender = await deployment.addWorker();
    await arrivalsOf(1);
    await ours(Math.ceil(rate * warmUp) + 50);
    const count = Math.ceil(rate * seconds) + 50;
    const metered = async ({ pid }: { pid: number }, name: string, run: typeof ours) => {
      const costs = meter([{ name, pid }]);
      const result = await run(count);
      bench.tell(costs(count));
      return result;
    };
    const runs = await interleave(
      rounds,
      { limit: () => metered(mailer, 'nodemailer', limit), ours: () => metered(sender, 'worker', ours) },
      (line) => bench.tell(line),
    );
    await mailer.stop();
    return [
      {
        name: 'e-mails sent by one worker to an SMTP sink, 5 connections',
        measured: medianRate(runs.ours),
        unit: '/s',
        limitIs: 'nodemailer composing each mail, 5 connections',
        limit: medianRate(runs.limit),
        reach: { atLeast: 1, aim: 1.5 },
        errors: errorsOf(runs.limit, runs.ours),
      },
    ];
  },
};
