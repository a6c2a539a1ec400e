import type { DomainError } from '@tearoff/contracts';
import type { FastifyInstance } from 'fastify';
import type { Caller } from '../access/api-keys/caller';
import { scopeFault } from '../access/api-keys/credentials.hook';
import type { Scope } from '../access/api-keys/scopes';
import { facadeOf } from './facades';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Of a façade's route: the routes of the native API that do the same, as `POST /v1/messages`. */
    standsFor?: readonly string[];
    /** Of a façade's route without a native twin: any of these lets a key in. */
    facadeScopes?: readonly Scope[];
  }
  interface FastifyInstance {
    nativeActs: NativeActs;
  }
}

/** What a façade's route says about who may call it; exactly one of the two. */
export interface FacadeAccess {
  standsFor?: readonly string[];
  facadeScopes?: readonly Scope[];
}

/**
 * Who may call a façade's route. The scopes are read from the native routes that it stands for, so that a façade
 * never opens what the native API refuses. A route that names neither an act nor scopes, or an act that does not
 * exist, stops the start.
 */
export class NativeActs {
  private readonly scopes = new Map<string, readonly Scope[]>();
  private readonly facadeRoutes: { name: string; access: FacadeAccess }[] = [];

  constructor(server: FastifyInstance) {
    server.decorate<NativeActs>('nativeActs', this as NativeActs);
    server.addHook('onRoute', ({ method, url, config }) => {
      for (const each of [method].flat()) {
        if (facadeOf(url)) this.facadeRoutes.push({ name: `${each} ${url}`, access: config ?? {} });
        else if (config?.scopes) this.scopes.set(`${each} ${url}`, config.scopes);
      }
    });
    server.addHook('onReady', (done) => {
      for (const { name, access } of this.facadeRoutes) this.check(name, access);
      done();
    });
  }

  /** Every façade route with what it says it stands for. */
  table(): { route: string; standsFor: readonly string[] }[] {
    return this.facadeRoutes.map(({ name, access }) => ({ route: name, standsFor: access.standsFor ?? [] }));
  }

  /** Why this key may not call the route; undefined when it may. */
  fault(caller: Caller, access: FacadeAccess): DomainError | undefined {
    for (const needed of this.needs(access)) {
      const fault = scopeFault(caller, needed);
      if (fault) return fault;
    }
    return undefined;
  }

  private needs({ standsFor, facadeScopes }: FacadeAccess): (readonly Scope[])[] {
    return facadeScopes ? [facadeScopes] : standsFor!.map((act) => this.scopes.get(act)!);
  }

  private check(name: string, { standsFor = [], facadeScopes = [] }: FacadeAccess): void {
    if ((standsFor.length === 0) === (facadeScopes.length === 0))
      throw new Error(`${name} must say which native act it stands for, or which scopes may call it`);
    const missing = standsFor.find((act) => !this.scopes.has(act));
    if (missing) throw new Error(`${name} stands for ${missing}, which is no route of the native API`);
  }
}
