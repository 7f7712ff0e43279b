import { attributeOf, type Dataclass, type StorageAttribute, type StorageType, type Value } from '../catalog/dataclass.js';
import { fold, normalUuid, parseDate } from '../catalog/value-form.js';
import type { Candidates, Row, Table } from '../datastore/table.js';
import { queryError } from '../rest/rest-error.js';
import { resolvePath, valuesAt } from './attribute-path.js';
import { parseQuery, type Comparator, type Constant, type Query } from './query-text.js';

export interface CompiledQuery {
  matches(row: Row): boolean;
  /** A part of the rows that surely holds all matches. */
  readonly candidates: Candidates | undefined;
}

type Tables = (name: string) => Table;

/** `$filter` (and `$params`) to a predicate. Everything wrong with it is found here, before a row is looked at. */
export function compileQuery(source: string, params: readonly unknown[], dataclass: Dataclass, tables: Tables): CompiledQuery {
  const query = parseQuery(source);
  const parts = { params, dataclass, tables };
  const matches = predicate(query, parts);
  return { matches, candidates: candidatesOf(query, parts) };
}

interface Parts {
  readonly params: readonly unknown[];
  readonly dataclass: Dataclass;
  readonly tables: Tables;
}

function predicate(query: Query, parts: Parts): (row: Row) => boolean {
  switch (query.kind) {
    case 'not': {
      const of = predicate(query.of, parts);
      return (row) => !of(row);
    }
    case 'and':
    case 'or':
    case 'except': {
      const [left, right] = [predicate(query.left, parts), predicate(query.right, parts)];
      if (query.kind === 'and') return (row) => left(row) && right(row);
      if (query.kind === 'or') return (row) => left(row) || right(row);
      return (row) => left(row) && !right(row);
    }
    case 'compare': {
      const path = resolvePath(query.path, parts.dataclass);
      const { test, negated } = comparison(query.comparator, constantValue(query.constant, path.attribute, query.comparator, parts.params), path.attribute.type);
      return (row) => valuesAt(row, path, parts.tables).some(test) !== negated;
    }
  }
}

/** "Not equal" is the opposite of "equal" (documented), so a null is unequal to every value, and of many related values none may be equal. */
function comparison(comparator: Comparator, constant: Value | Value[], type: StorageType): { test: (value: Value) => boolean; negated: boolean } {
  if (Array.isArray(constant)) {
    // Keys by the hundred come this way; only texts have wildcards.
    if (type !== 'string') {
      const wanted = new Set(constant);
      return { test: (value) => wanted.has(value), negated: false };
    }
    const tests = constant.map((item) => comparison('=', item, type).test);
    return { test: (value) => tests.some((test) => test(value)), negated: false };
  }
  switch (comparator) {
    case '=':
    case 'in':
      return { test: equals(constant, type, true), negated: false };
    case '===':
      return { test: equals(constant, type, false), negated: false };
    case '!=':
      return { test: equals(constant, type, true), negated: true };
    case '!==':
      return { test: equals(constant, type, false), negated: true };
    case 'begin': {
      const start = fold(String(constant));
      return { test: (value) => typeof value === 'string' && fold(value).startsWith(start), negated: false };
    }
    case '%': {
      const keyword = fold(String(constant));
      return { test: (value) => typeof value === 'string' && fold(value).split(/[^\p{L}\p{N}]+/u).includes(keyword), negated: false };
    }
    default:
      return { test: ordering(comparator, constant), negated: false };
  }
}

function equals(constant: Value, type: StorageType, wildcard: boolean): (value: Value) => boolean {
  // "using the null keyword will find null and undefined"; a blank text is not null.
  if (constant === null || type !== 'string') return (value) => value === constant;
  const wanted = fold(String(constant));
  if (!wildcard || !wanted.includes('@')) return (value) => typeof value === 'string' && fold(value) === wanted;
  const pattern = new RegExp(`^${wanted.split('@').map(escapeRegExp).join('.*')}$`, 's');
  return (value) => typeof value === 'string' && pattern.test(fold(value));
}

function ordering(comparator: '<' | '<=' | '>' | '>=', constant: Value): (value: Value) => boolean {
  const wanted = typeof constant === 'string' ? fold(constant) : Number(constant);
  return (value) => {
    if (value === null) return false;
    const own = typeof value === 'string' ? fold(value) : Number(value);
    if (comparator === '<') return own < wanted;
    if (comparator === '<=') return own <= wanted;
    return comparator === '>' ? own > wanted : own >= wanted;
  };
}

const escapeRegExp = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

const EQUALITY: readonly Comparator[] = ['=', '===', '!=', '!==', 'in'];

function constantValue(constant: Constant, attribute: StorageAttribute, comparator: Comparator, params: readonly unknown[]): Value | Value[] {
  if ((comparator === 'begin' || comparator === '%') && attribute.type !== 'string' && attribute.type !== 'uuid') {
    throw queryError(1112, `"${comparator}" needs a text attribute, ${attribute.name} is ${attribute.type}`);
  }
  switch (constant.kind) {
    case 'list':
      return constant.items.map((item) => constantValue(item, attribute, comparator, params)).flat();
    case 'placeholder':
      return placeholderValue(constant.name, attribute, comparator, params);
    case 'quoted':
      return textConstant(constant.text, attribute, comparator);
    case 'bare':
      if (constant.text === 'null') {
        if (!EQUALITY.includes(comparator)) throw queryError(1200, `null can't be compared by "${comparator}"`);
        return null;
      }
      if (attribute.type === 'string' && /^(true|false)$/.test(constant.text)) throw queryError(1200, `${constant.text} is no text constant: quote it`);
      return textConstant(constant.text, attribute, comparator);
  }
}

function placeholderValue(name: string, attribute: StorageAttribute, comparator: Comparator, params: readonly unknown[]): Value | Value[] {
  const position = Number(name);
  if (!Number.isInteger(position) || position < 1) throw queryError(1279, `Only placeholders by position (:1) exist in REST, not ":${name}"`);
  const given = params[position - 1];
  if (given === undefined || given === null) throw queryError(1279, `Placeholder :${name} is missing or null; look for null with "${attribute.name} = null"`);
  if (comparator === 'in') {
    if (!Array.isArray(given)) throw queryError(1280, `Placeholder :${name} must be a list for IN`);
    return given.map((item) => typedValue(item, attribute, comparator, name));
  }
  return typedValue(given, attribute, comparator, name);
}

function typedValue(given: unknown, attribute: StorageAttribute, comparator: Comparator, name: string): Value {
  const expected = attribute.type === 'bool' ? 'boolean' : isNumeric(attribute.type) ? 'number' : 'string';
  if (typeof given !== expected && !(attribute.type === 'duration' && typeof given === 'string')) {
    throw queryError(1280, `Placeholder :${name} has the wrong type for ${attribute.name} (${attribute.type})`);
  }
  return typeof given === 'string' ? textConstant(given, attribute, comparator) : (given as Value);
}

const isNumeric = (type: StorageType): boolean => type === 'long' || type === 'long64' || type === 'duration';

function textConstant(text: string, attribute: StorageAttribute, comparator: Comparator): Value {
  const wrong = () => queryError(1200, `"${text}" is no ${attribute.type} value for ${attribute.name}`);
  switch (attribute.type) {
    case 'string':
      return text;
    case 'uuid':
      if (comparator === 'begin') return text.replaceAll('-', '').toUpperCase();
      // A text that is no uuid equals none: 4D compares, it doesn't refuse.
      return normalUuid(text) ?? text;
    case 'bool':
      if (text !== 'true' && text !== 'false') throw wrong();
      return text === 'true';
    case 'date': {
      const date = parseDate(text);
      if (date === undefined) throw wrong();
      return date;
    }
    case 'duration': {
      const clock = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(text);
      return clock ? (Number(clock[1]) * 3600 + Number(clock[2]) * 60 + Number(clock[3] ?? 0)) * 1000 : number(text, wrong);
    }
    case 'long':
    case 'long64':
      return number(text, wrong);
  }
}

function number(text: string, wrong: () => Error): number {
  if (text.trim() === '' || !Number.isFinite(Number(text))) throw wrong();
  return Number(text);
}

/** Looks for one indexed comparison that every match must satisfy. */
function candidatesOf(query: Query, parts: Parts): Candidates | undefined {
  if (query.kind === 'and') return candidatesOf(query.left, parts) ?? candidatesOf(query.right, parts);
  if (query.kind === 'except') return candidatesOf(query.left, parts);
  if (query.kind !== 'compare') return undefined;
  const attribute = attributeOf(parts.dataclass, query.path);
  if (attribute?.kind !== 'storage') return undefined;
  const value = constantValue(query.constant, attribute, query.comparator, parts.params);
  const candidates = hint(attribute, query.comparator, value);
  return candidates && parts.tables(parts.dataclass.name).canFind(candidates) ? candidates : undefined;
}

function hint(attribute: StorageAttribute, comparator: Comparator, value: Value | Value[]): Candidates | undefined {
  if (attribute.type === 'uuid' && ['=', '===', 'in'].includes(comparator)) return { attribute: attribute.name, oneOf: [value].flat() };
  if (typeof value !== 'number' || !['=', '===', '>', '>='].includes(comparator)) return undefined;
  return { attribute: attribute.name, atLeast: value };
}
