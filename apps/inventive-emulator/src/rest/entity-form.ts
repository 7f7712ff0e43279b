import type { Attribute, Dataclass } from '../catalog/dataclass.js';
import { render } from '../catalog/value-form.js';
import type { Row, Table } from '../datastore/table.js';
import { relatedRows, targetOf } from '../query/attribute-path.js';
import type { Projection } from './projection.js';

type Tables = (name: string) => Table;
export type JsonObject = Record<string, unknown>;

export const entityUri = (dataclass: string, key: string): string => `/rest/${dataclass}(${key})`;

/** An entity as it stands in `__ENTITIES`. */
export function entityForm(row: Row, dataclass: Dataclass, projection: Projection, tables: Tables): JsonObject {
  const form: JsonObject = { __KEY: row.key, __TIMESTAMP: row.savedAt, __STAMP: row.stamp };
  for (const attribute of dataclass.attributes) {
    if (projection.names && !projection.names.includes(attribute.name)) continue;
    form[attribute.name] = attributeForm(row, attribute, dataclass, projection.expanded.get(attribute.name), tables);
  }
  return form;
}

/** The answer to a read by key. */
export function singleEntityForm(row: Row, dataclass: Dataclass, projection: Projection, tables: Tables): JsonObject {
  return { __entityModel: dataclass.name, ...entityForm(row, dataclass, projection, tables) };
}

export interface Page {
  readonly rows: readonly Row[];
  readonly count: number;
  readonly first: number;
  readonly globalStamp: number;
  readonly entitySet?: string;
}

export function pageForm(page: Page, dataclass: Dataclass, projection: Projection, tables: Tables): JsonObject {
  return {
    ...(page.entitySet === undefined ? {} : { __ENTITYSET: `/rest/${dataclass.name}/$entityset/${page.entitySet}` }),
    __DATACLASS: dataclass.name,
    __entityModel: dataclass.name,
    __GlobalStamp: page.globalStamp,
    __COUNT: page.count,
    __FIRST: page.first,
    __ENTITIES: page.rows.map((row) => entityForm(row, dataclass, projection, tables)),
    __SENT: page.rows.length,
  };
}

function attributeForm(row: Row, attribute: Attribute, dataclass: Dataclass, expanded: Projection | undefined, tables: Tables): unknown {
  switch (attribute.kind) {
    case 'storage':
      return render(attribute.type, row.values[attribute.name] ?? null);
    case 'relatedEntity': {
      const key = row.values[attribute.foreignKey];
      if (typeof key !== 'string' || key === '') return null;
      if (!expanded) return { __deferred: { uri: entityUri(attribute.target, key), __KEY: key } };
      const [related] = relatedRows(row, attribute, tables);
      return related ? entityForm(related, targetOf(attribute), expanded, tables) : null;
    }
    case 'relatedEntities': {
      if (!expanded) return { __deferred: { uri: `${entityUri(dataclass.name, row.key)}/${attribute.name}?$expand=${attribute.name}` } };
      const target = targetOf(attribute);
      const related = relatedRows(row, attribute, tables);
      // Nothing documents a limit inside an entity: all are sent.
      return {
        __entityModel: target.name,
        __COUNT: related.length,
        __FIRST: 0,
        __ENTITIES: related.map((inner) => entityForm(inner, target, expanded, tables)),
        __SENT: related.length,
      };
    }
  }
}
