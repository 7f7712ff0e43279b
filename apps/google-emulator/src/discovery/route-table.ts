import { calendarDocument, methodsOf, type Method } from './document.js';

export interface Route {
  readonly method: Method;
  readonly path: Readonly<Record<string, string>>;
}

interface Pattern {
  readonly method: Method;
  readonly expression: RegExp;
  readonly names: readonly string[];
}

const patterns: readonly Pattern[] = methodsOf(calendarDocument)
  .map((method) => {
    const names: string[] = [];
    const source = method.path.replace(/\{(\w+)\}/g, (_all, name: string) => {
      names.push(name);
      return '([^/]+)';
    });
    return { method, expression: new RegExp(`^${source}$`), names };
  })
  // `events/import` must win from `events/{eventId}`.
  .sort((a, b) => a.names.length - b.names.length);

/** Finds the method of Google's document for a path below `/calendar/v3/`; undefined if there is none. */
export function findRoute(httpMethod: string, path: string): Route | undefined {
  for (const { method, expression, names } of patterns) {
    if (method.httpMethod !== httpMethod) continue;
    const found = expression.exec(path);
    if (found === null) continue;
    return { method, path: Object.fromEntries(names.map((name, index) => [name, decode(found[index + 1] ?? '')])) };
  }
  return undefined;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
