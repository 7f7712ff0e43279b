/** What a stored attribute holds, in 4D's own words (`$catalog` shows them). */
export type StorageType = 'uuid' | 'string' | 'bool' | 'date' | 'duration' | 'long' | 'long64';

/**
 * A value as the emulator keeps it: dates `YYYY-MM-DD`, times in milliseconds since midnight, uuids as 32 hex digits in
 * upper case. The form that clients see is made at the door.
 */
export type Value = string | number | boolean | null;
export type Values = Record<string, Value>;

export interface StorageAttribute {
  readonly kind: 'storage';
  readonly name: string;
  readonly type: StorageType;
  /** False: 4D's field option "map NULL values to blank values"; a null becomes a blank. */
  readonly nullable: boolean;
  readonly indexed: boolean;
  /** In UTF-16 units, as 4D counts. */
  readonly maxLength?: number;
  /** Written by the server only. */
  readonly readOnly?: true;
}

export interface ToOneAttribute {
  readonly kind: 'relatedEntity';
  readonly name: string;
  readonly target: string;
  readonly foreignKey: string;
  readonly inverseName: string;
}

export interface ToManyAttribute {
  readonly kind: 'relatedEntities';
  readonly name: string;
  readonly target: string;
  /** The to-one attribute of the target that leads back. */
  readonly inverseName: string;
  readonly targetForeignKey: string;
}

export type RelationAttribute = ToOneAttribute | ToManyAttribute;
export type Attribute = StorageAttribute | RelationAttribute;

export interface Dataclass {
  readonly name: string;
  readonly tableNumber: number;
  readonly key: string;
  /** Data change tracking: rows carry `__GlobalStamp`, deletions stand in `__DeletedRecords`. */
  readonly tracked: boolean;
  /** False: written by the server itself only. */
  readonly writable: boolean;
  readonly attributes: readonly Attribute[];
}

export function attributeOf(dataclass: Dataclass, name: string): Attribute | undefined {
  return byName(dataclass).get(name);
}

export function storageAttributes(dataclass: Dataclass): readonly StorageAttribute[] {
  return dataclass.attributes.filter((attribute) => attribute.kind === 'storage');
}

export function keyAttribute(dataclass: Dataclass): StorageAttribute {
  const attribute = attributeOf(dataclass, dataclass.key);
  if (attribute?.kind !== 'storage') throw new Error(`${dataclass.name} has no stored key ${dataclass.key}`);
  return attribute;
}

const indexes = new WeakMap<Dataclass, Map<string, Attribute>>();

function byName(dataclass: Dataclass): Map<string, Attribute> {
  let index = indexes.get(dataclass);
  if (!index) {
    index = new Map(dataclass.attributes.map((attribute) => [attribute.name, attribute]));
    indexes.set(dataclass, index);
  }
  return index;
}
