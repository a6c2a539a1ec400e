import { Readable } from 'node:stream';
import SmtpPool from 'nodemailer/lib/smtp-pool';
import { barcodePng } from '../rendering/barcode';
import type { UnsubscribeLinks } from '../unsubscribe/unsubscribe-links';
import { writeMail } from './mime.writer';
import { oneClickHeaders } from './one-click';
import { isBounce } from './smtp.bounces';
import {
  PermanentFailure,
  TemporaryFailure,
  UnknownOutcome,
  type OutgoingMessage,
  type Provider,
} from './provider';
import { domainOf } from './sandbox.provider';

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
  private readonly domain: string;
  private readonly envelopeFrom: string;

  constructor(private readonly options: SmtpOptions) {
    this.domain = domainOf(options.from);
    this.envelopeFrom = /<([^<>]+)>\s*$/.exec(options.from)?.[1] ?? options.from.trim();
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
    const messageId = `${message.deliveryId}@${this.domain}`;
    const mail = new ReadyMail(
      { from: this.envelopeFrom, to: [message.to] },
      messageId,
      writeMail({
        from: this.options.from,
        to: message.to,
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
      this.pool.send(mail.forPool(), (error) => {
        if (error) reject(failureOf(error, mail.handedOver));
        else resolve({ providerMessageId: messageId });
      });
    });
  }

  close(): Promise<void> {
    return Promise.resolve(this.pool.close());
  }
}

/**
 * What the pool wants of a mail, without nodemailer's composing: see `writeMail`. It also tells whether the
 * server was given any of it, and is given once: the pool sends a mail again whose connection broke, which
 * is right only as long as nothing of it was handed over.
 */
class ReadyMail {
  handedOver = false;

  constructor(
    private readonly envelope: { from: string; to: string[] },
    private readonly id: string,
    private readonly content: Buffer,
  ) {}

  forPool(): Parameters<SmtpPool['send']>[0] {
    return {
      data: {},
      message: {
        getEnvelope: () => ({ ...this.envelope }),
        messageId: () => `<${this.id}>`,
        getHeader: () => this.id,
        createReadStream: () => this.open(),
      },
    } as unknown as Parameters<SmtpPool['send']>[0];
  }

  private open(): Readable {
    const { content } = this;
    const begin = (): boolean => {
      if (this.handedOver) return false;
      return (this.handedOver = true);
    };
    return new Readable({
      read() {
        if (!begin()) return void this.destroy(new Error('the connection broke while the message was sent'));
        this.push(content);
        this.push(null);
      },
    });
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
