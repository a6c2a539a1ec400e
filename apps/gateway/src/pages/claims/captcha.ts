import { Inject, Injectable, Logger } from '@nestjs/common';
import { invalid, unavailable } from '@tearoff/contracts';
import { CLAIM_SETTINGS, type ClaimSettings } from './claim-settings';

const timeoutMs = 5_000;

/** Asks the captcha service (`siteverify`) what it thinks of a visitor's answer. */
@Injectable()
export class Captcha {
  private readonly log = new Logger(Captcha.name);

  constructor(@Inject(CLAIM_SETTINGS) private readonly settings: ClaimSettings) {}

  /** Fails with `claim.captcha_required`, `claim.captcha_wrong`, `claim.captcha_unavailable`: closed, not open. */
  async check(answer: string | undefined, ip: string | null): Promise<void> {
    const { captcha } = this.settings;
    if (!captcha) throw away('no captcha service is set');
    if (!answer) throw invalid('claim.captcha_required', 'This campaign asks for a captcha.');
    const body = new URLSearchParams({
      secret: captcha.secret,
      response: answer,
      ...(ip && { remoteip: ip }),
    });
    let verdict: { success?: unknown };
    try {
      const signal = AbortSignal.timeout(timeoutMs);
      const response = await fetch(captcha.verifyUrl, { method: 'POST', body, signal, redirect: 'error' });
      verdict = (await response.json()) as { success?: unknown };
    } catch (error) {
      this.log.warn(`the captcha service does not answer: ${String(error)}`);
      throw away('the captcha service does not answer');
    }
    if (verdict?.success !== true)
      throw invalid('claim.captcha_wrong', 'The captcha was not solved, or too long ago.');
  }
}

const away = (why: string) =>
  unavailable('claim.captcha_unavailable', `This cannot be checked right now (${why}). Try again.`);
