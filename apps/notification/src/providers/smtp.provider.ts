import SmtpPool from 'nodemailer/lib/smtp-pool';
import { barcodePng } from '../rendering/barcode';
import type { UnsubscribeLinks } from '../unsubscribe/unsubscribe-links';
import { mailboxOf, senderOf, type Sender } from './mailbox';
import { writeMail } from './mime.writer';
import { oneClickHeaders } from './one-click';
import { ReadyMail } from './ready-mail';
import { isBounce } from './smtp.bounces';
import {
  PermanentFailure,
  TemporaryFailure,
  UnknownOutcome,
  type OutgoingMessage,
  type Provider,
} from './provider';

export interface SmtpOptions {
  /** `smtp://user:password@host:port`, `smtps://…`. */
  url: string;
  /** `Name <address>`. */
  from: string;
  timeoutMs: number;
  links: UnsubscribeLinks;
}

interface SmtpError extends Error {
  code?: string;
  responseCode?: number;
  response?: string;
  command?: string;
  permanent?: boolean;
}

const connections = 5;
/** Replies that say something of our credentials, not of the message: the operator's to mend. */
const aboutCredentials = [530, 534, 535, 538];
/** SMTP has no code for it; 4.7.x is also said of a single mail that is greylisted. */
const tooMuch = /throttl|sending rate|rate limit|too many (messages|connections)/i;

/** E-mail through nodemailer's pool of SMTP connections. */
export class SmtpProvider implements Provider {
  readonly name = 'smtp';
  readonly idempotent = false;
  // Twice the connections, so that none waits for its next mail.
  readonly concurrency = connections * 2;
  // Not twice: one connection stays free.
  readonly listConcurrency = connections - 1;
  private readonly pool: SmtpPool;
  private readonly sender: Sender;

  constructor(private readonly options: SmtpOptions) {
    const sender = senderOf(options.from);
    if (!sender) throw new Error('the sender of e-mails is no address');
    this.sender = sender;
    this.pool = new SmtpPool({
      url: options.url,
      maxConnections: connections,
      maxMessages: 1_000,
      connectionTimeout: options.timeoutMs,
      greetingTimeout: options.timeoutMs,
      socketTimeout: options.timeoutMs,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  }

  async send(message: OutgoingMessage): Promise<{ providerMessageId: string }> {
    const { sender } = this;
    const to = mailboxOf(message.to);
    if (!to) throw new PermanentFailure('smtp: not sent: this address cannot be written in a mail');
    const messageId = `${message.deliveryId}@${sender.mailbox.domain}`;
    const mail = new ReadyMail(
      this.pool,
      { from: sender.mailbox, to },
      messageId,
      writeMail({
        from: sender,
        to,
        subject: message.subject ?? '',
        text: message.text,
        html: message.html ?? '',
        ...(message.barcode && { barcode: await barcodePng(message.barcode) }),
        messageId,
        date: new Date(),
        headers: oneClickHeaders(message, this.options.links),
      }),
    );
    return new Promise((resolve, reject) => {
      this.pool.send(mail.forPool, (error) => {
        if (error) reject(mail.refusal ?? failureOf(error, mail.handedOver));
        else resolve({ providerMessageId: messageId });
      });
    });
  }

  close(): Promise<void> {
    return Promise.resolve(this.pool.close());
  }
}

function failureOf(error: SmtpError, handedOver: boolean): Error {
  const words = `smtp: ${error.response ?? error.message}`;
  const aboutMessage = error.code === 'EENVELOPE' || error.code === 'EMESSAGE';
  if (error.responseCode === undefined) {
    if (aboutMessage) return new PermanentFailure(words);
    return handedOver ? new UnknownOutcome(words) : new TemporaryFailure(words);
  }
  return aboutMessage && error.permanent && !aboutCredentials.includes(error.responseCode)
    ? new PermanentFailure(
        words,
        error.command?.startsWith('RCPT') && isBounce(error.responseCode, error.response ?? ''),
      )
    : new TemporaryFailure(words, 0, tooMuch.test(words));
}
