import { Inject, Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { CampaignChanged, CouponRedeemed, CouponVoided, RedemptionReversed } from '@tearoff/contracts';
import { Broadcasts } from '@tearoff/messaging';
import { LIVE_LIMITS, type LiveLimits } from '../pages.tokens';
import type { Face } from './face';
import { FaceReader } from './face.reader';

/** An open page's end of the line. */
export interface Listener {
  tell(text: string): void;
  close(): void;
}

interface Watch {
  readonly token: string;
  readonly couponId: string;
  readonly campaignId: string;
  readonly listeners: Set<Listener>;
  seen: { state: string; version: string };
  timer?: NodeJS.Timeout;
  /** `again`: something happened while it was being read. */
  reading: 'no' | 'yes' | 'again';
}

/**
 * Keeps open coupon pages true. However many pages show one coupon, it is read once: when a broadcast names it,
 * when time changes it, and every few seconds besides, because broadcasts promise nothing.
 */
@Injectable()
export class LiveFaces implements OnModuleInit, OnModuleDestroy {
  private readonly log = new Logger(LiveFaces.name);
  private readonly byToken = new Map<string, Watch>();
  private readonly byCoupon = new Map<string, Watch>();
  private readonly places = new Map<string, number>();
  private readonly unsubscribe: (() => void)[] = [];
  private taken = 0;
  private heard = 0;
  private heartbeat?: NodeJS.Timeout;

  constructor(
    private readonly reader: FaceReader,
    private readonly broadcasts: Broadcasts,
    @Inject(LIVE_LIMITS) private readonly limits: LiveLimits,
  ) {}

  onModuleInit(): void {
    const changed = ({ couponId }: { couponId: string }): void => {
      this.heard++;
      this.check(this.byCoupon.get(couponId));
    };
    this.unsubscribe.push(
      this.broadcasts.on(CouponRedeemed, changed),
      this.broadcasts.on(RedemptionReversed, changed),
      this.broadcasts.on(CouponVoided, changed),
      this.broadcasts.on(CampaignChanged, ({ id }) => {
        this.heard++;
        for (const watch of this.byToken.values()) if (watch.campaignId === id) this.check(watch);
      }),
    );
    this.heartbeat = setInterval(() => this.tellAll(': still here\n\n'), this.limits.heartbeatMs).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.heartbeat);
    for (const stop of this.unsubscribe) stop();
    for (const watch of this.byToken.values()) {
      for (const listener of watch.listeners) listener.close();
      this.forget(watch);
    }
  }

  /** A place for one more open page from that address, or null when there is none. Call it to give it back. */
  takePlace(address: string): (() => void) | null {
    const here = this.places.get(address) ?? 0;
    if (this.taken >= this.limits.total || here >= this.limits.perAddress) return null;
    this.taken++;
    this.places.set(address, here + 1);
    let given = false;
    return () => {
      if (given) return;
      given = true;
      this.taken--;
      const left = this.places.get(address)! - 1;
      if (left > 0) this.places.set(address, left);
      else this.places.delete(address);
    };
  }

  /** How many broadcasts were heard so far: what `join` wants to know from before the face was read. */
  get heardSoFar(): number {
    return this.heard;
  }

  /** Tells the listener the present state, then each change. Call the answer to leave. */
  join(token: string, face: Face, heardBefore: number, listener: Listener): () => void {
    const watch = this.byToken.get(token) ?? this.watch(token, face);
    watch.listeners.add(listener);
    listener.tell(`retry: 3000\n\n${message(face)}`);
    // A change between the reading of this face and now told nobody.
    if (this.heard !== heardBefore || watch.seen.version !== face.version) this.check(watch);
    return () => {
      watch.listeners.delete(listener);
      if (watch.listeners.size === 0) this.forget(watch);
    };
  }

  private watch(token: string, face: Face): Watch {
    const { couponId, campaignId } = face;
    const watch: Watch = { token, couponId, campaignId, listeners: new Set(), seen: face, reading: 'no' };
    this.byToken.set(token, watch);
    this.byCoupon.set(couponId, watch);
    this.schedule(watch, face.changesAt);
    return watch;
  }

  private forget(watch: Watch): void {
    clearTimeout(watch.timer);
    watch.listeners.clear();
    if (this.byToken.get(watch.token) !== watch) return;
    this.byToken.delete(watch.token);
    this.byCoupon.delete(watch.couponId);
  }

  private schedule(watch: Watch, changesAt: Date | null): void {
    clearTimeout(watch.timer);
    // Spread, so that pages opened together (a campaign went out) do not ask together.
    const usual = this.limits.pollMs * (0.8 + Math.random() * 0.4);
    const left = changesAt ? changesAt.getTime() - Date.now() + 5 : Infinity;
    watch.timer = setTimeout(() => this.check(watch), left > 0 ? Math.min(usual, left) : usual).unref();
  }

  private check(watch: Watch | undefined): void {
    if (!watch) return;
    if (watch.reading !== 'no') watch.reading = 'again';
    else void this.read(watch);
  }

  private async read(watch: Watch): Promise<void> {
    watch.reading = 'yes';
    let changesAt: Date | null = null;
    try {
      const face = await this.reader.read(watch.token);
      changesAt = face?.changesAt ?? null;
      const now = face ?? { state: 'gone', version: 'gone', sure: true };
      // A late projection must not flip a spent coupon back while its owner is away.
      const trusted = now.sure || now.state !== 'valid';
      if (trusted && now.version !== watch.seen.version) {
        watch.seen = now;
        for (const listener of watch.listeners) listener.tell(message(now));
      }
    } catch (error) {
      this.log.debug(`an open page could not be checked: ${String(error)}`);
    }
    const again = (watch.reading as string) === 'again';
    watch.reading = 'no';
    if (watch.listeners.size === 0) return;
    this.schedule(watch, changesAt);
    if (again) this.check(watch);
  }

  private tellAll(text: string): void {
    for (const watch of this.byToken.values()) for (const listener of watch.listeners) listener.tell(text);
  }
}

const message = ({ state, version }: { state: string; version: string }): string =>
  `event: state\ndata: ${JSON.stringify({ state, version })}\n\n`;
