import type { ServiceName } from '@tearoff/contracts';

/** Every name on the broker begins with the installation's prefix (`tearoff`). */
export class RabbitNames {
  constructor(private readonly prefix: string) {}
  readonly exchange = (): string => `${this.prefix}.events`;
  readonly queue = (name: string): string => `${this.prefix}.${name}`;
  readonly rpc = (service: ServiceName): string => `${this.prefix}.${service}.rpc`;
  readonly dead = (service: ServiceName): string => `${this.prefix}.${service}.dead`;
  /** Of a queue on the broker, the name that the contracts know. */
  readonly known = (queue: string): string => queue.slice(this.prefix.length + 1);
}
