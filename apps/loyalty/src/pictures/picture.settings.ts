import { portsOf } from '@tearoff/service-kit';
import type { Environment } from '../env';

/** How pictures are fetched from where faces say they are. */
export class PictureSettings {
  constructor(
    /** Also from addresses inside one's own network. */
    readonly allowPrivate: boolean,
    /** That may be asked besides 80 and 443. */
    readonly ports: readonly number[],
    /** For one picture, redirects included. */
    readonly timeoutMs: number,
    /** How often it is looked for pictures that are due. */
    readonly sweepMs: number,
    /** A picture is looked at again after that. */
    readonly refreshMs: number,
  ) {}

  static fromEnv(env: Environment): PictureSettings {
    return new PictureSettings(
      env.PICTURE_ALLOW_PRIVATE,
      portsOf(env.PICTURE_PORTS),
      env.PICTURE_TIMEOUT_MS,
      env.PICTURE_SWEEP_MS,
      env.PICTURE_REFRESH_SECONDS * 1_000,
    );
  }
}
