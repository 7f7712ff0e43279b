import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dataclassNamed } from '../catalog/inventive-model.js';
import { Table, type Row } from '../datastore/table.js';
import { compileQuery } from './compile-query.js';

const appointments = dataclassNamed('Afspraak');
const relations = dataclassNamed('Relatie');
const participants = dataclassNamed('AfspraakDeelnemer');
if (!appointments || !relations || !participants) throw new Error('the model misses a dataclass');
const tables = new Map([appointments, relations, participants].map((dataclass) => [dataclass.name, new Table(dataclass)]));
const table = (name: string): Table => tables.get(name) ?? new Table(appointments);

const put = (name: string, record: number, values: Row['values']) => table(name).put({ record, key: String(values['ID']), stamp: 1, savedAt: '', values });
const [A, B, C] = ['A', 'B', 'C'].map((letter) => letter.repeat(32));
put('Relatie', 1, { ID: 'F'.repeat(32), Naam: 'Café ’t Hoekje' });
put('Afspraak', 1, { ID: A ?? '', Onderwerp: 'Overleg Zoë', Opmerking: 'eerste regel\ntweede regel', BeginDatum: '2026-11-24', BeginTijd: 36_000_000, HeleDag: false, HerinneringMinuten: 15, RelatieID: 'F'.repeat(32), __GlobalStamp: 10 });
put('Afspraak', 2, { ID: B ?? '', Onderwerp: 'a@b', Opmerking: '', BeginDatum: '2026-12-01', BeginTijd: 0, HeleDag: true, HerinneringMinuten: null, RelatieID: null, __GlobalStamp: 11 });
put('Afspraak', 3, { ID: C ?? '', Onderwerp: 'axb', Opmerking: 'Zoë komt', BeginDatum: null, BeginTijd: 0, HeleDag: false, HerinneringMinuten: 0, RelatieID: null, __GlobalStamp: 12 });
put('AfspraakDeelnemer', 1, { ID: '1'.repeat(32), AfspraakID: A ?? '', Email: 'zoe@example.com', __GlobalStamp: 13 });
put('AfspraakDeelnemer', 2, { ID: '2'.repeat(32), AfspraakID: A ?? '', Email: 'piet@example.com', __GlobalStamp: 14 });

/** The letters of the rows that a filter finds. */
function find(filter: string, params: unknown[] = []): string {
  const query = compileQuery(filter, params, appointments ?? fail(), table);
  return table('Afspraak').rows(query.candidates).filter(query.matches).map((row) => row.key[0]).join('');
}

function fail(): never {
  throw new Error('no dataclass');
}

describe("4D's query grammar", () => {
  it.each([
    // text: neither case nor accents, @ as wildcard
    ["Onderwerp = 'overleg zoe'", 'A'],
    ['Onderwerp = OVERLEG@', 'A'],
    ["Onderwerp == '@zoë'", 'A'],
    ["Opmerking = '@tweede@'", 'A'],
    ["Onderwerp = 'a@b'", 'BC'],
    ["Onderwerp === 'a@b'", 'B'],
    ["Onderwerp IS 'A@B'", 'B'],
    ["Onderwerp != 'a@b'", 'A'],
    ["Onderwerp # 'a@b'", 'A'],
    ["Onderwerp !== 'a@b'", 'AC'],
    ["Onderwerp IS NOT 'a@b'", 'AC'],
    ['Onderwerp begin over', 'A'],
    ["Opmerking % 'zoe'", 'C'],
    ["Opmerking = ''", 'B'],
    ["Onderwerp > 'axa'", 'AC'],
    ["Onderwerp IN ['axb','overleg@']", 'AC'],
    ['Onderwerp in ["axb", nietbestaand]', 'C'],
    ['Onderwerp IN []', ''],
    // dates, times, numbers, booleans, null, uuids
    ['BeginDatum >= 2026-11-25', 'B'],
    ["BeginDatum = '24!11!2026'", 'A'],
    ["BeginDatum = '2026-11-24T23:00:00Z'", 'A'],
    ['BeginDatum = null', 'C'],
    ['BeginDatum != null', 'AB'],
    ['BeginDatum < 2030-01-01', 'AB'],
    ['BeginTijd = 36000000', 'A'],
    ["BeginTijd > '09:30:00'", 'A'],
    ['HeleDag = true', 'B'],
    ['HeleDag=false', 'AC'],
    ['HerinneringMinuten = null', 'B'],
    ['HerinneringMinuten <= 15', 'AC'],
    ['HerinneringMinuten != 15', 'BC'],
    [`ID = ${'a'.repeat(32)}`, 'A'],
    ["ID = 'AAAAAAAA-AAAA-AAAA-AAAA-AAAAAAAAAAAA'", 'A'],
    ['ID = nonsens', ''],
    [`ID IN ['${'c'.repeat(32)}','${'A'.repeat(32)}','${'A'.repeat(32)}',nonsens]`, 'AC'],
    ['HerinneringMinuten IN [0,15,null]', 'ABC'],
    ['ID begin bbbb', 'B'],
    ['__GlobalStamp >= 11', 'BC'],
    ['__GlobalStamp > 11', 'C'],
    ['__GlobalStamp = 11', 'B'],
    ['__GlobalStamp < 11', 'A'],
    // relations
    ["relatie.Naam = 'cafe@'", 'A'],
    ['relatie.Naam = null', 'BC'],
    ['relatie = null', 'BC'],
    ["deelnemers.Email = 'piet@'", 'A'],
    ["deelnemers.Email != 'piet@'", 'BC'],
    // conjunctions and priority
    ["HeleDag = true OR Onderwerp = 'axb'", 'BC'],
    ["HeleDag = true or Onderwerp = 'axb' and HeleDag = false", 'BC'],
    ["(HeleDag = true or Onderwerp = 'axb') and HeleDag = false", 'C'],
    ["__GlobalStamp > 0 EXCEPT Onderwerp = 'axb'", 'AB'],
    ['NOT(HeleDag = true)', 'AC'],
    ["not (HeleDag = true or Onderwerp = 'axb')", 'A'],
    ['not HeleDag = true', 'AC'],
    ['HeleDag = false & __GlobalStamp > 10', 'C'],
    ['HeleDag = true || __GlobalStamp = 12', 'BC'],
    [`ID='${'A'.repeat(32)}' AND __GlobalStamp=10`, 'A'],
    [`ID='${'A'.repeat(32)}' AND __GlobalStamp=9`, ''],
  ])('%s finds "%s"', (filter, expected) => {
    expect(find(filter)).toBe(expected);
  });

  it.each([
    ["Onderwerp=:1 AND __GlobalStamp>:2", ["O'verleg", 1], ''],
    ['Onderwerp = :1', ['overleg@'], 'A'],
    ['Onderwerp IN :1', [['axb', 'a@b']], 'BC'],
    ['HeleDag = :1', [true], 'B'],
    ['BeginDatum >= :1', ['2026-12-01'], 'B'],
    ['BeginTijd = :2', [0, 36_000_000], 'A'],
    ['Onderwerp = :1', ["x' OR HeleDag = true"], ''],
  ])('%s with %j finds "%s"', (filter, params, expected) => {
    expect(find(filter, params)).toBe(expected);
  });

  it.each([
    ['Nietbestaand = 1', [], [1500, 1804]],
    ['onderwerp = x', [], [1500, 1804]],
    ['relatie.Nietbestaand = 1', [], [1500, 1804]],
    ['Onderwerp.x = 1', [], [1500, 1804]],
    ['Onderwerp ~ x', [], [1112]],
    ['Onderwerp like x', [], [1112]],
    ['HeleDag begin x', [], [1112]],
    ['Onderwerp =', [], [1204]],
    ['Onderwerp', [], [1204]],
    ['(Onderwerp = x', [], [1201]],
    ['Onderwerp = x)', [], [1201]],
    ['Onderwerp = x HeleDag = true', [], [1203]],
    ['Onderwerp = twee woorden', [], [1203]],
    ['Onderwerp = x order by Onderwerp', [], [1203]],
    ["Onderwerp = 'x", [], [1809]],
    ["Onderwerp = 'John's pizza'", [], [1162]],
    ["'x' = Onderwerp", [], [1162]],
    ['Onderwerp = true', [], [1200]],
    ['HeleDag = ja', [], [1200]],
    ['HeleDag = True', [], [1200]],
    ['BeginDatum = 2026-13-01', [], [1200]],
    ['HerinneringMinuten = veel', [], [1200]],
    ['HerinneringMinuten < null', [], [1200]],
    ['Onderwerp IN x', [], [1200]],
    ['Onderwerp = "x"', [], [1200]],
    ['Onderwerp = :1', [], [1279]],
    ['Onderwerp = :1', [null], [1279]],
    ['Onderwerp = :naam', ['x'], [1279]],
    ['Onderwerp = :1', [5], [1280]],
    ['__GlobalStamp = :1', ['5'], [1280]],
    ['Onderwerp IN :1', ['x'], [1280]],
  ])('%s with %j is refused with %j', (filter, params, codes) => {
    let caught: unknown;
    try {
      find(filter, params);
    } catch (error) {
      caught = error;
    }
    expect(caught).toMatchObject({ name: 'RestError', lines: codes.map((errCode) => ({ errCode })) });
  });
});

describe('filter evaluation', () => {
  interface Item {
    n: number | null;
    s: string;
    b: boolean;
  }
  type Condition = { text: string; holds: (item: Item) => boolean };

  const word = fc.constantFrom('', 'a', 'b', 'ab', 'ba', 'B', 'é', 'Ab');
  const plain = (text: string) => text.toLowerCase().replaceAll('é', 'e');
  const numberCondition = fc.tuple(fc.constantFrom('=', '!=', '<', '<=', '>', '>='), fc.integer({ min: 0, max: 4 })).map(([op, k]): Condition => {
    const compare: Record<string, (n: number) => boolean> = { '=': (n) => n === k, '<': (n) => n < k, '<=': (n) => n <= k, '>': (n) => n > k, '>=': (n) => n >= k };
    return { text: `HerinneringMinuten ${op} ${k}`, holds: ({ n }) => (op === '!=' ? n !== k : n !== null && (compare[op]?.(n) ?? false)) };
  });
  const stampCondition = fc.tuple(fc.constantFrom('>', '>=', '='), fc.integer({ min: 0, max: 12 }));
  const textCondition = fc.tuple(fc.constantFrom('=', '!=', 'begin'), word).map(([op, k]): Condition => {
    const holds = ({ s }: Item) => (op === 'begin' ? plain(s).startsWith(plain(k)) : (plain(s) === plain(k)) === (op === '='));
    return { text: `Onderwerp ${op} '${k}'`, holds };
  });
  const boolCondition = fc.boolean().map((k): Condition => ({ text: `HeleDag = ${k}`, holds: ({ b }) => b === k }));
  const { tree } = fc.letrec<{ tree: Condition }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      numberCondition,
      textCondition,
      boolCondition,
      tie('tree').map((of): Condition => ({ text: `NOT(${of.text})`, holds: (item) => !of.holds(item) })),
      fc.tuple(tie('tree'), fc.constantFrom('AND', 'OR', 'EXCEPT'), tie('tree')).map(([left, op, right]): Condition => ({
        text: `(${left.text}) ${op} (${right.text})`,
        holds: (item) => (op === 'AND' ? left.holds(item) && right.holds(item) : op === 'OR' ? left.holds(item) || right.holds(item) : left.holds(item) && !right.holds(item)),
      })),
    ),
  }));
  const item = fc.record({ n: fc.option(fc.integer({ min: 0, max: 4 })), s: word, b: fc.boolean() });

  it('agrees with a plain predicate, with and without the index', () => {
    fc.assert(
      fc.property(tree, fc.array(item, { maxLength: 12 }), stampCondition, (condition, items, [op, stamp]) => {
        const rows = new Table(appointments ?? fail());
        items.forEach(({ n, s, b }, index) =>
          rows.put({ record: index + 1, key: String(index), stamp: 1, savedAt: '', values: { ID: String(index), HerinneringMinuten: n, Onderwerp: s, HeleDag: b, __GlobalStamp: index + 1 } }),
        );
        const run = (filter: string) => {
          const query = compileQuery(filter, [], rows.dataclass, () => rows);
          return rows.rows(query.candidates).filter(query.matches).map((row) => Number(row.key));
        };
        const inStamps = (index: number) => (op === '=' ? index + 1 === stamp : op === '>' ? index + 1 > stamp : index + 1 >= stamp);
        const expected = items.flatMap((one, index) => (condition.holds(one) ? [index] : []));
        expect(run(condition.text)).toEqual(expected);
        expect(run(`__GlobalStamp ${op} ${stamp} AND (${condition.text})`)).toEqual(expected.filter(inStamps));
      }),
      { numRuns: 400 },
    );
  });
});
