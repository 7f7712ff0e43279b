import { attributeOf, type Dataclass } from '../catalog/dataclass.js';
import { targetOf } from '../query/attribute-path.js';
import { unknownAttribute } from './rest-error.js';

/** Which attributes an answer shows. For a relation that is expanded, what is shown of the related entity. */
export interface Projection {
  /** In order; undefined: all. */
  readonly names: readonly string[] | undefined;
  readonly expanded: ReadonlyMap<string, Projection>;
}

const ALL: Projection = { names: undefined, expanded: new Map() };

/** From `a,b,rel.c,rel.*` (path or `$attributes`) and the old `$expand=rel,rel2`. */
export function parseProjection(attributes: string | undefined, expand: string | undefined, dataclass: Dataclass): Projection {
  const chosen = attributes === undefined ? ALL : fromPaths(list(attributes).map((path) => path.split('.')), dataclass);
  if (expand === undefined) return chosen;
  const expanded = new Map(chosen.expanded);
  for (const path of list(expand)) {
    const [name = '', ...rest] = path.split('.');
    const relation = attributeOf(dataclass, name);
    if (!relation || relation.kind === 'storage') throw unknownAttribute(dataclass.name, name);
    const inner = rest.length > 0 ? parseProjection(undefined, rest.join('.'), targetOf(relation)) : ALL;
    expanded.set(name, expanded.get(name) ?? inner);
  }
  const names = chosen.names && [...new Set([...chosen.names, ...expanded.keys()])];
  return { names, expanded };
}

function list(text: string): string[] {
  return text.split(',').map((item) => item.trim()).filter((item) => item !== '');
}

function fromPaths(paths: readonly (readonly string[])[], dataclass: Dataclass): Projection {
  const names = new Set<string>();
  const inner = new Map<string, string[][]>();
  for (const [name = '', ...rest] of paths) {
    if (name === '*') {
      for (const attribute of dataclass.attributes) names.add(attribute.name);
      continue;
    }
    const attribute = attributeOf(dataclass, name);
    if (!attribute || (attribute.kind === 'storage' && rest.length > 0)) throw unknownAttribute(dataclass.name, [name, ...rest].join('.'));
    names.add(name);
    if (rest.length > 0) inner.set(name, [...(inner.get(name) ?? []), rest]);
  }
  const expanded = new Map<string, Projection>();
  for (const [name, rests] of inner) {
    const relation = attributeOf(dataclass, name);
    if (relation && relation.kind !== 'storage') expanded.set(name, fromPaths(rests, targetOf(relation)));
  }
  return { names: [...names], expanded };
}
