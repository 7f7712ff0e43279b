import { attributeOf, keyAttribute, type Dataclass, type RelationAttribute, type StorageAttribute, type Value } from '../catalog/dataclass.js';
import { dataclassNamed } from '../catalog/inventive-model.js';
import type { Row, Table } from '../datastore/table.js';
import { unknownAttribute } from '../rest/rest-error.js';

/** `relatie.Naam`: relations to walk, then a stored attribute. A path that ends in a to-one relation stands for its key. */
export interface AttributePath {
  readonly relations: readonly RelationAttribute[];
  readonly attribute: StorageAttribute;
}

export function targetOf(relation: RelationAttribute): Dataclass {
  const target = dataclassNamed(relation.target);
  if (!target) throw new Error(`relation ${relation.name} leads to no dataclass`);
  return target;
}

export function resolvePath(text: string, start: Dataclass): AttributePath {
  const relations: RelationAttribute[] = [];
  let dataclass = start;
  const steps = text.split('.');
  for (const [index, step] of steps.entries()) {
    const attribute = attributeOf(dataclass, step);
    if (!attribute) throw unknownAttribute(dataclass.name, step);
    const last = index === steps.length - 1;
    if (attribute.kind === 'storage') {
      if (!last) throw unknownAttribute(dataclass.name, steps.slice(index).join('.'));
      return { relations, attribute };
    }
    if (last && attribute.kind === 'relatedEntity') {
      const foreignKey = attributeOf(dataclass, attribute.foreignKey);
      if (foreignKey?.kind === 'storage') return { relations, attribute: foreignKey };
    }
    relations.push(attribute);
    dataclass = targetOf(attribute);
  }
  return { relations, attribute: keyAttribute(dataclass) };
}

/** All values that the path reaches; a relation that leads nowhere gives one null, as the attribute of no entity. */
export function valuesAt(row: Row, path: AttributePath, tables: (name: string) => Table): Value[] {
  let rows: Row[] = [row];
  for (const relation of path.relations) rows = rows.flatMap((from) => relatedRows(from, relation, tables));
  if (rows.length === 0 && path.relations.every((relation) => relation.kind === 'relatedEntity')) return [null];
  return rows.map((reached) => reached.values[path.attribute.name] ?? null);
}

export function relatedRows(row: Row, relation: RelationAttribute, tables: (name: string) => Table): Row[] {
  if (relation.kind === 'relatedEntity') {
    const key = row.values[relation.foreignKey];
    const related = typeof key === 'string' ? tables(relation.target).get(key) : undefined;
    return related ? [related] : [];
  }
  return tables(relation.target).rows({ attribute: relation.targetForeignKey, oneOf: [row.key] });
}
