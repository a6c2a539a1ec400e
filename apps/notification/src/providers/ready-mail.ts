import { Readable } from 'node:stream';
import type SmtpPool from 'nodemailer/lib/smtp-pool';
import type { Mailbox } from './mailbox';
import { PermanentFailure, TemporaryFailure } from './provider';

type PooledMail = Parameters<SmtpPool['send']>[0];

/** What a pool knows of its connections and gives no other way to ask for. A test sends over one of each kind. */
interface PoolInside {
  _connections: {
    queueEntry?: { mail: PooledMail } | false;
    connection?: { _supportedExtensions: string[] };
  }[];
}

/**
 * What the pool wants of a mail, without nodemailer's composing: see `writeMail`. It also says whether the
 * server was given any of it, and is given once: the pool sends a mail again whose connection broke, which
 * is right only as long as nothing of it was handed over.
 */
export class ReadyMail {
  handedOver = false;
  /** Why it was not offered to the server. */
  refusal: PermanentFailure | TemporaryFailure | null = null;
  readonly forPool: PooledMail;

  constructor(
    private readonly pool: SmtpPool,
    private readonly envelope: { from: Mailbox; to: Mailbox },
    id: string,
    private readonly content: Buffer,
  ) {
    this.forPool = {
      data: {},
      message: {
        // Asked for once a connection is there, and again when the mail is moved to another one.
        getEnvelope: () => this.addressed(),
        messageId: () => `<${id}>`,
        getHeader: () => id,
        createReadStream: () => this.open(),
      },
    } as unknown as PooledMail;
  }

  /** To no one where the server cannot take the addresses: the pool gives such a mail back and keeps the connection. */
  private addressed(): { from: string; to: string[] } {
    const { from, to } = this.envelope;
    this.refusal = null;
    if ((from.international || to.international) && !this.serverOffersSmtpUtf8())
      this.refusal = from.international
        ? new TemporaryFailure(`smtp: not sent: the sender ${lacking}`)
        : new PermanentFailure(`smtp: not sent: this address ${lacking}`);
    return { from: from.spelling, to: this.refusal ? [] : [to.spelling] };
  }

  private serverOffersSmtpUtf8(): boolean {
    const { _connections: connections } = this.pool as unknown as PoolInside;
    const own = connections.find(({ queueEntry }) => queueEntry && queueEntry.mail === this.forPool);
    return own?.connection?._supportedExtensions.includes('SMTPUTF8') ?? false;
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

const lacking = 'needs SMTPUTF8 (RFC 6531), which the mail server does not offer';
