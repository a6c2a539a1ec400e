interface Documented {
  paths: Record<string, Record<string, { responses: Record<string, DocumentedProblem> }>>;
  components: { responses: Record<string, DocumentedProblem> };
}

interface DocumentedProblem {
  $ref?: string;
  description?: string;
}

interface Problem {
  status: number;
  code: string;
}

// One document for all gateways of a test process: they are all of the same code.
let document: Promise<Documented | null> | null = null;
/** What was found in it before. */
const found = new Set<string>();

async function read(url: string): Promise<Documented | null> {
  const answer = await fetch(`${url}/openapi.json`);
  return answer.ok ? ((await answer.json()) as Documented) : null;
}

/** Fails unless the OpenAPI document says of that route that it may answer so. Other addresses than `/v1` are not in it. */
export async function expectDocumented(
  url: string,
  method: string,
  path: string,
  { status, code }: Problem,
): Promise<void> {
  const answer = `${method} ${path} ${status} ${code}`;
  if (!path.startsWith('/v1/') || found.has(answer)) return;
  const whole = await (document ??= read(url).catch(() => null));
  // Refused, as in a test of what refuses requests: the next error asks again.
  if (!whole) document = null;
  const route = whole && routeOf(whole, method, path);
  if (!route) return;
  if (codesOf(whole, route.responses[status]).includes(code)) return void found.add(answer);
  throw new Error(
    `${method} ${route.path} answers ${status} \`${code}\`, which its page in the OpenAPI document does not say`,
  );
}

/** The most particular one; null for an address or a method that there is not. */
function routeOf({ paths }: Documented, method: string, path: string) {
  const segments = path.split('?')[0].replace(/\/$/, '').split('/');
  const [template] = Object.keys(paths)
    .filter((each) => {
      const parts = each.split('/');
      return (
        parts.length === segments.length &&
        parts.every((part, i) => part.startsWith('{') || part === segments[i])
      );
    })
    .sort((a, b) => a.split('{').length - b.split('{').length);
  const operation = template === undefined ? undefined : paths[template][method.toLowerCase()];
  return operation ? { path: template, responses: operation.responses } : null;
}

function codesOf({ components }: Documented, response: DocumentedProblem | undefined): string[] {
  const name = response?.$ref?.split('/').at(-1);
  const { description = '' } = (name === undefined ? response : components.responses[name]) ?? {};
  return [...description.matchAll(/`([^`]+)`/g)].map(([, code]) => code);
}
