import { Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { EventDefinition, ItemOf } from '@tearoff/contracts';
import type { Broadcasts } from '@tearoff/messaging';
import type { LiveLimits } from '../pages.tokens';

/** An open page's end of the line. */
export interface Listener {
  tell(text: string): void;
  close(): void;
}

/** What a page shows, as far as keeping it true goes. */
export interface Shown {
  state: string;
  /** Differs whenever the page would. */
  version: string;
  /** When time alone changes it next. */
  changesAt: Date | null;
  /** Names of what it shows: a broadcast about any of them has the page read again. */
  about: readonly string[];
  /** False: read while its owner was away; no open page is changed by it. */
  sure: boolean;
}

interface Watch {
  readonly token: string;
  readonly listeners: Set<Listener>;
  about: readonly string[];
  seen: Pick<Shown, 'state' | 'version'>;
  timer?: NodeJS.Timeout;
  /** `again`: something happened while it was being read. */
  reading: 'no' | 'yes' | 'again';
}

/**
 * Keeps open pages true. However many show one thing, it is read once: when a broadcast names it, when time changes
 * it, and every few seconds besides, because broadcasts promise nothing.
 */
export abstract class LivePages implements OnModuleInit, OnModuleDestroy {
  private readonly log = new Logger(LivePages.name);
  private readonly byToken = new Map<string, Watch>();
  private readonly byName = new Map<string, Set<Watch>>();
  private readonly unsubscribe: (() => void)[] = [];
  private heard = 0;
  private closed = false;
  private heartbeat?: NodeJS.Timeout;

  protected constructor(
    private readonly broadcasts: Broadcasts,
    private readonly limits: LiveLimits,
  ) {}

  /** Null for a token of nothing; rejects while no one can be asked. */
  abstract read(token: string): Promise<Shown | null>;

  /** Calls `hear` for every event that can change a page. */
  protected abstract listen(): void;

  protected hear<E extends EventDefinition>(event: E, nameOf: (item: ItemOf<E>) => string): void {
    const stop = this.broadcasts.on(event, (item) => {
      this.heard++;
      for (const watch of this.byName.get(nameOf(item)) ?? []) this.check(watch);
    });
    this.unsubscribe.push(stop);
  }

  onModuleInit(): void {
    this.listen();
    this.heartbeat = setInterval(() => this.tellAll(': still here\n\n'), this.limits.heartbeatMs).unref();
  }

  onModuleDestroy(): void {
    this.closed = true;
    clearInterval(this.heartbeat);
    for (const stop of this.unsubscribe) stop();
    for (const watch of this.byToken.values()) {
      for (const listener of watch.listeners) listener.close();
      this.forget(watch);
    }
  }

  /** How many broadcasts were heard so far: what `join` wants to know from before the page was read. */
  get heardSoFar(): number {
    return this.heard;
  }

  /** Tells the listener the present state, then each change. Call the answer to leave. */
  join(token: string, shown: Shown, heardBefore: number, listener: Listener): () => void {
    if (this.closed) {
      // Its page was being read when everyone else was sent away.
      listener.close();
      return () => undefined;
    }
    const watch = this.byToken.get(token) ?? this.watch(token, shown);
    watch.listeners.add(listener);
    listener.tell(`retry: 3000\n\n${message(shown)}`);
    // A change between the reading of this page and now told no one.
    if (this.heard !== heardBefore || watch.seen.version !== shown.version) this.check(watch);
    return () => {
      watch.listeners.delete(listener);
      if (watch.listeners.size === 0) this.forget(watch);
    };
  }

  private watch(token: string, shown: Shown): Watch {
    const watch: Watch = { token, about: [], listeners: new Set(), seen: shown, reading: 'no' };
    this.byToken.set(token, watch);
    this.name(watch, shown.about);
    this.schedule(watch, shown.changesAt);
    return watch;
  }

  private name(watch: Watch, about: readonly string[]): void {
    for (const name of watch.about) {
      const watches = this.byName.get(name);
      watches?.delete(watch);
      if (watches?.size === 0) this.byName.delete(name);
    }
    watch.about = about;
    for (const name of about) {
      const watches = this.byName.get(name) ?? new Set();
      this.byName.set(name, watches.add(watch));
    }
  }

  private forget(watch: Watch): void {
    clearTimeout(watch.timer);
    watch.listeners.clear();
    if (this.byToken.get(watch.token) !== watch) return;
    this.byToken.delete(watch.token);
    this.name(watch, []);
  }

  private schedule(watch: Watch, changesAt: Date | null): void {
    clearTimeout(watch.timer);
    // Spread, so that pages opened together (a campaign went out) do not ask together.
    const usual = this.limits.pollMs * (0.8 + Math.random() * 0.4);
    const left = changesAt ? changesAt.getTime() - Date.now() + 5 : Infinity;
    watch.timer = setTimeout(() => this.check(watch), left > 0 ? Math.min(usual, left) : usual).unref();
  }

  private check(watch: Watch): void {
    if (watch.reading !== 'no') watch.reading = 'again';
    else void this.readAgain(watch);
  }

  private async readAgain(watch: Watch): Promise<void> {
    watch.reading = 'yes';
    let changesAt: Date | null = null;
    try {
      const now = (await this.read(watch.token)) ?? gone;
      changesAt = now.changesAt;
      if (now.sure && now.version !== watch.seen.version) {
        watch.seen = now;
        if (watch.listeners.size > 0) this.name(watch, now.about);
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

const gone: Shown = { state: 'gone', version: 'gone', changesAt: null, about: [], sure: true };

const message = ({ state, version }: Pick<Shown, 'state' | 'version'>): string =>
  `event: state\ndata: ${JSON.stringify({ state, version })}\n\n`;
