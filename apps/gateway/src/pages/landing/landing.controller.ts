import { join } from 'node:path';
import { Controller, Get, Header, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { curl } from '../html/curl';
import { asset, page } from '../html/document';
import { html } from '../html/html';
import { PUBLIC_URL, SOURCE_URL } from '../pages.tokens';
import { ownSource } from './source.controller';

const style = asset(join(__dirname, '../sandbox/sandbox.css'));

const links = [
  ['/docs', 'API documentation', 'Every route, with examples to try.'],
  ['/sandbox', 'Sandbox inbox', 'Text messages and e-mails, while no real provider is set.'],
  ['/health/ready', 'Health', 'Whether this system can take requests right now.'],
  ['/openapi.json', 'OpenAPI', 'For code generators and API clients.'],
  ['/asyncapi.json', 'AsyncAPI', 'The events and commands between the services.'],
] as const;

const sourceAbout = 'Free software under the AGPL-3.0: this very version, to read, change and share.';

const firstCampaign = { name: 'Free coffee', content: { title: 'One coffee on us' } };

/** What someone sees who opens the system's address in a browser. */
@Controller()
export class LandingController {
  private readonly links: (readonly [href: string, name: string, about: string])[];

  constructor(
    @Inject(PUBLIC_URL) private readonly publicUrl: string,
    @Inject(SOURCE_URL) sourceUrl: string | null,
  ) {
    const source = sourceUrl ?? ownSource();
    this.links = source ? [...links, [source, 'Source code', sourceAbout]] : [...links];
  }

  @Get('/')
  show(@Res() reply: FastifyReply): void {
    const { html: text, headers } = page({
      lang: 'en',
      title: 'Tearoff',
      styles: [style],
      body: html`<header>
          <h1>Tearoff</h1>
          <p>
            Issues coupons that can be used exactly once, gets each of them to one person, and lets a till
            spend it in real time.
          </p>
        </header>
        <main>
          <ul class="links">
            ${this.links.map(
              ([href, name, about]) =>
                html`<li>
                  <a href="${href}"><strong>${name}</strong><span>${about}</span></a>
                </li>`,
            )}
          </ul>
          <section class="empty">
            <h2>A first call</h2>
            <pre tabindex="0"><code>${curl(`${this.publicUrl}/v1/campaigns`, firstCampaign)}</code></pre>
          </section>
        </main>`,
    });
    void reply.headers(headers).send(text);
  }

  @Get('favicon.svg')
  @Header('content-type', 'image/svg+xml')
  @Header('cache-control', 'public, max-age=86400')
  favicon(): string {
    return (
      '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><path fill="#3b3fd8" ' +
      'd="M7 3h18a3 3 0 0 1 3 3v11H4V6a3 3 0 0 1 3-3zM4 20h24v6a3 3 0 0 1-3 3H7a3 3 0 0 1-3-3z"/></svg>'
    );
  }
}
