import type { Attribute, Dataclass } from './dataclass.js';

/** `/rest/$catalog` */
export function catalogList(uniqueId: string, dataclasses: readonly Dataclass[]): unknown {
  return {
    __UNIQID: uniqueId,
    dataClasses: dataclasses.map(({ name }) => ({ name, uri: `/rest/$catalog/${name}`, dataURI: `/rest/${name}` })),
  };
}

/** `/rest/$catalog/$all`, and `/rest/$catalog/X,Y` as `wakanda-client` asks for it. */
export function catalogAll(dataclasses: readonly Dataclass[]): unknown {
  return { dataClasses: dataclasses.map(catalogOne) };
}

/** `/rest/$catalog/X`: the bare dataclass, as the documentation prints it. */
export function catalogOne(dataclass: Dataclass): unknown {
  return {
    name: dataclass.name,
    className: dataclass.name,
    collectionName: `${dataclass.name}Selection`,
    tableNumber: dataclass.tableNumber,
    scope: 'public',
    dataURI: `/rest/${dataclass.name}`,
    attributes: dataclass.attributes.map((attribute, index) => attributeForm(attribute, index + 1, dataclass.key)),
    key: [{ name: dataclass.key }],
  };
}

function attributeForm(attribute: Attribute, fieldPos: number, key: string): unknown {
  switch (attribute.kind) {
    case 'storage':
      return {
        name: attribute.name,
        kind: 'storage',
        fieldPos,
        scope: 'public',
        ...(attribute.indexed ? { indexed: true } : {}),
        type: attribute.type,
        ...(attribute.type === 'date' ? { simpleDate: true } : {}),
        ...(attribute.name === key ? { identifying: true } : {}),
      };
    case 'relatedEntity':
      return {
        name: attribute.name,
        kind: 'relatedEntity',
        scope: 'public',
        type: attribute.target,
        path: attribute.target,
        foreignKey: attribute.foreignKey,
        inverseName: attribute.inverseName,
      };
    case 'relatedEntities':
      return {
        name: attribute.name,
        kind: 'relatedEntities',
        scope: 'public',
        type: `${attribute.target}Selection`,
        reversePath: true,
        path: attribute.inverseName,
        inverseName: attribute.inverseName,
      };
  }
}
