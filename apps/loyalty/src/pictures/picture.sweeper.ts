import { createHash } from 'node:crypto';
import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { PictureClaims, type ClaimedPicture } from './picture.claims';
import { PictureEraser } from './picture.eraser';
import { PictureFault } from './picture.fault';
import { PictureFetcher, type Fetched } from './picture.fetcher';
import { made } from './picture.maker';
import { PictureSettings } from './picture.settings';
import type { PictureFiles, PictureShape } from './picture.shapes';
import { PicturesService } from './pictures.service';

const atOnce = 8;
/** Beyond the time of a fetch: anyone who has a picture for longer was killed. */
const leaseMs = 60_000;
const firstRetryMs = 60_000;
const eraseEveryMs = 3_600_000;
/** By then a transaction has committed nearly always; the sweep finds what is later. */
const soonMs = 100;

/** Fetches pictures that are due, in every process of the service, far from anyone who makes a pass. */
@Injectable()
export class PictureSweeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(PictureSweeper.name);
  private readonly stop = new AbortController();
  private readonly running = new Map<ClaimedPicture, Promise<void>>();
  private claiming: Promise<void> | undefined;
  private lookAgain = false;
  /** Pictures are made one at a time. */
  private making: Promise<unknown> = Promise.resolve();
  private timer?: NodeJS.Timeout;
  private soon?: NodeJS.Timeout;
  private eraseAfter = 0;

  constructor(
    private readonly pictures: PicturesService,
    private readonly claims: PictureClaims,
    private readonly eraser: PictureEraser,
    private readonly fetcher: PictureFetcher,
    private readonly settings: PictureSettings,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.look(), this.settings.sweepMs).unref();
    this.pictures.whenAdded(() => this.lookSoon());
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    clearTimeout(this.soon);
    this.stop.abort();
    await this.claiming;
    await Promise.all(this.running.values());
  }

  /** Before phones come for a face that was changed: they would be given drawn pictures in between. */
  private lookSoon(): void {
    this.soon ??= setTimeout(() => {
      this.soon = undefined;
      this.look();
    }, soonMs).unref();
  }

  private look(): void {
    if (this.stop.signal.aborted) return;
    this.lookAgain = this.claiming !== undefined;
    this.claiming ??= this.claim()
      .catch((error: unknown) => this.logger.warn(`pictures wait: ${String(error)}`))
      .finally(() => {
        this.claiming = undefined;
        if (this.lookAgain) this.look();
      });
  }

  private async claim(): Promise<void> {
    const busy = [...this.running.keys()].map(({ accountId }) => accountId);
    const free = atOnce - this.running.size;
    const claimed = free > 0 ? await this.claims.claim(free, busy, this.settings.timeoutMs + leaseMs) : [];
    for (const picture of claimed) this.run(picture);
    if (Date.now() < this.eraseAfter) return;
    this.eraseAfter = Date.now() + eraseEveryMs;
    await this.eraser.erase();
  }

  private run(picture: ClaimedPicture): void {
    const work = this.see(picture)
      .catch((error: unknown) => this.logger.error(`a picture was not settled: ${String(error)}`))
      .finally(() => {
        this.running.delete(picture);
        this.look();
      });
    this.running.set(picture, work);
  }

  private async see(picture: ClaimedPicture): Promise<void> {
    const { refreshMs } = this.settings;
    try {
      const fetched = await this.fetcher.fetch(picture.url, picture, this.stop.signal);
      const digest = fetched && digestOf(fetched);
      if (!fetched || digest === null || digest === picture.digest)
        return await this.claims.settle(picture, { fault: null, attempts: 0, dueInMs: spread(refreshMs) });
      const files = await this.make(picture.shape, fetched.body);
      await this.claims.replace(picture, { ...fetched, digest, files }, spread(refreshMs));
    } catch (error) {
      if (this.stop.signal.aborted) return this.claims.release(picture);
      if (!(error instanceof PictureFault)) throw error;
      await this.fail(picture, error.message);
    }
  }

  private async fail(picture: ClaimedPicture, fault: string): Promise<void> {
    const { accountId, url, digest } = picture;
    const instead = digest === null ? 'a drawn one stands in' : 'the one of before stays';
    this.logger.warn(`the picture ${publicPart(url)} of ${accountId} is not used, ${instead}: ${fault}`);
    const attempts = picture.attempts + 1;
    const wait = Math.min(firstRetryMs * 4 ** Math.min(picture.attempts, 10), this.settings.refreshMs);
    await this.claims.settle(picture, { fault, attempts, dueInMs: spread(wait) });
  }

  private make(shape: PictureShape, original: Buffer): Promise<PictureFiles> {
    const result = this.making.then(() => made(shape, original));
    this.making = result.catch(() => undefined);
    return result;
  }
}

const digestOf = ({ body }: NonNullable<Fetched>): string =>
  createHash('sha256').update(body).digest('base64url');

/** By a tenth, so that what was saved together does not come back together. */
const spread = (ms: number): number => Math.round(ms * (0.9 + Math.random() / 10));

/** Without what may be a key to it: the query, a user name and password. */
const publicPart = (url: string): string => url.split(/[?#]/)[0].replace(/\/\/[^/]*@/, '//');
