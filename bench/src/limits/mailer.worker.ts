import { createTransport } from 'nodemailer';
import { serve } from '../workers/serve';

export interface MailOrder {
  port: number;
  connections: number;
  count: number;
  mail: { from: string; subject: string; text: string; html: string };
}

/** nodemailer as its manual has it: a pool that composes every mail. Resolves when all are sent. */
async function send({ port, connections, count, mail }: MailOrder): Promise<number> {
  const transport = createTransport({
    host: '127.0.0.1',
    port,
    ignoreTLS: true,
    pool: true,
    maxConnections: connections,
    maxMessages: 1_000,
  });
  let next = 0;
  let errors = 0;
  // Twice the connections, so that none waits for its next mail.
  const work = async (): Promise<void> => {
    while (next < count) {
      const to = `person-${next++}@example.com`;
      await transport.sendMail({ ...mail, to }).catch(() => errors++);
    }
  };
  await Promise.all(Array.from({ length: connections * 2 }, work));
  transport.close();
  return errors;
}

serve({ send });
