/**
 * The house's own lint rules, for what the floors of the projects cannot say. An oxlint plugin.
 * A project is named by its folder: `libs/sync-core`.
 */
import { readdirSync } from 'node:fs';
import { posix, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const productApps = ['apps/inventive-capture', 'apps/google-receiver', 'apps/reconciler', 'apps/console', 'apps/calsync'];
const outside = ['apps/e2e', 'tools/local-servers', 'tools/start', 'examples', 'bench'];

/** Packages that only the named projects may know. Everything else is behind their doors. */
const confined = [
  { packages: ['kafkajs'], to: ['libs/event-log', ...outside] },
  { packages: ['googleapis', '@googleapis/calendar'], to: ['libs/google-client', 'apps/e2e', 'bench'], alsoTestsOf: ['apps/google-emulator'] },
  { packages: ['google-auth-library'], to: ['libs/google-client', 'libs/accounts', 'apps/e2e', 'bench'], alsoTestsOf: ['apps/google-emulator'] },
  { packages: ['mongodb', 'mongoose', '@nestjs/mongoose'], to: ['libs/service-chassis', 'libs/sync-store', 'libs/accounts', ...productApps, ...outside] },
  { packages: ['@nestjs/*'], to: ['libs/service-chassis', 'libs/event-log', ...productApps, 'apps/google-emulator', 'apps/inventive-emulator'] },
];

/** Projects that know these packages and nothing else: no Node modules, no third parties. */
const closed = {
  'libs/calendar-model': ['uuid'],
  'libs/sync-core': ['uuid', 'entities', 'html-to-text'],
  'libs/event-contracts': ['zod'],
  'libs/sync-engine': ['uuid', 'zod'],
};

/** Projects that get the time and chance handed in. */
const timeless = ['libs/calendar-model', 'libs/sync-core', 'libs/sync-engine'];

const apps = readdirSync(new URL('../../apps/', import.meta.url));

/** An app is a process, not a library: nothing can be had from it by import, by name or by path. */
const appsHaveNoDoor = {
  create(context) {
    const { project, path } = placeOf(context.filename);
    return onImport((specifier, node) => {
      const named = apps.find((app) => matches(specifier, `@calsync/${app}`));
      const reached = specifier.startsWith('.') ? projectOf(posix.join(posix.dirname(path), specifier)) : undefined;
      if (named) context.report({ node, message: `${named} is an app: no project may import it.` });
      if (reached !== undefined && reached !== project) context.report({ node, message: `${specifier} leaves ${project}: import another project by its name.` });
    });
  },
};

const packageConfinement = {
  create(context) {
    const { project, path } = placeOf(context.filename);
    return onImport((specifier, node) => {
      if (specifier.startsWith('.') || specifier.startsWith('@calsync/')) return;
      const rule = confined.find(({ packages }) => packages.some((name) => matches(specifier, name)));
      if (rule && !rule.to.includes(project) && !(isTest(path) && rule.alsoTestsOf?.includes(project))) {
        context.report({ node, message: `${specifier} may be used in ${[...rule.to].join(', ')} only, not in ${project}.` });
        return;
      }
      const allowed = closed[project];
      if (allowed && !isTest(path) && !path.endsWith('.main.ts') && !allowed.some((name) => matches(specifier, name))) {
        context.report({ node, message: `${project} is closed: of outside packages it may use ${allowed.join(', ')} only, not ${specifier}.` });
      }
    });
  },
};

const environmentInSettings = {
  create(context) {
    const { project, path } = placeOf(context.filename);
    const name = path.split('/').at(-1) ?? '';
    if (outside.includes(project) || isTest(path) || name === 'settings.ts' || name === 'main.ts' || name.endsWith('.main.ts') || path.includes('/settings/')) return {};
    return {
      MemberExpression(node) {
        if (node.object.type === 'Identifier' && node.object.name === 'process' && propertyName(node) === 'env') {
          context.report({ node, message: 'process.env is read in settings.ts (and main.ts) only: everything else gets its settings handed in.' });
        }
      },
    };
  },
};

const patchNeverUpdate = {
  create(context) {
    const { project, path } = placeOf(context.filename);
    if (isTest(path) || project.endsWith('-emulator') || outside.includes(project)) return {};
    return {
      CallExpression(node) {
        const method = node.callee;
        if (method.type === 'MemberExpression' && propertyName(method) === 'update' && method.object.type === 'MemberExpression' && propertyName(method.object) === 'events') {
          context.report({ node, message: "Google's events.update replaces the whole event, guests included: use events.patch with the fields that change." });
        }
      },
    };
  },
};

const timeAndChanceHandedIn = {
  create(context) {
    const { project, path } = placeOf(context.filename);
    if (!timeless.includes(project) || isTest(path) || path.includes('/simulation/')) return {};
    const report = (node, what) => context.report({ node, message: `${what} in ${project}: the time and chance come in through a port, so that a simulation can run this code.` });
    return {
      CallExpression(node) {
        const callee = node.callee;
        if (callee.type === 'Identifier' && ['setTimeout', 'setInterval', 'setImmediate', 'fetch'].includes(callee.name)) report(node, `${callee.name}()`);
        if (callee.type === 'MemberExpression' && callee.object.type === 'Identifier') {
          const called = `${callee.object.name}.${propertyName(callee)}`;
          if (['Date.now', 'Math.random', 'performance.now', 'crypto.randomUUID'].includes(called)) report(node, `${called}()`);
        }
      },
      NewExpression(node) {
        if (node.callee.type === 'Identifier' && node.callee.name === 'Date' && node.arguments.length === 0) report(node, 'new Date()');
      },
      MemberExpression(node) {
        if (node.object.type === 'Identifier' && node.object.name === 'Temporal' && propertyName(node) === 'Now') report(node, 'Temporal.Now');
      },
    };
  },
};

export default {
  meta: { name: 'house' },
  rules: {
    'apps-have-no-door': appsHaveNoDoor,
    'package-confinement': packageConfinement,
    'environment-in-settings': environmentInSettings,
    'patch-never-update': patchNeverUpdate,
    'time-and-chance-handed-in': timeAndChanceHandedIn,
  },
};

function placeOf(filename) {
  const path = relative(root, filename).split(sep).join('/');
  return { path, project: projectOf(path) };
}

function projectOf(path) {
  const parts = path.split('/');
  return ['apps', 'libs', 'tools'].includes(parts[0] ?? '') ? parts.slice(0, 2).join('/') : (parts[0] ?? '');
}

function isTest(path) {
  return /\.test\.tsx?$/.test(path) || path.includes('/testing/') || path.endsWith('/testing.ts');
}

function matches(specifier, name) {
  return name.endsWith('/*') ? specifier.startsWith(name.slice(0, -1)) : specifier === name || specifier.startsWith(`${name}/`);
}

function onImport(check) {
  const from = (node) => {
    if (typeof node.source?.value === 'string') check(node.source.value, node);
  };
  return { ImportDeclaration: from, ExportNamedDeclaration: from, ExportAllDeclaration: from, ImportExpression: from };
}

function propertyName(member) {
  if (!member.computed) return member.property.name;
  return member.property.type === 'Literal' ? member.property.value : undefined;
}
