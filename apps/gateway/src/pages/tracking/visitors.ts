import type { FastifyRequest } from 'fastify';

type Visit = Pick<FastifyRequest, 'method' | 'headers'>;

// Crawlers, link previews, scanners of mail gateways and programs, as they name themselves.
const machine =
  /bot\b|bot\/|crawl|spider|slurp|preview|facebookexternalhit|facebookcatalog|whatsapp|telegram|viber|skype|slack|discord|embedly|pinterest|vkshare|scan|safelinks|barracuda|proofpoint|mimecast|monitor|pingdom|uptime|headless|lighthouse|phantom|puppeteer|playwright|curl\/|wget|python|java\/|jakarta|ruby|perl|php|go-http|node-fetch|undici|axios|okhttp\/|libwww|http-?client/i;

/**
 * Whether a visit looks like a person's. Machines that hide are counted as people: the figure is for judging ads,
 * nothing is decided by it.
 */
export function looksLikeAPerson({ method, headers }: Visit): boolean {
  if (method !== 'GET') return false;
  const ahead = [headers['sec-purpose'], headers.purpose, headers['x-purpose'], headers['x-moz']].join(' ');
  if (/prefetch|prerender|preview/i.test(ahead)) return false;
  const agent = headers['user-agent'] ?? '';
  return agent !== '' && !machine.test(agent);
}
