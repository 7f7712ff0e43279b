import { attributeOf, keyAttribute, storageAttributes, type Dataclass, type Values } from '../catalog/dataclass.js';
import { blank, newUuid, parseSent } from '../catalog/value-form.js';
import type { Row } from '../datastore/table.js';
import type { Transaction } from '../datastore/transaction.js';
import { isServerWritten, validate, withDefaults, withTriggers, type RuleContext } from '../rules/inventive-rules.js';
import { normalKey } from './read.js';
import { errorLine, type ErrorLine } from './rest-error.js';

export type SaveOutcome =
  | { readonly kind: 'saved'; readonly row: Row; readonly created: boolean }
  | { readonly kind: 'refused'; readonly status: 2 | 3 | 4 | 5; readonly lines: readonly ErrorLine[]; readonly current: Row | undefined; readonly created: boolean };

/** Facts about the entity's fields in a body that are no attributes: a client sends back what it got. */
const META = ['__KEY', '__STAMP', '__TIMESTAMP', '__STATUS', '__entityModel', '__DATACLASS', 'uri'];

export interface SaveContext extends RuleContext {
  readonly transaction: Transaction;
  /** Held by another session, a transaction or a fault. */
  isLocked(dataclass: string, key: string): boolean;
}

/** Creates or updates one entity inside the transaction; a refusal leaves the transaction as it was. */
export function saveEntity(dataclass: Dataclass, element: unknown, context: SaveContext): SaveOutcome {
  if (typeof element !== 'object' || element === null || Array.isArray(element)) return refusal(4, dataclass, undefined, true, [errorLine(1806, 'An entity must be a JSON object')]);
  const sent = element as Record<string, unknown>;
  return '__KEY' in sent ? update(dataclass, sent, context) : create(dataclass, sent, context);
}

function update(dataclass: Dataclass, sent: Record<string, unknown>, context: SaveContext): SaveOutcome {
  const key = normalKey(dataclass, String(sent['__KEY']));
  const current = context.transaction.get(dataclass, key);
  const no = (status: 2 | 3 | 4 | 5, ...lines: ErrorLine[]) => refusal(status, dataclass, current, false, lines, key);
  if (context.isLocked(dataclass.name, key)) return no(3, errorLine(LOCKED, `The record of entity "${key}" is locked by another process`));
  if (!current) return no(5, errorLine(1542, `Cannot find entity with "${key}" key in the "${dataclass.name}" dataclass`));
  // Without __STAMP there is no check: 4D overwrites blindly.
  if ('__STAMP' in sent && sent['__STAMP'] !== current.stamp) {
    return no(2, errorLine(1263, `Given stamp does not match current one for record# ${current.record - 1} of table ${dataclass.name}`));
  }
  const parsed = parseAttributes(dataclass, sent, current.values);
  if (parsed.problems.length > 0) return no(4, ...parsed.problems);
  if (parsed.values[dataclass.key] !== current.values[dataclass.key]) return no(4, errorLine(1569, `The key ${dataclass.key} can't be changed`));
  const invalid = validate(dataclass, parsed.values, context);
  if (invalid.length > 0) return no(4, ...invalid.map((problem) => errorLine(1569, problem)));
  const changed = storageAttributes(dataclass).some(({ name }) => !isServerWritten(dataclass.name, name) && parsed.values[name] !== current.values[name]);
  if (!changed) return { kind: 'saved', row: current, created: false };
  return { kind: 'saved', row: context.transaction.update(dataclass, current, withTriggers(dataclass, parsed.values, context)), created: false };
}

function create(dataclass: Dataclass, sent: Record<string, unknown>, context: SaveContext): SaveOutcome {
  const no = (status: 3 | 4, current: Row | undefined, ...lines: ErrorLine[]) => refusal(status, dataclass, current, true, lines);
  if ('__STAMP' in sent) return no(4, undefined, errorLine(1569, '__STAMP without __KEY: neither a new entity nor an update'));
  const blanks = Object.fromEntries(storageAttributes(dataclass).map((attribute) => [attribute.name, blank(attribute)]));
  const parsed = parseAttributes(dataclass, sent, blanks);
  if (parsed.problems.length > 0) return no(4, undefined, ...parsed.problems);
  const key = String(parsed.values[dataclass.key] || newUuid());
  const existing = context.transaction.get(dataclass, key);
  if (existing) return no(4, undefined, errorLine(DUPLICATE_KEY, `Duplicated value for the key ${dataclass.key} of table ${dataclass.name}: "${key}"`));
  if (context.isLocked(dataclass.name, key)) return no(3, undefined, errorLine(LOCKED, `The key "${key}" is held by a transaction`));
  const values = withDefaults(dataclass, { ...parsed.values, [dataclass.key]: key }, context);
  const invalid = validate(dataclass, values, context);
  if (invalid.length > 0) return no(4, undefined, ...invalid.map((problem) => errorLine(1569, problem)));
  return { kind: 'saved', row: context.transaction.create(dataclass, key, withTriggers(dataclass, values, context)), created: true };
}

/** 4D's documents give no numbers for these two; README states the choice. */
const LOCKED = 1264;
const DUPLICATE_KEY = 1088;

function parseAttributes(dataclass: Dataclass, sent: Record<string, unknown>, before: Readonly<Values>): { values: Values; problems: ErrorLine[] } {
  const values: Values = { ...before };
  const problems: ErrorLine[] = [];
  for (const [name, given] of Object.entries(sent)) {
    if (META.includes(name)) continue;
    const attribute = attributeOf(dataclass, name);
    if (!attribute) {
      problems.push(errorLine(1500, `The attribute "${name}" cannot be found in dataclass "${dataclass.name}"`), errorLine(1804, `Unknown attribute "${name}"`));
    } else if (attribute.kind === 'relatedEntities') {
      // A client that sends back what it read carries the deferred form; it says nothing about the related rows.
      if (!isDeferred(given)) problems.push(errorLine(1570, `${name} can't be written: save the related entities themselves`));
    } else if (attribute.kind === 'relatedEntity') {
      const key = relatedKey(given);
      const target = attributeOf(dataclass, attribute.foreignKey);
      if (key === undefined || target?.kind !== 'storage') problems.push(errorLine(1570, `${name} expects {"__KEY":"…"} or null`));
      else if (!(attribute.foreignKey in sent)) Object.assign(values, valueOf(target, key, problems));
    } else if (attribute.readOnly) {
      if (given !== before[name]) problems.push(errorLine(1570, `${name} is written by the server only`));
    } else {
      Object.assign(values, valueOf(attribute, given, problems));
    }
  }
  return { values, problems };
}

function valueOf(attribute: ReturnType<typeof keyAttribute>, given: unknown, problems: ErrorLine[]): Values {
  const parsed = parseSent(attribute, given);
  if ('value' in parsed) return { [attribute.name]: parsed.value };
  problems.push(errorLine(1570, `${attribute.name} ${parsed.problem}`));
  return {};
}

const isDeferred = (given: unknown): boolean => typeof given === 'object' && given !== null && '__deferred' in given;

function relatedKey(given: unknown): string | null | undefined {
  if (given === null) return null;
  if (typeof given !== 'object') return undefined;
  const holder = '__deferred' in given && typeof given.__deferred === 'object' && given.__deferred !== null ? given.__deferred : given;
  return '__KEY' in holder && (typeof holder.__KEY === 'string' || holder.__KEY === null) ? holder.__KEY : undefined;
}

function refusal(status: 2 | 3 | 4 | 5, dataclass: Dataclass, current: Row | undefined, created: boolean, causes: readonly ErrorLine[], key = ''): SaveOutcome {
  const outer = created
    ? [errorLine(1534, `The new entity in the "${dataclass.name}" dataclass cannot be saved`)]
    : [
        ...(current ? [errorLine(1046, `Cannot save record ${current.record - 1} in table ${dataclass.name} of database Inventive`)] : []),
        errorLine(1517, `The entity# ${key} in the "${dataclass.name}" dataclass cannot be saved`),
      ];
  return { kind: 'refused', status, lines: [...causes, ...outer], current, created };
}
