import type { AddressInfo } from 'node:net';
import {
  SMTPServer,
  type SMTPServerDataStream,
  type SMTPServerEnvelope,
  type SMTPServerOptions,
  type SMTPServerSession,
} from 'smtp-server';
import { ReceivedMail } from './received-mail';

/** A reply that refuses, `drop` to hang up, null to go on. */
export type SmtpReply = { code: number; message: string } | 'drop' | null;

/** A mail server that keeps what it is given and answers as a test wants. */
export class SmtpStandIn {
  readonly mails: ReceivedMail[] = [];
  connections = 0;
  /** Messages read to their end, kept or not. */
  received = 0;
  recipients = 0;
  /** What its clients wrote, line by line, without their mails. */
  readonly commands: string[] = [];
  onRecipient: (count: number) => SmtpReply = () => null;
  onData: (count: number) => SmtpReply = () => null;
  private readonly server: SMTPServer;

  private constructor(options: SMTPServerOptions) {
    this.server = new SMTPServer({
      ...options,
      logger: commandsLogger(this.commands),
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onConnect: (_session, done) => {
        this.connections += 1;
        done();
      },
      onRcptTo: (_address, session, done) =>
        this.reply(this.onRecipient((this.recipients += 1)), session, done),
      onData: (stream, session, done) => this.read(stream, session, done),
    });
    this.server.on('error', () => undefined);
  }

  static async start(options: SMTPServerOptions = {}): Promise<SmtpStandIn> {
    const standIn = new SmtpStandIn(options);
    await new Promise<void>((resolve) => standIn.server.listen(0, '127.0.0.1', () => resolve()));
    return standIn;
  }

  /** The environment of a service that sends through it. */
  get env(): NodeJS.ProcessEnv {
    const { port } = this.server.server.address() as AddressInfo;
    return {
      EMAIL_PROVIDER: 'smtp',
      SMTP_URL: `smtp://127.0.0.1:${port}`,
      SMTP_FROM: 'Tearoff, Inc. <coupons@tearoff.example>',
    };
  }

  forget(): void {
    this.mails.length = 0;
    this.commands.length = 0;
    this.connections = this.received = this.recipients = 0;
    this.onRecipient = this.onData = () => null;
  }

  async stop(): Promise<void> {
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private read(
    stream: SMTPServerDataStream,
    session: SMTPServerSession,
    done: (error?: Error | null) => void,
  ): void {
    const parts: Buffer[] = [];
    stream.on('data', (part: Buffer) => parts.push(part));
    stream.on('end', () => {
      this.received += 1;
      const { mailFrom, rcptTo, smtpUtf8 } = session.envelope as SMTPServerEnvelope & { smtpUtf8: boolean };
      const reply = this.onData(this.received);
      if (!reply) {
        const to = rcptTo.map(({ address }) => address);
        const from = mailFrom ? mailFrom.address : '';
        this.mails.push(new ReceivedMail(from, to, Buffer.concat(parts), smtpUtf8));
      }
      this.reply(reply, session, done);
    });
  }

  private reply(reply: SmtpReply, session: SMTPServerSession, done: (error?: Error | null) => void): void {
    if (reply === 'drop') return this.hangUp(session);
    done(reply && Object.assign(new Error(reply.message), { responseCode: reply.code }));
  }

  private hangUp(session: SMTPServerSession): void {
    for (const connection of this.server.connections)
      if (connection.session.id === session.id) connection._socket.destroy();
  }
}

/** A logger that keeps the lines which clients write, and nothing else. */
function commandsLogger(commands: string[]): SMTPServerOptions['logger'] {
  const nothing = (): void => undefined;
  const debug = (_entry: object, message: string, line: string): void => {
    if (message === 'C:') commands.push(line);
  };
  const others = { level: nothing, trace: nothing, info: nothing, warn: nothing, error: nothing };
  return { ...others, debug, fatal: nothing };
}
