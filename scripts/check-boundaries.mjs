// Which project may import which (docs: "Imports run one way"), file by file over the sources that the Nx projects own.
// Read from the imports themselves and not from Nx's graph: that knows projects only, and `testing` may be imported
// by an app's tests but not by the app.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What a project with this tag may import, by the other's tag. */
const allowed = {
  'type:contracts': [],
  'type:messaging': ['type:contracts'],
  'type:service-kit': ['type:contracts'],
  'type:testing': ['type:contracts', 'type:messaging', 'type:service-kit'],
  'type:app': ['type:contracts', 'type:messaging', 'type:service-kit'],
  'type:composition': ['type:contracts', 'type:messaging', 'type:service-kit', 'type:app'],
  'type:outside': null,
};
const isTest = (file) => /\.spec\.ts$|\/test\//.test(file);
const importPattern =
  /(?:^|[\s;}])(?:import|export)\s[^'"`;]*?from\s*['"]([^'"]+)['"]|(?:^|[\s;}])import\s*['"]([^'"]+)['"]|\b(?:import|require)\(\s*['"]([^'"]+)['"]\s*\)/g;

/** Every forbidden import under `root`, as `file: why`. */
export function findViolations(root) {
  const projects = readProjects(root);
  const byRoot = (path) =>
    projects.find((project) => path === project.root || path.startsWith(`${project.root}/`));
  return projects.flatMap((project) =>
    sources(root, project.root).flatMap((file) =>
      imports(join(root, file))
        .map((specifier) => complaint(file, specifier, project, byRoot))
        .filter(Boolean)
        .map((why) => `${file}: ${why}`),
    ),
  );
}

function complaint(file, specifier, from, byRoot) {
  const alias = /^@tearoff\/([^/]+)(\/.*)?$/.exec(specifier);
  if (!alias && !specifier.startsWith('.')) return null;
  const path = alias ? `libs/${alias[1]}` : posix.join(posix.dirname(file), specifier);
  const to = byRoot(path);
  if (alias && !to) return `imports ${specifier}, which is no library`;
  if (alias?.[2]) return `imports ${specifier}: a library is imported by its name alone`;
  if (!to) return null;
  if (to === from) return alias ? `imports its own library as ${specifier}` : null;
  const rule = allowed[from.type];
  if (rule === null) return null;
  if (to.type === 'type:testing' && isTest(file)) return null;
  if (to.type === 'type:testing') return `imports ${to.name} outside a test`;
  if (!rule.includes(to.type)) return `${from.name} must not import ${to.name} (${specifier})`;
  if (!alias && to.root.startsWith('libs/')) return `imports ${to.name} by path: use @tearoff/${to.name}`;
  if (to.type === 'type:app' && path !== `${to.root}/src/start`)
    return `may import only ${to.root}/src/start`;
  return null;
}

function readProjects(root) {
  const folders = ['apps', 'libs'].flatMap((parent) =>
    existsSync(join(root, parent)) ? readdirSync(join(root, parent)).map((name) => `${parent}/${name}`) : [],
  );
  return [...folders, 'bench', 'e2e']
    .filter((folder) => existsSync(join(root, folder, 'project.json')))
    .map((folder) => {
      const { name, tags } = JSON.parse(readFileSync(join(root, folder, 'project.json'), 'utf8'));
      const type = tags.find((tag) => tag in allowed);
      if (!type) throw new Error(`${folder}/project.json has no tag that scripts/check-boundaries.mjs knows`);
      return { name, root: folder, type };
    });
}

function sources(root, folder) {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter(
      (entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.parentPath.includes('node_modules'),
    )
    .map((entry) => posix.join(entry.parentPath.slice(root.length + 1).replaceAll('\\', '/'), entry.name));
}

function imports(path) {
  const text = readFileSync(path, 'utf8');
  return [...text.matchAll(importPattern)].map(([, from, bare, call]) => from ?? bare ?? call);
}

const script = fileURLToPath(import.meta.url);
if (process.argv[1] === script) {
  const violations = findViolations(dirname(dirname(script)));
  for (const violation of violations) console.error(violation);
  console.log(violations.length ? `boundaries: ${violations.length} forbidden import(s)` : 'boundaries: ok');
  process.exitCode = violations.length ? 1 : 0;
}
